//! A tool call, a turn, a subagent, an event, as hooks of all agents tell them.

use agenttrace_domain::agent::twins::hook_step_id;
use agenttrace_domain::agent::{FileChange, Rank, key, made_id, step_id};
use agenttrace_domain::{Level, Observation, ObservationType};
use serde_json::Value as Json;

use super::Hook;
use crate::agents::command::{ExitSource, command_of};
use crate::agents::{Session, Statements, before};

/// What a hook says of a tool call.
#[derive(Default)]
pub(super) struct ToolCall<'t> {
    /// The step; see [`tool_step`].
    pub id: String,
    /// The agent's id of the call.
    pub call_id: Option<&'t str>,
    pub name: &'t str,
    pub parent: Option<&'t str>,
    pub arguments: Json,
    /// The command that it runs, for a shell.
    pub command: Option<String>,
    pub changes: Vec<FileChange>,
    /// `None` while it runs.
    pub ended: Option<Ended>,
    pub took: Option<i64>,
}

/// How it ended.
#[derive(Default)]
pub(super) struct Ended {
    pub output: Option<String>,
    /// `None`: the hook doesn't tell.
    pub success: Option<bool>,
    pub exit_code: Option<(i64, ExitSource)>,
    pub error: Option<String>,
    /// It was refused, by whom.
    pub denied_by: Option<String>,
}

/// The step of a call that has an id.
pub(super) fn tool_step(call_id: &str) -> String {
    step_id("tool", call_id)
}

/// The step of a call without an id: of its time, its name and its arguments.
pub(super) fn loose_tool_step(session: &Session, hook: &Hook<'_>, name: &str, arguments: &Json) -> String {
    let rest = made_id(&[name, &arguments.to_string()]);
    hook_step_id("tool", &session.id, hook.at, &rest[..16])
}

impl ToolCall<'_> {
    /// Says it, at the rank that this agent's hooks have.
    pub fn tell(self, session: &Session, hook: &Hook<'_>, rank: Rank, out: &mut Statements<'_>) {
        let id = self.id.as_str();
        out.seen(session, id, hook.at);
        out.step_at(session, id, rank, ObservationType::Tool, "tool_call", self.name, self.parent);
        out.note_at(session, id, rank, key::TOOL, self.name);
        out.note(session, id, key::CALL, self.call_id.unwrap_or_default());
        if let Some(command) = &self.command {
            out.note_at(session, id, rank, key::COMMAND, command);
            // A command may change its folder: where it began is what the call before it says.
            let sure = if self.ended.is_none() { rank } else { Rank::Hint };
            out.note_at(session, id, sure, key::COMMAND_DIR, hook.folder().unwrap_or_default());
        }
        let input = (!self.arguments.is_null()).then(|| super::payload::as_text(&self.arguments));
        out.say(session, id, rank.at(), Observation { input, ..Observation::default() });
        let Some(ended) = self.ended else { return };
        out.files(session, id, rank, &self.changes);
        committed_by(session, hook, id, self.command.as_deref(), ended.output.as_deref(), out);
        if let Some(success) = ended.success {
            out.raw_note(session, id, rank, key::SUCCESS, success.to_string());
        }
        if let Some((code, source)) = ended.exit_code.filter(|_| self.command.is_some()) {
            out.exit_code_at(session, id, rank, code, source);
        }
        let code = ended.exit_code.map_or(0, |(code, _)| code);
        let level = match (&ended.denied_by, ended.success) {
            (Some(_), _) => Level::Warning,
            (None, Some(false)) if code == 0 => Level::Error,
            _ if code != 0 => Level::Warning,
            _ => Level::Default,
        };
        if let Some(source) = &ended.denied_by {
            out.note_at(session, id, rank, key::DECISION, "reject");
            out.note_at(session, id, rank, key::DECISION_SOURCE, source);
        }
        out.say(
            session,
            id,
            rank.at(),
            Observation {
                output: ended.output,
                end_time: Some(hook.at),
                level: Some(level),
                status_message: ended.error,
                ..Observation::default()
            },
        );
        let start_time = self.took.map(|took| before(hook.at, took));
        out.say(session, id, Rank::Part.at(), Observation { start_time, ..Observation::default() });
    }
}

/// A command that committed prints the branch and the beginning of the commit's id; the work tree's HEAD after it tells the rest.
fn committed_by(session: &Session, hook: &Hook<'_>, id: &str, command: Option<&str>, output: Option<&str>, out: &mut Statements<'_>) {
    let (Some(command), Some(output), Some(git)) = (command, output, &hook.envelope.git) else { return };
    let Some(head) = git.commit.as_deref().filter(|_| command.contains("commit")) else { return };
    if !committed(output).any(|sha| head.starts_with(sha)) {
        return;
    }
    out.note_at(session, id, Rank::Part, key::COMMIT, head);
    out.note_at(session, id, Rank::Part, key::BRANCH, git.branch.as_deref().unwrap_or_default());
    out.note_at(session, id, Rank::Part, key::REPOSITORY, git.repository_url.as_deref().unwrap_or_default());
}

