"""Claude Code. It tells no exit codes over OTLP, and the commit that it made."""

from . import checks, story
from .agents import ClaudeCode

AGENT = ClaudeCode()


def test_its_own_telemetry_tells_the_session(machine, agent):
    checks.live(machine, agent, more=agent.tell(machine))

    told = checks.session(machine, agent)
    checks.check_conversation(told)
    checks.check_tools(told)
    checks.check_edit(told)
    checks.check_commands(told, codes="none")
    (sha,) = machine.commits
    assert [(link["commitSha"], link["branch"], link["method"]) for link in told.list("git-links")] == [(sha, story.BRANCH, "agent_reported")]


def test_a_wrapped_run_has_every_command_file_and_commit(machine, agent):
    machine.log_in()
    checks.live(machine, agent, "agenttrace", "wrap", "--tags", "wrapped", "--git-auto-link", "--")

    checks.check_wrapped(machine, checks.commands(machine.provider.main))
    told = checks.session(machine, agent)  # of its transcript, read when the run ended
    checks.check_conversation(told)
    checks.check_tools(told)
    checks.check_redacted(told)


def test_set_up_by_init_the_session_is_told_live(machine, agent, stack):
    machine.init(agent.name)
    checks.live(machine, agent)
    machine.settle()

    told = checks.session(machine, agent)
    checks.check_conversation(told)
    checks.check_tools(told)
    checks.check_edit(told)
    checks.check_commands(told, codes="all")
    checks.check_commit(told, "hook_environment", "agent_reported")
    checks.check_redacted(told)
    checks.check_in_browser(stack, told)


def test_imported_from_its_own_files_the_session_is_whole(machine, agent):
    checks.live(machine, agent)
    machine.log_in()
    for _ in range(2):
        machine.import_sessions(agent.name)

        told = checks.session(machine, agent)
        checks.check_conversation(told)
        checks.check_tools(told)
        checks.check_edit(told)
        checks.check_commands(told, codes="all")
        checks.check_redacted(told)
