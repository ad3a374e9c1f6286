"""The story told with Python langfuse 2: explicit objects, the batch API, updates after the fact."""

import datetime
import json
import os
import sys
import time

from langfuse import Langfuse

story = json.loads(os.environ["STORY"])


def send() -> dict:
    client = Langfuse()
    trace = client.trace(name="to be renamed", user_id=story["user"], session_id=story["session"], tags=story["tags"][:1],
                         version=story["version"], input=story["input"], metadata=story["metadata"])
    root = trace.span(name="answer", input=story["input"])
    search = root.span(name="search", input=story["search"]["input"], level="WARNING", status_message="slow")
    draft = search.generation(name="draft", model=story["model"], model_parameters=story["parameters"], input=story["draft"]["input"],
                              metadata=story["metadata"], usage_details=story["usage"])
    time.sleep(0.02)
    draft.update(completion_start_time=datetime.datetime.now(datetime.timezone.utc))
    draft.end(output=story["draft"]["output"])
    note = root.event(name="note", input={"seen": True})
    search.end(output=story["search"]["output"])
    root.end(output=story["output"])
    trace.update(name=story["name"], tags=story["tags"][1:], output=story["output"])
    trace.score(id=f"{story['mark']}-quality", name="quality", value=0.9, comment="good")
    draft.score(id=f"{story['mark']}-tone", name="tone", value="friendly", data_type="CATEGORICAL")
    trace.score(id=f"{story['mark']}-done", name="done", value=1, data_type="BOOLEAN")
    client.flush()
    return {"trace": trace.id, "steps": {"answer": root.id, "search": search.id, "draft": draft.id, "note": note.id}}


def read(trace_id: str) -> dict:
    client = Langfuse()
    trace = client.fetch_trace(trace_id).data
    draft = next(step for step in trace.observations if step.name == "draft")
    return {
        "auth": client.auth_check(),
        "name": trace.name, "user": trace.user_id, "session": trace.session_id, "cost": trace.total_cost,
        "steps": sorted(step.name for step in trace.observations), "scores": sorted(score.name for score in trace.scores),
        "listed": [found.id for found in client.fetch_traces(session_id=story["session"]).data],
        "observations": sorted(step.name for step in client.fetch_observations(trace_id=trace_id).data),
        "draft": client.fetch_observation(draft.id).data.output,
        "sessions": story["session"] in [session.id for session in client.fetch_sessions(limit=100).data],
        "projects": [project.id for project in client.client.projects.get().data],
    }


print(json.dumps(send() if sys.argv[1] == "send" else read(sys.argv[2])))
