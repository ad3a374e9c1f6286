//! `agents`: reads what coding agents did: sessions, usage, commits, pull requests, file operations, commands, links to commits, CI runs, metrics.

mod get_agent_session;
mod get_ci_run;
mod get_commit;
mod get_file_operation;
mod get_git_link;
mod get_terminal_command;
mod list_agent_metrics;
mod list_agent_sessions;
mod list_agent_usage;
mod list_ci_runs;
mod list_commits;
mod list_file_operations;
mod list_git_links;
mod list_pull_requests;
mod list_terminal_commands;
mod query;
mod state;

use agenttrace_api::agents;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&agents::LIST_AGENT_SESSIONS, list_agent_sessions::handle)
        .on(&agents::GET_AGENT_SESSION, get_agent_session::handle)
        .on(&agents::LIST_AGENT_USAGE, list_agent_usage::handle)
        .on(&agents::LIST_COMMITS, list_commits::handle)
        .on(&agents::GET_COMMIT, get_commit::handle)
        .on(&agents::LIST_PULL_REQUESTS, list_pull_requests::handle)
        .on(&agents::LIST_AGENT_METRICS, list_agent_metrics::handle)
        .on(&agents::LIST_FILE_OPERATIONS, list_file_operations::handle)
        .on(&agents::LIST_FILE_OPERATIONS_OF_TRACE, list_file_operations::of_trace)
        .on(&agents::GET_FILE_OPERATION, get_file_operation::handle)
        .on(&agents::LIST_TERMINAL_COMMANDS, list_terminal_commands::handle)
        .on(&agents::LIST_TERMINAL_COMMANDS_OF_TRACE, list_terminal_commands::of_trace)
        .on(&agents::GET_TERMINAL_COMMAND, get_terminal_command::handle)
        .on(&agents::LIST_GIT_LINKS, list_git_links::handle)
        .on(&agents::LIST_GIT_LINKS_OF_COMMIT, list_git_links::of_commit)
        .on(&agents::LIST_GIT_LINKS_OF_TRACE, list_git_links::of_trace)
        .on(&agents::GET_GIT_LINK, get_git_link::handle)
        .on(&agents::LIST_CI_RUNS, list_ci_runs::handle)
        .on(&agents::LIST_CI_RUNS_OF_TRACE, list_ci_runs::of_trace)
        .on(&agents::GET_CI_RUN, get_ci_run::handle);
    serve(state::State::new, router)
}
