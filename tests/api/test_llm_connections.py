"""LLM connections: keys to providers of models go in and never come out."""

import concurrent.futures
import re

import pytest
from harness.telemetry import unique

CONNECTIONS = "/api/public/llm-connections"
FIELDS = {"id", "provider", "adapter", "displaySecretKey", "baseURL", "customModels", "withDefaultModels", "extraHeaderKeys", "config", "createdAt", "updatedAt"}


def put(api, **body):
    return api.send("PUT", CONNECTIONS, {"provider": "openai", "adapter": "openai", "secretKey": "sk-proj-0123456789abcd"} | body)


def stored(aws, api) -> list[dict]:
    """The items of the project as they lie in the table."""
    return aws.client("dynamodb").query(TableName=aws.output("Table"), KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": f"LLMCONNECTIONS#{api.project_id}"}})["Items"]


def test_a_connection_is_created_replaced_listed_and_deleted(owner):
    api = owner.new_tenant("llm")
    created = put(api, baseURL="https://llm.example.com/v1", customModels=["m-1"], extraHeaders={"x-team": "secret-header"}, config={"useResponsesApi": True})

    assert created.status_code == 201, created.text
    made = created.json()
    assert set(made) == FIELDS
    assert (made["provider"], made["adapter"], made["displaySecretKey"], made["baseURL"]) == ("openai", "openai", "...abcd", "https://llm.example.com/v1")
    assert (made["customModels"], made["withDefaultModels"], made["extraHeaderKeys"], made["config"]) == (["m-1"], True, ["x-team"], {"useResponsesApi": True})
    replaced = put(api, secretKey="sk-proj-0123456789wxyz", withDefaultModels=False)
    assert replaced.status_code == 200
    again = replaced.json()
    assert (again["id"], again["createdAt"], again["displaySecretKey"]) == (made["id"], made["createdAt"], "...wxyz")
    assert (again["baseURL"], again["customModels"], again["withDefaultModels"], again["extraHeaderKeys"], again["config"]) == (None, [], False, [], None)
    put(api, provider="anthropic", adapter="anthropic")
    page = api.read(CONNECTIONS, limit=1)
    assert [c["provider"] for c in page["data"]] == ["anthropic"] and page["meta"] == {"page": 1, "limit": 1, "totalItems": 2, "totalPages": 2}
    assert api.read(CONNECTIONS, page=2, limit=1)["data"] == [again]
    deleted = api.send("DELETE", f"{CONNECTIONS}/{made['id']}")
    assert (deleted.status_code, deleted.json()) == (200, {"message": "LLM connection successfully deleted"})
    assert api.send("DELETE", f"{CONNECTIONS}/{made['id']}").status_code == 404
    assert [c["provider"] for c in api.read(CONNECTIONS)["data"]] == ["anthropic"]


def test_secrets_are_in_no_answer_no_log_and_not_in_the_table(owner, aws, stack):
    api = owner.new_tenant("llm-secrets")
    secret, header = unique("sk-secret"), unique("header-secret")
    answers = [put(api, secretKey=secret, extraHeaders={"authorization-extra": header}), put(api, secretKey=secret, adapter=f"{secret}"),
               api.send("PUT", CONNECTIONS, {"provider": "openai", "adapter": "openai", "secretKey": [secret]}), api.get(CONNECTIONS)]

    texts = [answer.text for answer in answers[:1] + answers[3:]]
    items = stored(aws, api)
    logs = "".join(path.read_text(errors="replace") for path in (stack.home / "logs").rglob("*llm-connections*"))

    assert all(secret not in text and header not in text for text in texts)
    assert len(items) == 1 and secret not in str(items) and header not in str(items)
    assert re.fullmatch(r"s1\.[A-Za-z0-9+/=]+\.[A-Za-z0-9+/=]+", items[0]["sealed"]["S"])
    assert secret not in logs and header not in logs


def test_a_sealed_key_put_under_another_record_does_not_open(owner, aws):
    api = owner.new_tenant("llm-swap")
    put(api, provider="mine")
    put(api, provider="yours", secretKey="sk-other-0123456789zzzz")
    mine, yours = sorted(stored(aws, api), key=lambda item: item["provider"]["S"])
    aws.client("dynamodb").put_item(TableName=aws.output("Table"), Item=mine | {"sealed": yours["sealed"]})

    kept = api.send("PUT", CONNECTIONS, {"provider": "mine", "adapter": "openai"})
    untouched = api.send("PUT", CONNECTIONS, {"provider": "yours", "adapter": "openai"})

    assert kept.status_code == 500 and "zzzz" not in kept.text
    assert untouched.status_code == 200


def test_a_key_that_is_not_sent_stays_with_its_headers(owner):
    api = owner.new_tenant("llm-keep")
    put(api, extraHeaders={"x-a": "1"})

    kept = api.send("PUT", CONNECTIONS, {"provider": "openai", "adapter": "openai", "customModels": ["m"]})
    other_headers = api.send("PUT", CONNECTIONS, {"provider": "openai", "adapter": "openai", "extraHeaders": {}})

    assert (kept.status_code, kept.json()["displaySecretKey"], kept.json()["extraHeaderKeys"], kept.json()["customModels"]) == (200, "...abcd", ["x-a"], ["m"])
    assert (other_headers.json()["displaySecretKey"], other_headers.json()["extraHeaderKeys"]) == ("...abcd", [])
    assert api.send("PUT", CONNECTIONS, {"provider": "new", "adapter": "openai"}).status_code == 400


def test_ten_writers_make_one_connection(owner):
    api = owner.new_tenant("llm-race")
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda number: put(api, secretKey=f"sk-proj-0123456789{number:04}"), range(10)))

    listed = api.read(CONNECTIONS)["data"]

    assert {answer.status_code for answer in answers} <= {200, 201, 409} and [answer.status_code for answer in answers].count(201) == 1
    assert len(listed) == 1 and {answer.json()["id"] for answer in answers if answer.status_code < 400} == {listed[0]["id"]}


