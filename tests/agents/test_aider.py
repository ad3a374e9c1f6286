"""Aider. It has no telemetry, edits and commits itself, and starts commands by the full path of a shell: a wrapped run has those too, the file and the commit."""

from . import checks, story
from .agents import Aider

AGENT = Aider()


def test_a_wrapped_run_has_the_command_the_file_and_the_commit(machine, agent):
    machine.log_in()
    checks.live(machine, agent, "agenttrace", "wrap", "--tags", "wrapped", "--git-auto-link", "--")

    checks.check_wrapped(machine, [(story.TESTS, 0)], message="fix: apply the discount")


def test_imported_from_its_own_files_the_session_has_prompt_edit_and_commit(machine, agent):
    checks.live(machine, agent)
    machine.log_in()
    for _ in range(2):
        machine.import_sessions(agent.name)

        told = checks.only_session(machine, agent, lambda row: row["totalTokens"] > 0)
        (call,), (prompt,) = told.of("model_call"), told.of("turn")
        (billed,) = machine.provider.main
        # Its log knows the provider's sums, without the cache.
        assert (call["usageDetails"]["input"], call["usageDetails"]["output"]) == (sum(billed.usage[name] for name in ("fresh", "cache_read", "cache_write")), billed.usage["output"])
        assert prompt["input"] == story.PROMPT
        checks.check_edit(told)
        checks.check_commit(told, "agent_reported", "trailer", call=story.RIGHT)  # it commits its edit by itself
