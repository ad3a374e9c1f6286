//! What follows from a tool call: the command that ran, the files it changed, the commit it made. From the merged step, so that it doesn't
//! matter which source told what, or when.

use serde::{Deserialize, Serialize};

use super::{FileAction, FileOperation, GitLink, TerminalCommand, key, made_id};
use crate::{Observation, Timestamp};

/// The longest output or diff that a row keeps, in bytes.
const LONGEST: usize = 1 << 20;

/// A change of one file, as the metadata [`key::FILES`] lists them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FileChange {
    /// `CREATE`, `READ`, `UPDATE`, `DELETE`, `MOVE`, `COPY`
    pub operation: String,
    pub path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines_added: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines_removed: Option<u64>,
    /// Unified diff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
}

/// The rows that follow from a step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Derived {
    pub command: Option<TerminalCommand>,
    pub files: Vec<FileOperation>,
    pub link: Option<GitLink>,
}

/// Empty for steps that aren't an agent's tool calls.
#[must_use]
pub fn derive(step: &Observation, start: Timestamp) -> Derived {
    let said = |name: &str| step.metadata.iter().find(|(k, _)| k == name).map(|(_, v)| plain(v)).filter(|v| !v.is_empty());
    let Some(agent) = said(key::AGENT) else { return Derived::default() };
    let success = said(key::SUCCESS).and_then(|text| text.parse::<bool>().ok());
    let refused = said(key::DECISION).is_some_and(|outcome| outcome == "reject");
    let session_id = step.session_id.clone().unwrap_or_default();
    let duration_ms = step.end_time.and_then(|end| u64::try_from((end.0 - start.0) / 1_000).ok());
    let command = said(key::COMMAND).map(|command| TerminalCommand {
        id: made_id(&["command", &step.trace_id, &step.id]),
        trace_id: step.trace_id.clone(),
        observation_id: step.id.clone(),
        session_id: session_id.clone(),
        agent: agent.clone(),
        command,
        working_dir: said(key::COMMAND_DIR).unwrap_or_default(),
        exit_code: said(key::EXIT_CODE).and_then(|text| text.parse().ok()),
        exit_code_source: said(key::EXIT_CODE_SOURCE).unwrap_or_else(|| "none".to_owned()),
        success: if refused { Some(false) } else { success },
        stdout: cut(step.output.as_deref().unwrap_or_default()),
        stderr: String::new(),
        duration_ms,
        timestamp: start,
    });
    let changes: Vec<FileChange> = if success == Some(true) && !refused {
        said(key::FILES).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    } else {
        Vec::new()
    };
    let files = changes.into_iter().enumerate().filter_map(|(i, change)| {
        Some(FileOperation {
            id: made_id(&["file", &step.trace_id, &step.id, &i.to_string()]),
            trace_id: step.trace_id.clone(),
            observation_id: step.id.clone(),
            session_id: session_id.clone(),
            agent: agent.clone(),
            action: FileAction::parse(&change.operation)?,
            file_type: extension(&change.path).to_owned(),
            path: change.path,
            new_path: change.new_path.unwrap_or_default(),
            before_hash: String::new(),
            after_hash: String::new(),
            before_size: None,
            after_size: None,
            lines_added: change.lines_added,
            lines_removed: change.lines_removed,
            diff: cut(&change.diff.unwrap_or_default()),
            timestamp: step.end_time.unwrap_or(start),
        })
    });
    // A session's note of its HEAD says where it worked, not what it made.
    let made = said(key::RECORD).is_none_or(|record| record == "tool_call");
    let link = said(key::COMMIT).filter(|_| made).map(|commit_sha| GitLink {
        id: made_id(&["link", &step.trace_id, &commit_sha]),
        trace_id: step.trace_id.clone(),
        observation_id: step.id.clone(),
        session_id: session_id.clone(),
        agent: agent.clone(),
        repository_url: crate::repository_url(&said(key::REPOSITORY).unwrap_or_default()),
        commit_sha,
        branch: said(key::BRANCH).unwrap_or_default(),
        pr_number: None,
        pr_url: String::new(),
        commit_message: String::new(),
        author_name: String::new(),
        author_email: String::new(),
        files_changed: Vec::new(),
        additions: None,
        deletions: None,
        method: "agent_reported".to_owned(),
        confidence: 0.95,
        timestamp: step.end_time.unwrap_or(start),
    });
    Derived { command, files: files.collect(), link }
}

