"""The story told with Python langfuse 4: trace attributes copied to every span, scores by the batch API."""

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
                              version=story["version"], metadata={"text": story["metadata"]["text"]}):
        with client.start_as_current_observation(name="answer", as_type="agent", input=story["input"]) as root:
            root.set_trace_io(input=story["input"], output=story["output"])
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
    trace = client.api.trace.get(trace_id)
    draft = next(step for step in trace.observations if step.name == "draft")
    return {
        "auth": client.auth_check(),
        "name": trace.name, "user": trace.user_id, "session": trace.session_id, "cost": trace.total_cost,
        "steps": sorted(step.name for step in trace.observations), "scores": sorted(score.name for score in trace.scores),
        "listed": [found.id for found in client.api.trace.list(session_id=story["session"]).data],
        "observations": sorted(step.name for step in client.api.observations.get_many(trace_id=trace_id, fields="core,basic,io,usage").data),
        "observations_v1": sorted(step.name for step in client.api.legacy.observations_v1.get_many(trace_id=trace_id).data),
        "draft": client.api.legacy.observations_v1.get(draft.id).output,
        "sessions": story["session"] in [session.id for session in client.api.sessions.list(limit=100).data],
        "session_traces": [found.id for found in client.api.sessions.get(story["session"]).traces],
        "scores_listed": sorted(score.name for score in client.api.scores_v3.get_many_v3(trace_id=trace_id).data),
        "sums_v1": sums(client.api.legacy.metrics_v1.metrics), "sums": sums(client.api.metrics.metrics),
        "projects": [project.id for project in client.api.projects.get().data],
        "url": client.get_trace_url(trace_id=trace_id),
    }


print(json.dumps(send() if sys.argv[1] == "send" else read(sys.argv[2])))
