"""Score configs, scores held to them, queues, comments and LLM connections with any of the Python SDKs, each through what it has."""

import inspect
import json
import os
import time

import langfuse.api as types
from langfuse import Langfuse

story = json.loads(os.environ["STORY"])
mark, trace, queue = story["mark"], story["trace"], story["queue"]
client = Langfuse()
api = client.api if hasattr(client, "api") and hasattr(client.api, "score_configs") else client.client
said: dict = {}


def call(method, model, *ids, **fields):
    """Older clients take a model, newer ones its fields."""
    if "request" in inspect.signature(method).parameters:
        return method(*ids, request=getattr(types, model)(**fields))
    return method(*ids, **fields)


def text(value) -> str:
    return getattr(value, "value", value)


numeric = call(api.score_configs.create, "CreateScoreConfigRequest", name=f"{mark[-12:]} quality", data_type="NUMERIC", min_value=0, max_value=5)
labels = call(api.score_configs.create, "CreateScoreConfigRequest", name=f"{mark[-12:]} tone", data_type="CATEGORICAL",
              categories=[types.ConfigCategory(label="good", value=2), types.ConfigCategory(label="bad", value=-1)])
said["config"] = [text(numeric.data_type), numeric.min_value, numeric.max_value, numeric.is_archived]
said["categories"] = [[c.label, c.value] for c in api.score_configs.get_by_id(labels.id).categories]
said["configs"] = {numeric.id, labels.id} <= {config.id for config in api.score_configs.get(limit=100).data}
if hasattr(api.score_configs, "update"):
    changed = call(api.score_configs.update, "UpdateScoreConfigRequest", numeric.id, description="d")
    said["updated"] = [changed.description, changed.is_archived, changed.max_value]

# The SDK's own way, with its queue and its batches.
if hasattr(client, "create_score"):
    client.create_score(score_id=f"{mark}-quality", name=numeric.name, value=4, trace_id=trace, config_id=numeric.id)
    client.create_score(score_id=f"{mark}-tone", name=labels.name, value="bad", trace_id=trace, config_id=labels.id)
    client.create_score(score_id=f"{mark}-beyond", name=numeric.name, value=6, trace_id=trace, config_id=numeric.id)
else:
    client.score(id=f"{mark}-quality", name=numeric.name, value=4, trace_id=trace, config_id=numeric.id)
    client.score(id=f"{mark}-tone", name=labels.name, value="bad", trace_id=trace, config_id=labels.id)
    client.score(id=f"{mark}-beyond", name=numeric.name, value=6, trace_id=trace, config_id=numeric.id)
client.flush()
reader = getattr(api, "scores", None) or getattr(api, "score_v_2", None) or api.score
read = reader.get_many if hasattr(reader, "get_many") else reader.get
ids = ",".join(f"{mark}-{name}" for name in ("quality", "tone", "beyond"))
for _ in range(200):
    found = read(**{"id" if "id" in inspect.signature(read).parameters else "score_ids": ids}).data
    if len(found) >= 2:
        break
    time.sleep(0.05)
said["scores"] = sorted([score.id.removeprefix(f"{mark}-"), getattr(score, "string_value", None) or score.value] for score in found)

if hasattr(api.annotation_queues, "create_queue"):
    made = call(api.annotation_queues.create_queue, "CreateAnnotationQueueRequest", name=f"{mark} own", score_config_ids=[numeric.id])
    said["queue"] = [made.name == f"{mark} own", made.score_config_ids == [numeric.id], made.description]
    assigned = call(api.annotation_queues.create_queue_assignment, "AnnotationQueueAssignmentRequest", made.id, user_id=story["user_id"])
    said["assigned"] = [assigned.user_id == story["user_id"], assigned.queue_id == made.id, assigned.project_id == story["project"]]
    said["unassigned"] = call(api.annotation_queues.delete_queue_assignment, "AnnotationQueueAssignmentRequest", made.id, user_id=story["user_id"]).success
said["queues"] = queue in [found.id for found in api.annotation_queues.list_queues(limit=100).data]
said["queue_read"] = api.annotation_queues.get_queue(queue).id == queue
item = call(api.annotation_queues.create_queue_item, "CreateAnnotationQueueItemRequest", queue, object_id=trace, object_type="TRACE")
said["item"] = [text(item.object_type), text(item.status), item.completed_at]
done = call(api.annotation_queues.update_queue_item, "UpdateAnnotationQueueItemRequest", queue, item.id, status="COMPLETED")
said["done"] = [text(done.status), done.completed_at is not None]
said["items"] = [found.object_id == trace for found in api.annotation_queues.list_queue_items(queue, status="COMPLETED").data]
said["item_read"] = api.annotation_queues.get_queue_item(queue, item.id).id == item.id
said["item_deleted"] = api.annotation_queues.delete_queue_item(queue, item.id).success

comment = call(api.comments.create, "CreateCommentRequest", project_id=story["project"], object_type="TRACE", object_id=trace, content="Look.", author_user_id=story["user_id"])
read_back = api.comments.get_by_id(comment.id)
said["comment"] = [text(read_back.object_type), read_back.object_id == trace, read_back.content, read_back.author_user_id == story["user_id"]]
said["comments"] = [found.id == comment.id for found in api.comments.get(object_type="TRACE", object_id=trace).data]

if hasattr(api, "llm_connections"):
    made = call(api.llm_connections.upsert, "UpsertLlmConnectionRequest", provider=mark, adapter="anthropic", secret_key="sk-ant-0123456789abcd",
                base_url="https://llm.example.com", custom_models=["m"], extra_headers={"x-team": "t"})
    said["connection"] = [made.provider == mark, made.adapter, made.display_secret_key, made.base_url, made.custom_models, made.with_default_models, made.extra_header_keys]
    said["connections"] = made.id in [found.id for found in api.llm_connections.list(limit=100).data]
    if hasattr(api.llm_connections, "delete"):
        said["connection_deleted"] = bool(api.llm_connections.delete(made.id).message)

print(json.dumps(said))