/// The extension of a path, without its dot; empty when it has none.
#[must_use]
pub fn extension(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or("", |(_, extension)| extension)
}

/// A metadata value as text: strings that would read as JSON stand in quotes.
fn plain(value: &str) -> String {
    if value.starts_with('"') { serde_json::from_str(value).unwrap_or_else(|_| value.to_owned()) } else { value.to_owned() }
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(LONGEST.min(text.len()))].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(metadata: &[(&str, &str)]) -> Observation {
        let mut metadata: Vec<(String, String)> = metadata.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        metadata.push((key::AGENT.to_owned(), "codex".to_owned()));
        Observation { trace_id: "t".into(), id: "tool-1".into(), end_time: Some(Timestamp(5_000)), metadata, ..Observation::default() }
    }

    #[test]
    fn a_shell_call_is_a_command_with_its_exit_code() {
        let made = derive(
            &step(&[(key::COMMAND, "ls"), (key::EXIT_CODE, "2"), (key::EXIT_CODE_SOURCE, "agent_text"), (key::SUCCESS, "true")]),
            Timestamp(1_000),
        );

        let command = made.command.expect("a command");
        assert_eq!((command.exit_code, command.exit_code_source.as_str(), command.duration_ms), (Some(2), "agent_text", Some(4)));
        assert_eq!(command.command, "ls");
    }

    #[test]
    fn an_unknown_exit_code_stays_unknown() {
        let made = derive(&step(&[(key::COMMAND, "\"123\"")]), Timestamp(0));

        let command = made.command.expect("a command");
        assert_eq!((command.exit_code, command.exit_code_source.as_str(), command.command.as_str()), (None, "none", "123"));
    }

    #[test]
    fn files_of_a_refused_or_failed_call_did_not_change() {
        let files = r#"[{"operation":"UPDATE","path":"a/b.py","lines_added":1}]"#;
        for (outcome, success, expected) in [("accept", "true", 1), ("reject", "true", 0), ("accept", "false", 0)] {
            let made = derive(&step(&[(key::FILES, files), (key::DECISION, outcome), (key::SUCCESS, success)]), Timestamp(0));
            assert_eq!(made.files.len(), expected, "{outcome} {success}");
        }
    }

    #[test]
    fn a_commit_is_linked_with_its_method() {
        let said = [(key::COMMIT, "0658d87f"), (key::BRANCH, "fix/x"), (key::REPOSITORY, "git@github.com:o/r.git")];
        let link = derive(&step(&said), Timestamp(0)).link.expect("a link");

        assert_eq!((link.commit_sha.as_str(), link.branch.as_str(), link.method.as_str()), ("0658d87f", "fix/x", "agent_reported"));
        assert_eq!(link.repository_url, "https://github.com/o/r");
    }

    #[test]
    fn other_steps_give_nothing() {
        let metadata = vec![(key::COMMAND.to_owned(), "ls".to_owned())];
        assert_eq!(derive(&Observation { metadata, ..Observation::default() }, Timestamp(0)), Derived::default());
    }

    #[test]
    fn extensions_of_paths() {
        for (path, expected) in [("/a/b.tar.gz", "gz"), (".env", ""), ("Makefile", ""), ("C:\\x\\y.RS", "RS")] {
            assert_eq!(extension(path), expected, "{path}");
        }
    }
}
