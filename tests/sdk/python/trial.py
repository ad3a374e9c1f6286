"""A dataset, its items and a run over them, with Python's SDKs of every generation: 2 links traces, later ones run an experiment."""

import datetime
import importlib.metadata
import json
import os
import sys

GENERATION = int(importlib.metadata.version("langfuse").split(".")[0])
story = json.loads(os.environ["STORY"])
NAME, RUN, MARK = story["dataset"], story["run"], story["mark"]
SINCE = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def client():
    if GENERATION == 2:
        from langfuse import Langfuse

        return Langfuse()
    from langfuse import get_client

    return get_client()


def fill(langfuse) -> None:
    langfuse.create_dataset(name=NAME, description="of a test", metadata={"kind": "trial"})
    for number in range(4):
        langfuse.create_dataset_item(dataset_name=NAME, id=f"{MARK}-{number}", input={"n": number}, expected_output=number + 1, metadata={"easy": number < 2})
    langfuse.create_dataset_item(dataset_name=NAME, id=f"{MARK}-3", status="ARCHIVED")


def link(langfuse, dataset) -> dict:
    """Python 2: a trace each, told to the run by the SDK's own helper."""
    traces = []
    for item in dataset.items:
        trace = langfuse.trace(name="try", input=item.input, output=item.input["n"] + 1)
        step = trace.span(name="work", input=item.input).end(output=item.input["n"] + 1)
        item.link(step, RUN, run_metadata={"model": "m"}, run_description="a trial")
        trace.score(name="right", value=1)
        traces.append(trace.id)
    langfuse.flush()
    return {"traces": traces, "run": langfuse.get_dataset_run(NAME, RUN).id, "scored": False}


def experiment(langfuse, dataset) -> dict:
    from langfuse.experiment import Evaluation

    def task(*, item, **_):
        with langfuse.start_as_current_observation(name="inner") as inner:
            inner.update(output="inside")
        return item.input["n"] + 1

    def right(*, output, expected_output, **_):
        return Evaluation(name="right", value=1.0 if output == expected_output else 0.0)

    def mean(*, item_results, **_):
        return Evaluation(name="mean", value=sum(result.evaluations[0].value for result in item_results) / len(item_results))

    result = dataset.run_experiment(name="trial", run_name=RUN, description="a trial", metadata={"model": "m"}, task=task,
                                    evaluators=[right], run_evaluators=[mean])
    langfuse.flush()
    return {"traces": [one.trace_id for one in result.item_results], "run": getattr(result, "experiment_id", None) or result.dataset_run_id, "scored": True}


def send() -> dict:
    langfuse = client()
    fill(langfuse)
    dataset = langfuse.get_dataset(NAME)
    tried = link(langfuse, dataset) if GENERATION == 2 else experiment(langfuse, dataset)
    return tried | {"dataset": dataset.id, "items": [item.id for item in dataset.items]}


def read() -> dict:
    langfuse = client()
    dataset = langfuse.get_dataset(NAME)
    found = {"description": dataset.description, "metadata": dataset.metadata, "inputs": [item.input["n"] for item in dataset.items],
             "expected": [item.expected_output for item in dataset.items]}
    if GENERATION == 2:
        found["archived"] = langfuse.get_dataset_item(f"{MARK}-3").status.value
    elif GENERATION < 5:
        found["archived"] = langfuse.api.dataset_items.get(f"{MARK}-3").status.value
    if GENERATION < 5:
        named = {} if GENERATION == 2 else {"dataset_name": NAME, "run_name": RUN}
        run = langfuse.get_dataset_run(NAME, RUN) if GENERATION == 2 else langfuse.get_dataset_run(**named)
        found["runs"] = [one.name for one in (langfuse.get_dataset_runs(NAME) if GENERATION == 2 else langfuse.get_dataset_runs(dataset_name=NAME)).data]
        found |= {"run": run.id, "about": [run.description, run.metadata],
                  "tries": sorted([one.dataset_item_id, one.trace_id] for one in run.dataset_run_items)}
    if GENERATION > 3:
        experiments = langfuse.api.experiments.list(from_start_time=SINCE, dataset_id=dataset.id, fields="core,metadata,scores").data
        items = langfuse.api.experiments.list_items(from_start_time=SINCE, dataset_id=dataset.id,
                                                    fields="core,dataset,io,metadata,itemMetadata,experimentMetadata,scores").data
        found |= {"experiments": [[one.id, one.name, one.item_count, one.metadata, [score.name for score in one.scores]] for one in experiments],
                  "experiment_items": sorted([one.experiment_item_id, one.trace_id, one.input, one.output, one.expected_output,
                                              [score.name for score in one.scores]] for one in items)}
    return found


def delete() -> dict:
    langfuse = client()
    if GENERATION in (3, 4):
        return {"message": langfuse.delete_dataset_run(dataset_name=NAME, run_name=RUN).message}
    item = langfuse.client.dataset_items if GENERATION == 2 else langfuse.api.dataset_items
    return {"message": item.delete(f"{MARK}-0").message}


print(json.dumps({"send": send, "read": read, "delete": delete}[sys.argv[1]](), default=str))
