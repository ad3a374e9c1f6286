"""Models with own prices: defined, matched, applied to what arrives; and past costs computed anew."""

import pytest

from harness.api import event
from harness.telemetry import generation, span, trace_id, unique
from harness.waiting import wait_until

MODELS = "/api/public/models"
RECALCULATIONS = "/api/public/v2/models/recalculations"
CONVENTIONS = {"gen_ai.operation.name": "chat"}


def flat(name: str, **more) -> dict:
    return {"modelName": name, "matchPattern": f"(?i)^{name}$", "unit": "TOKENS", "inputPrice": 0.000002, "outputPrice": 0.000008} | more


def tier(name="Standard", priority=0, conditions=(), prices=None, default=None) -> dict:
    return {"name": name, "isDefault": priority == 0 if default is None else default, "priority": priority, "conditions": list(conditions),
            "prices": prices or {"input": 0.000001, "output": 0.000002}}


def long_input(value: float) -> dict:
    return {"usageDetailPattern": "^input", "operator": "gt", "value": value, "caseSensitive": False}


def create(api, body: dict) -> dict:
    answer = api.send("POST", MODELS, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(api, model: str, usage: dict, start: str = "2026-03-10T12:00:00.000Z", **more) -> tuple[str, str]:
    """A model call by the batch API; gives trace and step."""
    trace = unique("trace")
    step = f"{trace}-call"
    api.store_batch(event("trace-create", {"id": trace, "name": "n", "timestamp": start}, start),
                    event("generation-create", {"id": step, "traceId": trace, "name": "call", "model": model, "usageDetails": usage, "startTime": start, **more}, start))
    return trace, step


def cost(api, trace: str) -> float | None:
    """The one step's computed cost; the trace says the same."""
    stored = api.trace(trace, steps=1)
    row = api.read(f"/api/public/v2/traces/{trace}")["trace"]
    step = stored["observations"][0]
    assert row["totalCost"] == (step["calculatedTotalCost"] if step["costDetails"] else None), (row, step["costDetails"])
    assert row["unpricedCount"] == (0 if step["costDetails"] else 1)
    return row["totalCost"]


@pytest.fixture
def fresh(owner):
    """A project whose models no function has seen, so that new ones count at once."""
    return owner.new_tenant(unique("models"))


def test_an_own_model_is_told_back_as_langfuse_tells_it(tenant):
    name = unique("house")
    made = create(tenant, flat(name, startDate="2026-01-01", tokenizerId="openai", tokenizerConfig={"tokenizerModel": "gpt-4o"}))

    assert {key: made[key] for key in ("modelName", "matchPattern", "unit", "inputPrice", "outputPrice", "totalPrice", "startDate")} == {
        "modelName": name, "matchPattern": f"(?i)^{name}$", "unit": "TOKENS", "inputPrice": 0.000002, "outputPrice": 0.000008, "totalPrice": None,
        "startDate": "2026-01-01T00:00:00.000Z"}
    assert (made["isLangfuseManaged"], made["tokenizerId"], made["tokenizerConfig"]) == (False, "openai", {"tokenizerModel": "gpt-4o"})
    assert made["prices"] == {"input": {"price": 0.000002}, "output": {"price": 0.000008}}
    [standard] = made["pricingTiers"]
    assert (standard["name"], standard["isDefault"], standard["priority"], standard["conditions"]) == ("Standard", True, 0, [])
    assert standard["prices"] == {"input": 0.000002, "output": 0.000008} and standard["id"]
    assert tenant.read(f"{MODELS}/{made['id']}") == made


def test_tiers_come_back_with_their_conditions(tenant):
    attribute = {"source": "model_parameters", "key": "service_tier", "operator": "in", "values": ["flex"]}
    tiers = [tier(), tier("Long", 1, [long_input(200_000)], {"input": 0.000003}), tier("Flex", 2, [attribute], {"input": 5e-7})]
    body = {name: value for name, value in flat(unique("tiers")).items() if not name.endswith("Price")} | {"pricingTiers": tiers}

    made = create(tenant, body)

    assert [{key: found[key] for key in ("name", "isDefault", "priority", "conditions", "prices")} for found in made["pricingTiers"]] == tiers
    assert (made["inputPrice"], made["outputPrice"]) == (0.000001, 0.000002)


def test_the_list_holds_own_models_before_the_managed_ones(fresh):
    first, second = create(fresh, flat(unique("a"))), create(fresh, flat(unique("b")))

    page = fresh.read(MODELS, limit=3)

    assert [model["id"] for model in page["data"][:2]] == [second["id"], first["id"]]
    assert page["data"][2]["isLangfuseManaged"] and page["data"][2]["pricingTiers"]
    total = page["meta"]["totalItems"]
    assert total > 1_000 and page["meta"]["totalPages"] == -(-total // 3)
    last = fresh.read(MODELS, limit=100, page=-(-total // 100))["data"]
    assert 1 <= len(last) <= 100 and all(model["isLangfuseManaged"] for model in last)
    assert fresh.read(MODELS, limit=100, page=1_000)["data"] == []
    managed = fresh.read(f"{MODELS}/anthropic:claude-sonnet-4-5")
    assert (managed["modelName"], managed["inputPrice"], managed["isLangfuseManaged"]) == ("claude-sonnet-4-5", 0.000003, True)
    for query in ({"limit": 0}, {"limit": 101}, {"page": 0}, {"page": "x"}):
        assert fresh.get(MODELS, **query).status_code == 400, query


def test_the_list_is_searched_and_narrowed_to_own_or_managed(fresh):
    mine = create(fresh, flat(unique("gpt-4o-of-ours")))

    assert [model["id"] for model in fresh.read(MODELS, managed="false")["data"]] == [mine["id"]]
    found = fresh.read(MODELS, search="GPT-4O", limit=100)
    assert found["data"][0]["id"] == mine["id"] and all("gpt-4o" in f"{model['modelName']} {model['id']}".lower() for model in found["data"])
    managed = fresh.read(MODELS, search="gpt-4o", managed="true", limit=1)
    assert managed["meta"]["totalItems"] == found["meta"]["totalItems"] - 1 and managed["data"][0]["isLangfuseManaged"]
    assert fresh.read(MODELS, search=unique("none"))["data"] == []
    for query in ({"managed": "maybe"}, {"search": "x" * 201}):
        assert fresh.get(MODELS, **query).status_code == 400, query


def test_a_name_is_matched_as_it_is_when_steps_arrive(fresh, other):
    def matched(api, **query):
        return api.read("/api/public/v2/models/match", **query)["data"]

    assert matched(fresh, model="us.anthropic.claude-sonnet-4-5-20250929-v1:0")["inputPrice"] > 0, "regional and dated spellings"
    assert matched(fresh, model="claude-sonnet-4-5-20250929")["modelName"].startswith("claude-sonnet-4-5")
    assert matched(fresh, model=unique("none")) is None
    mine = create(fresh, flat("gpt-4o", startDate="2026-03-01T00:00:00Z"))
    assert matched(fresh, model="GPT-4o") == mine, "at once, own before managed"
    assert matched(fresh, model="gpt-4o", startTime="2026-02-01T00:00:00Z")["isLangfuseManaged"]
    assert matched(other, model="gpt-4o")["isLangfuseManaged"]
    for query in ({}, {"model": " "}, {"model": "m", "startTime": "soon"}):
        assert fresh.get("/api/public/v2/models/match", **query).status_code == 400, query


def test_prices_of_other_services_stand_beside_the_tiers(tenant):
    model = tenant.read(f"{MODELS}/openai:gpt-5")

    services = {tier["service"]: tier for tier in model["serviceTiers"]}
    assert {"batch", "flex", "priority"} <= set(services) and services["batch"]["aboveInputTokens"] == 0
    assert services["batch"]["prices"]["input"] < model["prices"]["input"]["price"] < services["priority"]["prices"]["input"]
    assert "serviceTiers" not in create(tenant, flat(unique("own")))


def test_a_model_is_replaced_and_deleted(fresh, other):
    made = create(fresh, flat(unique("old")))
    address = f"{MODELS}/{made['id']}"

    replaced = fresh.send("PUT", address, flat("new-name", inputPrice=0.5))

    assert replaced.status_code == 200 and replaced.json()["id"] == made["id"] and replaced.json()["createdAt"] == made["createdAt"]
    assert fresh.read(address)["inputPrice"] == 0.5
    assert other.get(address).status_code == other.send("PUT", address, flat("x")).status_code == other.send("DELETE", address).status_code == 404
    assert other.get(address).json() == other.get(f"{MODELS}/{unique('none')}").json()
    assert fresh.send("DELETE", address).status_code == 200
    assert fresh.get(address).status_code == fresh.send("DELETE", address).status_code == 404
    for method in ("PUT", "DELETE"):
        answer = fresh.send(method, f"{MODELS}/openai:gpt-4o", flat("x") if method == "PUT" else None)
        assert (answer.status_code, answer.json()["error"]) == (404, "LangfuseNotFoundError")


PATTERN = {"modelName": "m", "matchPattern": "^m$", "unit": "TOKENS"}


@pytest.mark.parametrize("body", [
    {}, [], {**flat("m"), "modelName": ""}, {**flat("m"), "matchPattern": ""}, {**flat("m"), "matchPattern": "("},
    {**flat("m"), "matchPattern": "(?=x)m"}, {**flat("m"), "matchPattern": r"(\w{1000}){1000}"}, {**flat("m"), "matchPattern": "x" * 1_001},
    {**flat("m"), "unit": "WORDS"}, {**flat("m"), "tokenizerId": "mine"}, {**flat("m"), "startDate": "soon"}, {**flat("m"), "inputPrice": -1},
    {**flat("m"), "inputPrice": 1e9}, {**flat("m"), "totalPrice": 1}, PATTERN, {**flat("m"), "pricingTiers": [tier()]}, {**PATTERN, "pricingTiers": []},
    {**PATTERN, "pricingTiers": [tier(), tier("B")]}, {**PATTERN, "pricingTiers": [tier(priority=1, default=True)]},
    {**PATTERN, "pricingTiers": [tier(conditions=[long_input(1)])]}, {**PATTERN, "pricingTiers": [tier(), tier("B", 1)]},
    {**PATTERN, "pricingTiers": [tier(), tier("Standard", 1, [long_input(1)])]},
    {**PATTERN, "pricingTiers": [tier(), tier("B", 1, [long_input(1)]), tier("C", 1, [long_input(2)])]},
    {**PATTERN, "pricingTiers": [tier(prices={"": 1})]}, {**PATTERN, "pricingTiers": [{**tier(), "prices": {}}]},
    {**PATTERN, "pricingTiers": [tier(), tier("B", 1, [{**long_input(1), "operator": "about"}])]},
    {**PATTERN, "pricingTiers": [tier(), tier("B", 1, [{**long_input(1), "usageDetailPattern": "("}])]},
    {**PATTERN, "pricingTiers": [tier(), tier("B", 1, [{"source": "body", "key": "k", "operator": "in", "values": ["v"]}])]},
    {**PATTERN, "pricingTiers": [tier(), tier("B", 1, [{"source": "metadata", "key": "k", "operator": "in", "values": []}])]},
    {**flat("m"), "tokenizerConfig": {"k": "x" * 40_000}},
], ids=lambda body: str(body)[:80])
def test_malformed_models_are_refused(tenant, body):
    answer = tenant.send("POST", MODELS, body)
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


def test_an_own_model_prices_what_arrives_by_both_doors(fresh):
    create(fresh, flat("house-model"))
    trace = trace_id()

    fresh.store(generation(trace, model="House-Model", usage={"input": 1_000, "output": 100}))
    batch, _ = told(fresh, "house-model", {"input": 1_000, "output": 100})

    assert cost(fresh, trace) == cost(fresh, batch) == pytest.approx(0.0028)
    assert fresh.trace(batch)["observations"][0]["modelId"]


def test_own_before_managed_and_the_newest_start_that_has_come(fresh):
    base = {"inputPrice": None, "outputPrice": None}
    create(fresh, flat("gpt-4o", startDate="2026-02-01T00:00:00Z", **base, totalPrice=None, pricingTiers=[tier(prices={"input": 0.000001})]))
    create(fresh, flat("gpt-4o", startDate="2026-04-01T00:00:00Z", **base, totalPrice=None, pricingTiers=[tier(prices={"input": 0.000002})]))

    for start, expected in (("2026-01-15T00:00:00Z", 0.0025), ("2026-02-01T00:00:00Z", 0.001), ("2026-03-31T23:59:59Z", 0.001), ("2026-05-01T00:00:00Z", 0.002)):
        trace, _ = told(fresh, "gpt-4o", {"input": 1_000}, start)
        assert cost(fresh, trace) == pytest.approx(expected), start


def test_conditions_choose_the_tier_at_ingest(fresh):
    attribute = {"source": "model_parameters", "key": "service_tier", "operator": "in", "values": ["flex"]}
    tiers = [tier(prices={"input": 0.000001}), tier("Long", 1, [long_input(1_000)], {"input": 0.000003}), tier("Flex", 2, [attribute], {"input": 5e-7})]
    create(fresh, {**PATTERN, "pricingTiers": tiers})

    for usage, parameters, expected in (({"input": 1_000}, {}, 0.001), ({"input": 900, "input_cached_tokens": 200}, {}, 0.0027), ({"input": 1_000}, {"service_tier": "flex"}, 0.0005)):
        trace, _ = told(fresh, "m", usage, modelParameters=parameters)
        assert cost(fresh, trace) == pytest.approx(expected), (usage, parameters)


def test_a_later_statement_is_priced_by_the_own_model_too(fresh):
    create(fresh, flat("late-model"))
    trace, step = told(fresh, "late-model", {"input": 10})
    assert cost(fresh, trace) == pytest.approx(0.00002)

    fresh.store_batch(event("generation-update", {"id": step, "traceId": trace, "usageDetails": {"input": 1_000, "output": 1}}, "2026-03-10T12:01:00.000Z"))

    wait_until(lambda: cost(fresh, trace) == pytest.approx(0.002008))


# Recalculation of past costs.


def recalculate(api, start="2026-03-10T00:00:00Z", end="2026-03-11T00:00:00Z", **more) -> dict:
    """Orders one and waits until it is done."""
    answer = api.send("POST", RECALCULATIONS, {"fromTimestamp": start, "toTimestamp": end, **more})
    assert answer.status_code == 202, answer.text
    address = f"{RECALCULATIONS}/{answer.json()['id']}"
    return wait_until(lambda: (lambda found: found if found["status"] == "COMPLETED" else None)(api.read(address)))


def test_past_costs_are_computed_anew(fresh):
    unknown, step = told(fresh, "new-model", {"input": 1_000, "output": 100})
    stated, _ = told(fresh, "new-model", {"input": 1_000}, costDetails={"total": 7})
    elsewhere, _ = told(fresh, "new-model", {"input": 1_000}, "2026-03-12T12:00:00.000Z")
    others, _ = told(fresh, "never-known", {"input": 5})
    assert cost(fresh, unknown) is None and cost(fresh, stated) == 7 and cost(fresh, elsewhere) is None and cost(fresh, others) is None
    before = fresh.trace(unknown)["observations"][0]
    made = create(fresh, flat("new-model"))

    done = recalculate(fresh)

    assert (done["progress"], done["scanned"], done["repriced"], done["modelId"]) == (1, 2, 1, None)
    wait_until(lambda: cost(fresh, unknown) == pytest.approx(0.0028))
    assert cost(fresh, stated) == 7, "a stated cost is nobody's to change"
    assert cost(fresh, elsewhere) is None, "another day"
    assert cost(fresh, others) is None, "unknown stays unknown"
    after = fresh.trace(unknown)["observations"][0]
    assert after["modelId"] == made["id"]
    same = ("id", "name", "startTime", "endTime", "model", "usageDetails", "createdAt", "metadata", "input", "output", "level")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    assert recalculate(fresh)["repriced"] == 0, "the second time there is nothing to do"


def test_a_changed_price_counts_at_once_when_recalculated(fresh):
    made = create(fresh, flat("dear-model"))
    trace, _ = told(fresh, "dear-model", {"input": 1_000})
    assert cost(fresh, trace) == pytest.approx(0.002)

    for price in (0.000005, 0.000007):
        # No function may go by the prices that it read a moment ago.
        assert fresh.send("PUT", f"{MODELS}/{made['id']}", flat("dear-model", inputPrice=price)).status_code == 200
        done = recalculate(fresh, modelId=made["id"])
        assert (done["scanned"], done["repriced"]) == (1, 1)
        wait_until(lambda expected=price * 1_000: cost(fresh, trace) == pytest.approx(expected))


def test_deleting_a_model_gives_the_managed_price_back_when_recalculated(fresh):
    made = create(fresh, flat("gpt-4o-mini"))
    trace, _ = told(fresh, "gpt-4o-mini", {"input": 1_000})
    assert cost(fresh, trace) == pytest.approx(0.002)
    fresh.send("DELETE", f"{MODELS}/{made['id']}")

    assert recalculate(fresh, modelId="openai:gpt-4o")["repriced"] == 0
    assert recalculate(fresh, modelId=made["id"])["repriced"] == 1

    wait_until(lambda: cost(fresh, trace) == pytest.approx(0.00015))


def test_many_slices_change_every_step_once(fresh, clickhouse):
    trace, count = trace_id(), 4_500
    for at in range(0, count, 1_500):
        fresh.store(*[generation(trace, model="slow-model", usage={"input": 10}) for _ in range(min(1_500, count - at))])
    wait_until(lambda: clickhouse.value("SELECT uniqExact(id) FROM observations WHERE project_id = {p:String}", p=fresh.project_id) == count, within=60)
    create(fresh, flat("slow-model"))
    start = fresh.read(f"/api/public/v2/traces/{trace}")["trace"]["timestamp"]

    done = recalculate(fresh, start[:10] + "T00:00:00Z", "2030-01-01T00:00:00Z")

    assert (done["scanned"], done["repriced"]) == (count, count)
    row = wait_until(lambda: (lambda row: row if row["unpricedCount"] == 0 else None)(fresh.read(f"/api/public/v2/traces/{trace}")["trace"]), within=60)
    assert row["observationCount"] == count and row["totalCost"] == pytest.approx(count * 0.00002)


def test_recalculations_are_each_projects_own(fresh, other):
    done = recalculate(fresh)

    assert other.get(f"{RECALCULATIONS}/{done['id']}").status_code == 404
    assert other.get(f"{RECALCULATIONS}/{done['id']}").json() == other.get(f"{RECALCULATIONS}/{unique('none')}").json()
    for body in ({}, {"fromTimestamp": "x", "toTimestamp": "2026-01-01"}, {"fromTimestamp": "2026-01-02", "toTimestamp": "2026-01-01"},
                 {"fromTimestamp": "2026-01-01", "toTimestamp": "2026-01-01"}, []):
        assert fresh.send("POST", RECALCULATIONS, body).status_code == 400, body
    assert fresh.send("POST", RECALCULATIONS, {"fromTimestamp": "2026-01-01", "toTimestamp": "2026-01-02", "modelId": "openai:none"}).status_code == 404


def test_a_step_that_was_deleted_does_not_come_back(fresh):
    trace, _ = told(fresh, "gone-model", {"input": 1_000})
    cost(fresh, trace)
    fresh.send("DELETE", f"/api/public/traces/{trace}")
    wait_until(lambda: fresh.get(f"/api/public/traces/{trace}").status_code == 404)
    create(fresh, flat("gone-model"))

    assert recalculate(fresh)["repriced"] == 0
    assert fresh.get(f"/api/public/traces/{trace}").status_code == 404
    assert fresh.trace(told(fresh, "x", {})[0])["id"], "the stream has been read since"
    assert not fresh.has_trace(trace)
    fresh.store(span(trace_id()))
