"""The story told with Python langfuse 5: metadata all as JSON, scores as arrays, only the newest reads."""

import datetime
import json
import os
import sys
import time

from langfuse import get_client, propagate_attributes

story = json.loads(os.environ["STORY"])


def send() -> dict:
    client = get_client()
    with propagate_attributes(trace_name=story["name"], user_id=story["user"], session_id=story["session"], tags=story["tags"],
                              version=story["version"], metadata=story["metadata"]):
        with client.start_as_current_observation(name="answer", as_type="agent", input=story["input"]) as root:
            with client.start_as_current_observation(name="search", as_type="tool", input=story["search"]["input"], level="WARNING",
                                                     status_message="slow") as search:
                with client.start_as_current_observation(name="draft", as_type="generation", model=story["model"],
                                                         model_parameters=story["parameters"], input=story["draft"]["input"],
                                                         metadata=story["metadata"]) as draft:
                    time.sleep(0.02)
                    draft.update(completion_start_time=datetime.datetime.now(datetime.timezone.utc))
                    draft.update(output=story["draft"]["output"], usage_details=story["usage"])
                    draft.score(score_id=f"{story['mark']}-tone", name="tone", value="friendly", data_type="CATEGORICAL")
                search.update(output=story["search"]["output"])
            note = root.create_event(name="note", input={"seen": True})
            root.update(output=story["output"])
            root.score_trace(score_id=f"{story['mark']}-quality", name="quality", value=0.9, comment="good")
            root.score_trace(score_id=f"{story['mark']}-done", name="done", value=1, data_type="BOOLEAN")
    client.flush()
    return {"trace": root.trace_id, "steps": {"answer": root.id, "search": search.id, "draft": draft.id, "note": note.id}}


def sums(ask) -> dict:
    """What the trace counts, used and cost, by the metrics query."""
    query = {"view": "observations", "metrics": [{"measure": "count", "aggregation": "count"}, {"measure": "totalTokens", "aggregation": "sum"},
                                                 {"measure": "totalCost", "aggregation": "sum"}],
             "filters": [{"column": "traceName", "type": "string", "operator": "=", "value": story["name"]}],
             "fromTimestamp": "2025-01-01T00:00:00Z", "toTimestamp": "2035-01-01T00:00:00Z"}
    return ask(query=json.dumps(query)).data[0]


def read(trace_id: str) -> dict:
    client = get_client()
    steps = client.api.observations.get_many(trace_id=trace_id, fields="core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context").data
    draft = next(step for step in steps if step.name == "draft")
    return {
        "auth": client.auth_check(),
        "observations": sorted(step.name for step in steps),
        "user": draft.user_id, "session": draft.session_id,
        "draft": draft.output, "cost": draft.total_cost, "metadata": draft.metadata,
        "scores_listed": sorted(score.name for score in client.api.scores.get_many(trace_id=trace_id).data),
        "sums": sums(client.api.metrics.metrics),
        "projects": [project.id for project in client.api.projects.get().data],
        "url": client.get_trace_url(trace_id=trace_id),
    }


print(json.dumps(send() if sys.argv[1] == "send" else read(sys.argv[2]), default=str))
