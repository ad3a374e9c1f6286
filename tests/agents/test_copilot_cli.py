"""Copilot CLI. It tells spans alone, with every exit code. Its commands go into one shell that it keeps open, where `wrap` does not see them."""

from . import checks
from .agents import CopilotCli

AGENT = CopilotCli()


def test_its_own_telemetry_tells_the_session(machine, agent):
    checks.live(machine, agent, more=agent.tell(machine))

    told = checks.session(machine, agent)
    checks.check_conversation(told)
    checks.check_tools(told)
    checks.check_edit(told)
    checks.check_commands(told, codes="all")


def test_a_wrapped_run_has_the_file_and_the_commit(machine, agent):
    machine.log_in()
    checks.live(machine, agent, "agenttrace", "wrap", "--tags", "wrapped", "--git-auto-link", "--")

    checks.check_wrapped(machine, [])
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
    checks.check_commit(told, "hook_environment")
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