@pytest.mark.parametrize(
    "body",
    [
        {"provider": ""}, {"adapter": "cohere"}, {"secretKey": ""}, {"baseURL": "http://llm.example.com"}, {"baseURL": "https://localhost/v1"},
        {"baseURL": "https://169.254.169.254/latest"}, {"baseURL": "https://10.0.0.1"}, {"baseURL": "https://[::1]/"}, {"baseURL": "https://2130706433/"},
        {"baseURL": "https://u:p@llm.example.com"}, {"baseURL": "file:///etc/passwd"}, {"extraHeaders": {"a b": "c"}}, {"extraHeaders": {"a": "b\r\nc: d"}},
        {"extraHeaders": {"host": "x"}}, {"extraHeaders": {f"h{number}": "x" for number in range(21)}}, {"customModels": ["m"] * 201}, {"config": {"a": 1}},
        {"adapter": "bedrock"}, {"adapter": "azure", "config": {"region": "x"}}, {"customModels": "m"},
    ],
    ids=str,
)
def test_a_connection_that_cannot_be_is_refused(tenant, body):
    answer = put(tenant, **body)

    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text
    assert "sk-proj" not in answer.text
    assert tenant.read(CONNECTIONS)["data"] == []


def test_another_project_sees_and_deletes_nothing(tenant, other, owner):
    api = owner.new_tenant("llm-mine")
    id = put(api).json()["id"]

    foreign, absent = other.send("DELETE", f"{CONNECTIONS}/{id}"), other.send("DELETE", f"{CONNECTIONS}/none")

    assert (foreign.status_code, foreign.text) == (404, absent.text)
    assert id not in [c["id"] for c in other.read(CONNECTIONS)["data"]]
    assert [c["id"] for c in api.read(CONNECTIONS)["data"]] == [id]


def test_members_use_connections_and_do_not_change_them(tenant, person):
    member = person("MEMBER")
    member.http.headers["X-AgentTrace-Project-Id"] = tenant.project_id

    assert member.get(CONNECTIONS).status_code == 200
    for answer in (member.call("PUT", CONNECTIONS, json={"provider": "openai", "adapter": "openai", "secretKey": "sk-proj-0123456789abcd"}), member.delete(f"{CONNECTIONS}/x")):
        assert (answer.status_code, answer.json()["error"]) == (403, "ForbiddenError")
