//! Two tellings of one thing that share no id.
//!
//! Some sources name a session and nothing in it: a hook of Gemini CLI says which tool ran with which arguments, not which call it was; a
//! log event of Codex says that a prompt came, not which turn it began. Such a telling becomes a step whose id says that it is loose:
//! `<kind>-<session id>-<microseconds>…`, from a hook `<kind>-<session id>-h<microseconds>…`. When the trace also holds a step with the
//! agent's own id of the same name, at the same time, and with the same content where both tell it, then the two are twins: the writer makes
//! the loose one's statements of the other and takes the loose one away. A loose step without a twin stays. Whichever came first, and
//! however often, it is one step in the end.

use serde_json::Value as Json;

use super::{AGENTS, FileChange, key, step_id};
use crate::{Observation, Step, Timestamp};

/// How much a step's id says: the twin with the greater one stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// A time at which a hook ran.
    ByHook,
    /// A time of the agent's telemetry.
    ByTime,
    /// The agent's own id.
    ByAgent,
}

/// What a step is, as far as twins go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Turn,
    Other,
}

/// Clocks of one machine, read at two ends of a process' start: as far apart tellings of a call may be whose content agrees.
const NEAR: i64 = 2_000_000;
/// The same for calls of which nothing but the name is known to agree.
const VERY_NEAR: i64 = 100_000;
/// A prompt is logged once its hooks have run.
const HOOKS_TAKE: i64 = 5_000_000;

/// The id of a step that only a hook tells, at this time.
#[must_use]
pub fn hook_step_id(kind: &str, session: &str, at: Timestamp, rest: &str) -> String {
    let rest = if rest.is_empty() { String::new() } else { format!("-{rest}") };
    step_id(kind, &format!("{session}-h{}{rest}", at.0))
}

/// Is it the trace of a coding agent's session?
#[must_use]
pub fn session_of(trace_id: &str) -> Option<&str> {
    AGENTS.iter().find_map(|agent| trace_id.strip_prefix(agent)?.strip_prefix('-')).filter(|session| !session.is_empty())
}

/// How a session's step is named.
#[must_use]
pub fn named(session: &str, id: &str) -> Named {
    let rest = ["turn-", "tool-", "event-"]
        .iter()
        .find_map(|kind| id.strip_prefix(kind))
        .and_then(|rest| rest.strip_prefix(session)?.strip_prefix('-'));
    match rest.map(str::as_bytes) {
        Some([b'h', b'0'..=b'9', ..]) => Named::ByHook,
        Some([b'0'..=b'9', ..]) => Named::ByTime,
        // Events carry their name before the time.
        Some(_) if id.starts_with("event-") => Named::ByTime,
        _ => Named::ByAgent,
    }
}

/// Tools that write files: a hook that tells of a change doesn't tell which of them made it.
const WRITERS: &[&str] = &["write", "edit", "multiedit", "strreplace", "search_replace", "edit_file", "applypatch", "apply_patch"];

/// The name under which a step looks for its twin.
#[must_use]
pub fn called(name: &str) -> &str {
    if WRITERS.iter().any(|writer| name.eq_ignore_ascii_case(writer)) { WRITERS[0] } else { name }
}

const fn kind(name: &str) -> Kind {
    if name.eq_ignore_ascii_case("turn") { Kind::Turn } else { Kind::Other }
}

/// How far two steps of the same name are apart, when they may be twins. The loose one first.
#[must_use]
pub fn distance(loose: &Step, other: &Step) -> Option<i64> {
    if called(&loose.name) != called(&other.name) || loose.id == other.id {
        return None;
    }
    let ends = |step: &Step| step.end.unwrap_or(step.start).0.max(step.start.0);
    match kind(&loose.name) {
        Kind::Turn => {
            let after = loose.start.0 - other.start.0;
            (-HOOKS_TAKE..=HOOKS_TAKE).contains(&after).then_some(after.abs())
        }
        Kind::Other => {
            let (from, to) = (other.start.0, ends(other));
            let at = ends(loose);
            (from - NEAR..=to + NEAR).contains(&at).then_some((to - at).abs())
        }
    }
}

/// Do two steps that may be twins tell the same? `None` when one of them doesn't tell its content.
fn agree(a: &Observation, b: &Observation) -> Option<bool> {
    let said = |o: &Observation, name: &str| o.metadata.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone());
    let both = |name: &str| said(a, name).zip(said(b, name));
    if both(key::EXIT_CODE).is_some_and(|(a, b)| a != b) {
        return Some(false);
    }
    let told = both(key::COMMAND).or_else(|| a.input.clone().zip(b.input.clone()));
    if told.as_ref().is_some_and(|(a, b)| hidden(a) || hidden(b)) {
        return None;
    }
    if let Some((a, b)) = both(key::FILES) {
        return Some(paths(&a) == paths(&b));
    }
    told.map(|(a, b)| a == b || json(&a).is_some_and(|a| json(&b).is_some_and(|b| a == b)))
}

/// Was something taken out of the text before it was sent?
fn hidden(text: &str) -> bool {
    text.contains("[redacted:") || text == "(not recorded)"
}