/// The ids in lines such as `[fix/discount 0658d87] Apply the discount`.
fn committed(output: &str) -> impl Iterator<Item = &str> {
    output.lines().filter_map(|line| {
        let (head, _) = line.trim_start_matches("Output: ").strip_prefix('[')?.split_once(']')?;
        let sha = head.rsplit(' ').next()?;
        ((7..=64).contains(&sha.len()) && sha.bytes().all(|b| b.is_ascii_hexdigit())).then_some(sha)
    })
}

/// The command of a tool call, when the tool is a shell.
pub(super) fn shell_command(shells: &[&str], name: &str, arguments: &Json) -> Option<String> {
    command_of(arguments).filter(|_| shells.contains(&name))
}

/// A turn that the agent names.
pub(super) fn turn(session: &Session, hook: &Hook<'_>, turn_id: &str, out: &mut Statements<'_>) -> String {
    let id = step_id("turn", turn_id);
    begun_turn(session, hook, &id, out);
    out.note(session, &id, key::TURN, turn_id);
    id
}

/// Something happened in a turn.
pub(super) fn begun_turn(session: &Session, hook: &Hook<'_>, id: &str, out: &mut Statements<'_>) {
    out.seen(session, id, hook.at);
    out.step(session, id, ObservationType::Span, "turn", "turn", None);
}

/// A turn of which only the time is known.
pub(super) fn loose_turn(session: &Session, hook: &Hook<'_>, out: &mut Statements<'_>) -> String {
    let id = hook_step_id("turn", &session.id, hook.at, "");
    begun_turn(session, hook, &id, out);
    id
}

/// What a person asked.
pub(super) fn prompt(session: &Session, hook: &Hook<'_>, turn: &str, text: Option<String>, out: &mut Statements<'_>) {
    out.say(session, turn, Rank::Told.at(), Observation { start_time: Some(hook.at), input: text.clone(), ..Observation::default() });
    out.conversation(session, hook.at, text, None);
}

/// What the agent said at last.
pub(super) fn answer(session: &Session, hook: &Hook<'_>, turn: Option<&str>, text: Option<String>, out: &mut Statements<'_>) {
    if let (Some(turn), Some(_)) = (turn, &text) {
        out.say(session, turn, hook.at, Observation { output: text.clone(), ..Observation::default() });
    }
    out.conversation(session, hook.at, None, text);
}

/// A subagent's step, below the turn until something tells the call that started it.
pub(super) fn subagent(
    session: &Session,
    hook: &Hook<'_>,
    agent_id: &str,
    name: Option<&str>,
    turn: Option<&str>,
    out: &mut Statements<'_>,
) -> String {
    let id = step_id("agent", agent_id);
    begun_subagent(session, hook, &id, name, out);
    out.note(session, &id, key::SUBAGENT, agent_id);
    out.parent(session, &id, Rank::Part, turn.unwrap_or(&session.trace_id));
    id
}

/// Something happened in a subagent.
pub(super) fn begun_subagent(session: &Session, hook: &Hook<'_>, id: &str, name: Option<&str>, out: &mut Statements<'_>) {
    out.seen(session, id, hook.at);
    let told = Observation { kind: Some(ObservationType::Agent), name: name.map(str::to_owned), ..Observation::default() };
    out.say(session, id, Rank::Told.at(), told);
    out.say(session, id, Rank::Hint.at(), Observation { name: Some("subagent".to_owned()), ..Observation::default() });
    out.note(session, id, key::RECORD, "subagent");
}

/// Something notable, without a step of its own.
pub(super) fn event(
    session: &Session,
    hook: &Hook<'_>,
    name: &str,
    level: Level,
    text: Option<String>,
    parent: Option<&str>,
    out: &mut Statements<'_>,
) {
    let id = hook_step_id("event", &session.id, hook.at, name);
    out.seen(session, &id, hook.at);
    out.step(session, &id, ObservationType::Event, "event", name, parent);
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation { start_time: Some(hook.at), level: Some(level), status_message: text, ..Observation::default() },
    );
}

/// How the session began, or why it ended.
pub(super) fn session_note(session: &Session, hook: &Hook<'_>, name: &str, value: Option<&str>, out: &mut Statements<'_>) {
    out.latest_note(session, &session.trace_id.clone(), hook.at, name, value.unwrap_or_default());
}

/// The model that the session uses now.
pub(super) fn model(session: &Session, hook: &Hook<'_>, out: &mut Statements<'_>) {
    let model = hook.event.owned(&["model"]);
    out.say(session, &session.trace_id.clone(), hook.at, Observation { model, ..Observation::default() });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_prints_of_a_commit_names_it() {
        for (output, expected) in [
            ("[fix/discount 0658d87] Apply\n 1 file changed", vec!["0658d87"]),
            ("Output: [main (root-commit) c364965] First", vec!["c364965"]),
            ("..  [100%]\n2 passed", vec![]),
            ("[x] 0658d87", vec![]),
        ] {
            assert_eq!(committed(output).collect::<Vec<_>>(), expected, "{output}");
        }
    }
}
