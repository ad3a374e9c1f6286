"""Saves the emulator's state every minute, so that a crash of the machine loses a minute of metadata at most.

MiniStack (PERSIST_STATE=1) saves only at a clean stop. Here a thread asks every service for its state, as the clean stop
does, and replaces the files of those that changed; SIGUSR1 asks for it now. The stream's records have a journal of their own: `stream.py`.
"""

import hashlib
import json
import logging
import os
import pathlib
import signal
import threading
import time

logger = logging.getLogger("agenttrace.snapshots")
_last: dict[str, object] = {}
_now = threading.Event()


def patch() -> None:
    """Can go when MiniStack has periodic snapshots."""
    seconds = float(os.environ.get("AGENTTRACE_SNAPSHOT_SECONDS", "60"))
    signal.signal(signal.SIGUSR1, lambda *_: _now.set())
    threading.Thread(target=_run, args=(seconds,), daemon=True, name="snapshots").start()


def _run(seconds: float) -> None:
    while True:
        _now.wait(seconds)
        _now.clear()
        try:
            save_what_changed()
        except Exception:  # one bad minute must not end the thread
            logger.exception("snapshot failed")


def save_what_changed() -> list[str]:
    """Writes the state of each service that changed since the last call; returns their names."""
    from ministack import app

    saved = []
    for name, get_state in app._build_persistence_save_dict().items():
        if name == "lambda" and not _functions_changed():
            continue
        text = _state_as_text(name, get_state)
        if text is None:
            continue
        digest = hashlib.blake2b(text.encode()).digest()
        if _last.get(name) == digest:
            continue
        _replace(name, text)
        _last[name] = digest
        saved.append(name)
        time.sleep(0.01)  # requests go between two services
    return saved


def _state_as_text(name: str, get_state) -> str | None:
    """The state as the emulator's own file format; None when it has none."""
    from ministack.core import persistence

    for _ in range(5):
        try:
            state = get_state()
            if state is None:
                return None
            wrapped = {"__ministack_format__": persistence._state_format_version(name), "payload": state}
            return json.dumps(wrapped, default=persistence._json_default)
        except RuntimeError:  # a dictionary changed while it was walked
            time.sleep(0.05)
    logger.warning("%s never held still; the next snapshot tries again", name)
    return None


def _replace(name: str, text: str) -> None:
    from ministack.core import persistence

    folder = pathlib.Path(persistence.STATE_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{name}.json.snapshot"
    draft.write_text(text)
    draft.replace(folder / f"{name}.json")


def _functions_changed() -> bool:
    """Whether a function or mapping changed: asking for the state hashes every bootstrap, 20 MB each."""
    from ministack.services import lambda_svc

    mark = (
        sorted((str(key), record.get("config", {}).get("RevisionId"), str(record.get("concurrency")))
               for key, record in list(lambda_svc._functions._data.items())),
        sorted((str(key), str(esm.get("LastModified")), esm.get("Enabled"))
               for key, esm in list(lambda_svc._esms._data.items())),
    )
    if _last.get("functions") == mark:
        return False
    _last["functions"] = mark
    return True