fn json(text: &str) -> Option<Json> {
    serde_json::from_str(text).ok()
}

fn paths(changes: &str) -> Vec<String> {
    let changes: Vec<FileChange> = serde_json::from_str(changes).unwrap_or_default();
    changes.into_iter().map(|change| change.path).collect()
}

/// How well two steps fit that may be twins: the smaller, the better. `None` when they are none.
#[must_use]
pub fn fit(distance: i64, loose: &Observation, start: Timestamp, other: &Observation, other_start: Timestamp) -> Option<(bool, i64)> {
    // A subagent may bear the name of the tool that starts it.
    if loose.kind.zip(other.kind).is_some_and(|(a, b)| a != b) {
        return None;
    }
    match agree(loose, other) {
        Some(false) => None,
        Some(true) => Some((false, distance)),
        // A turn whose prompt hasn't come yet may be any; one that its prompt made doesn't tell it for good.
        None if loose.name.as_deref().is_some_and(|name| kind(name) == Kind::Turn) => {
            let by_agent = session_of(&other.trace_id).is_some_and(|session| named(session, &other.id) == Named::ByAgent);
            (!by_agent || other.input.is_some()).then_some((true, distance))
        }
        None => {
            let end = |o: &Observation, start: Timestamp| o.end_time.map_or(start.0, |end| end.0.max(start.0));
            let (from, to, at) = (other_start.0, end(other, other_start), end(loose, start));
            (from - VERY_NEAR..=to + VERY_NEAR).contains(&at).then_some((true, distance))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;

    fn step(id: &str, name: &str, start: i64, end: i64) -> Step {
        Step {
            id: id.into(),
            is_root: false,
            app_root: false,
            name: name.into(),
            environment: String::new(),
            start: Timestamp(start),
            end: Some(Timestamp(end)),
            level: Level::Default,
            model: String::new(),
            input_tokens: 0,
            output_tokens: 0,
            cached_tokens: 0,
            total_tokens: 0,
            total_cost: None,
        }
    }

    #[test]
    fn an_id_says_who_named_the_step() {
        assert_eq!(session_of("gemini-cli-abc"), Some("abc"));
        assert_eq!(session_of("my-service"), None);
        let hook = hook_step_id("tool", "abc", Timestamp(17), "x");
        assert_eq!(hook, "tool-abc-h17-x");
        for (id, expected) in [
            (hook.as_str(), Named::ByHook),
            ("turn-abc-1795", Named::ByTime),
            ("event-abc-compaction-1795-3", Named::ByTime),
            ("turn-01a2-77", Named::ByAgent),
            ("tool-call_7", Named::ByAgent),
            ("span-77", Named::ByAgent),
            ("tool-abcd", Named::ByAgent),
        ] {
            assert_eq!(named("abc", id), expected, "{id}");
        }
    }

    #[test]
    fn only_steps_of_one_name_at_one_time_may_be_twins() {
        let call = step("tool-1", "bash", 1_000_000, 5_000_000);
        for (name, at, expected) in [
            ("bash", 4_000_000, Some(1_000_000)),
            ("edit", 4_000_000, None),
            ("bash", 6_900_000, Some(1_900_000)),
            ("bash", 7_100_000, None),
        ] {
            assert_eq!(distance(&step("tool-s-h1", name, at, at), &call), expected, "{name} {at}");
        }
        let turn = step("turn-7", "turn", 10_000_000, 90_000_000);
        assert_eq!(distance(&step("turn-s-1", "turn", 10_080_000, 10_080_000), &turn), Some(80_000));
        assert_eq!(distance(&step("turn-s-1", "turn", 40_000_000, 40_000_000), &turn), None, "within a turn is not its begin");
    }

    #[test]
    fn what_both_tell_must_agree() {
        let of = |input: Option<&str>, metadata: &[(&str, &str)]| Observation {
            name: Some("bash".into()),
            input: input.map(str::to_owned),
            end_time: Some(Timestamp(2_000_000)),
            metadata: metadata.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            ..Observation::default()
        };
        let fits = |a: &Observation, b: &Observation| fit(5, a, Timestamp(1_000_000), b, Timestamp(1_000_000));
        let ls = of(Some(r#"{"command": "ls"}"#), &[(key::COMMAND, "ls")]);

        assert_eq!(fits(&ls, &of(Some(r#"{"command":"ls","why":"x"}"#), &[(key::COMMAND, "ls")])), Some((false, 5)));
        assert_eq!(fits(&ls, &of(None, &[(key::COMMAND, "pwd")])), None);
        assert_eq!(fits(&ls, &of(None, &[(key::COMMAND, "(not recorded)")])), Some((true, 5)), "nothing to compare");
        assert_eq!(fits(&of(Some("{\"a\":1,\"b\":2}"), &[]), &of(Some("{\"b\": 2, \"a\": 1}"), &[])), Some((false, 5)));
        assert_eq!(fits(&of(None, &[(key::EXIT_CODE, "0")]), &of(None, &[(key::EXIT_CODE, "1")])), None);
        assert_eq!(fits(&of(Some("curl [redacted:token]"), &[]), &of(Some("curl secret"), &[])), Some((true, 5)));
    }
}
