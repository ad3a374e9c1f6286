//! Keeps the contents of files that hold secrets, and of files that git ignores, out of what agents' hooks tell. Their names stay.
//!
//! A call that reads or writes such a file keeps its ids, its names and its figures; all other texts of it are taken out, whatever they are
//! called: an agent's next version may call them otherwise. A command that names such a file keeps its first line. Patches and differences
//! lose the parts that concern such files.

use std::collections::{HashMap, HashSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use agenttrace_redact::paths::is_denied;
use serde_json::{Map, Value};

use crate::gitdir::plain;

/// What stands in the place of a text.
const WITHHELD: &str = "[withheld]";

/// Keys under which agents name files.
const PATHS: &[&str] = &[
    "file_path",
    "filePath",
    "filepath",
    "notebook_path",
    "absolute_path",
    "absolutePath",
    "relative_path",
    "relativePath",
    "target_file",
    "file",
    "filename",
    "fileName",
    "path",
    "uri",
];
const COMMANDS: &[&str] = &["command", "cmd", "fullCommandText"];
/// Keys whose text may be JSON of its own.
const ARGUMENTS: &[&str] = &["tool_input", "toolInput", "toolArgs", "args", "input", "arguments"];
/// Keys whose texts are no contents.
const KEPT: &[&str] = &[
    "agentId",
    "agentType",
    "agent_id",
    "agent_type",
    "callID",
    "conversation_id",
    "cursor_version",
    "cwd",
    "directory",
    "generation_id",
    "hookName",
    "hook_event_name",
    "id",
    "kind",
    "messageID",
    "message_id",
    "model",
    "name",
    "parentAgentId",
    "parentID",
    "partID",
    "permission_mode",
    "prompt_id",
    "resultType",
    "role",
    "root",
    "sessionID",
    "sessionId",
    "session_id",
    "status",
    "subagent_type",
    "timestamp",
    "tool",
    "toolName",
    "tool_name",
    "tool_use_id",
    "traceparent",
    "transcriptPath",
    "transcript_path",
    "turn_id",
    "type",
    "user_email",
    "workspace_roots",
    "worktree",
];
/// Words of programs that look like names of files.
const NO_FILES: &[&str] = &["process.env", "import.meta.env", "deno.env", "bun.env", "/usr/bin/env", "/bin/env"];

/// Which files git ignores, asked once for many.
#[derive(Default)]
pub struct Ignored(HashMap<PathBuf, HashSet<PathBuf>>);

impl Ignored {
    /// Asks for the files that these events name. Each comes with the root of its working tree.
    pub fn learn<'a>(events: impl Iterator<Item = (&'a Value, Option<&'a str>)>) -> Self {
        let mut asked: HashMap<PathBuf, HashSet<PathBuf>> = HashMap::new();
        for (event, root) in events {
            let Some(root) = root.map(Path::new).filter(|root| root.is_absolute()) else { continue };
            let folder = folder_of(event);
            let mut named = Named::default();
            collect(event, true, &mut named);
            let paths = named.paths.iter().map(|path| absolute(path, folder.as_deref().unwrap_or(root))).filter(|p| p.starts_with(root));
            asked.entry(root.to_owned()).or_default().extend(paths.filter(|path| path != root));
        }
        // Where git cannot tell, nothing is known of any of them: then none leaves.
        Self(
            asked
                .into_iter()
                .map(|(root, paths)| (check_ignore(&root, &paths).unwrap_or(paths), root))
                .map(|(found, root)| (root, found))
                .collect(),
        )
    }

    fn holds(&self, path: &str, folder: Option<&Path>) -> bool {
        self.0.iter().any(|(root, ignored)| ignored.contains(&absolute(path, folder.unwrap_or(root))))
    }
}

/// `git check-ignore` of a working tree, which reads paths and answers, each ended by a zero. It takes no locks, starts no monitor, and knows nothing
/// of a repository in whose hook we may run.
pub fn asks_git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(root)
        .args(["-c", "core.fsmonitor=false", "check-ignore", "-z", "--stdin"])
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    git
}

fn check_ignore(root: &Path, paths: &HashSet<PathBuf>) -> Option<HashSet<PathBuf>> {
    use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
    if paths.is_empty() {
        return Some(HashSet::new());
    }
    let mut child = asks_git(root).spawn().ok()?;
    let mut input = child.stdin.take()?;
    let mut list = Vec::new();
    for path in paths {
        list.extend_from_slice(path.as_os_str().as_bytes());
        list.push(0);
    }
    let writer = std::thread::spawn(move || input.write_all(&list));
    let out = child.wait_with_output().ok()?;
    drop(writer.join());
    // 1 is "none of them".
    let told = out.stdout.split(|b| *b == 0).filter(|p| !p.is_empty());
    matches!(out.status.code(), Some(0 | 1)).then(|| told.map(|p| PathBuf::from(std::ffi::OsString::from_vec(p.to_vec()))).collect())
}

fn folder_of(event: &Value) -> Option<PathBuf> {
    ["cwd", "directory"].iter().find_map(|key| event[*key].as_str()).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// A path as text of an agent's names it, from a folder.
pub fn absolute(path: &str, folder: &Path) -> PathBuf {
    let path = path.strip_prefix("file://").unwrap_or(path);
    plain(&folder.join(path))
}

/// What an event names.
#[derive(Default)]
struct Named {
    paths: Vec<String>,
    commands: Vec<String>,
}

/// The files and commands of an object and of the objects in it; those of lists only when `lists`.
fn collect(value: &Value, lists: bool, named: &mut Named) {
    match value {
        Value::Object(fields) => {
            for (key, item) in fields {
                match item {
                    Value::String(text) if PATHS.contains(&key.as_str()) => named.paths.push(text.clone()),
                    Value::String(text) if COMMANDS.contains(&key.as_str()) => named.commands.push(text.clone()),
                    Value::String(text) if ARGUMENTS.contains(&key.as_str()) && text.trim_start().starts_with('{') => {
                        if let Ok(inner) = serde_json::from_str::<Value>(text) {
                            collect(&inner, lists, named);
                        }
                    }
                    Value::Array(words) if COMMANDS.contains(&key.as_str()) => {
                        named.commands.push(words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "));
                    }
                    Value::Array(items) if PATHS.contains(&key.as_str()) || key == "paths" || key == "files" => {
                        named.paths.extend(items.iter().filter_map(Value::as_str).map(str::to_owned));
                        collect(item, lists, named);
                    }
                    other => collect(other, lists, named),
                }
            }
        }
        Value::Array(items) if lists => items.iter().for_each(|item| collect(item, lists, named)),
        _ => {}
    }
}

/// Takes out of an event what must not leave. Returns whether something was.
pub fn withhold(event: &mut Value, ignored: &Ignored) -> bool {
    let folder = folder_of(event);
    walk(event, &|path: &str| is_denied(path) || ignored.holds(path, folder.as_deref()))
}

fn walk(value: &mut Value, secret: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::Object(_) => {
            let mut named = Named::default();
            collect(value, false, &mut named);
            if named.paths.iter().any(|path| secret(path)) || named.commands.iter().any(|command| names_secrets(command)) {
                scrub(value);
                return true;
            }
            let Value::Object(fields) = value else { return false };
            each(fields.values_mut(), |item| walk_parts(item, secret))
        }
        other => walk_parts(other, secret),
    }
}

/// Inside an object that names no such file itself.
fn walk_parts(value: &mut Value, secret: &dyn Fn(&str) -> bool) -> bool {
    match value {
        // Each element of a list is judged for itself.
        Value::Array(items) => each(items.iter_mut(), |item| walk(item, secret)),
        Value::Object(fields) => each(fields.values_mut(), |item| walk_parts(item, secret)),
        Value::String(text) => match without_sections(text, secret) {
            Some(rest) => {
                *text = rest;
                true
            }
            None => false,
        },
        _ => false,
    }
}

/// Does it to all, also after one at which something was done.
fn each<T>(items: impl Iterator<Item = T>, mut walk: impl FnMut(T) -> bool) -> bool {
    let mut did = false;
    for item in items {
        did |= walk(item);
    }
    did
}

/// Takes the parts that concern files of secrets out of every patch and difference in a value.
pub fn withhold_parts(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(rest) = without_sections(text, &is_denied) {
                *text = rest;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(withhold_parts),
        Value::Object(fields) => fields.values_mut().for_each(withhold_parts),
        _ => {}
    }
}

/// Does a command's text name a file that holds secrets?
pub fn names_secrets(command: &str) -> bool {
    let ends = |c: char| {
        c.is_whitespace() || matches!(c, '\'' | '"' | '`' | ';' | '|' | '&' | '<' | '>' | '(' | ')' | '=' | ',' | ':' | '@' | '{' | '}')
    };
    command.split(ends).filter(|word| !word.is_empty()).any(|word| {
        let lower = word.to_lowercase();
        !NO_FILES.iter().any(|name| lower.ends_with(name) || lower.starts_with(&format!("{name}."))) && is_denied(word)
    })
}

fn scrub(value: &mut Value) {
    match value {
        Value::Object(fields) => scrub_fields(fields),
        Value::Array(items) => items.iter_mut().for_each(scrub),
        Value::String(text) if !text.is_empty() => WITHHELD.clone_into(text),
        _ => {}
    }
}

fn scrub_fields(fields: &mut Map<String, Value>) {
    for (key, item) in fields.iter_mut() {
        match item {
            _ if KEPT.contains(&key.as_str()) || PATHS.contains(&key.as_str()) && (item.is_string() || item.is_array()) => {}
            Value::String(text) if COMMANDS.contains(&key.as_str()) => {
                if let Some((line, _)) = text.split_once('\n') {
                    *text = format!("{line}\n{WITHHELD}");
                }
            }
            Value::Array(_) if COMMANDS.contains(&key.as_str()) => {}
            // An exit code is told in the text of a failure.
            Value::String(text) if key == "error" && text.starts_with("Exit code ") => {
                *text = format!("{}\n{WITHHELD}", text.lines().next().unwrap_or_default());
            }
            Value::String(text) if ARGUMENTS.contains(&key.as_str()) && text.trim_start().starts_with('{') => {
                match serde_json::from_str::<Value>(text) {
                    Ok(mut inner) => {
                        scrub(&mut inner);
                        *text = inner.to_string();
                    }
                    Err(_) => WITHHELD.clone_into(text),
                }
            }
            other => scrub(other),
        }
    }
}

/// A patch or a difference without the parts that concern such files; `None` when nothing had to go.
fn without_sections(text: &str, secret: &dyn Fn(&str) -> bool) -> Option<String> {
    let patch = text.contains("*** Begin Patch");
    if !patch && !text.contains("diff --git ") {
        return None;
    }
    let mut kept = String::with_capacity(text.len());
    let (mut hiding, mut hid) = (false, false);
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let begins = if patch {
            ["*** Update File: ", "*** Add File: ", "*** Delete File: "].iter().find_map(|p| bare.strip_prefix(p)).map(&secret)
        } else {
            bare.strip_prefix("diff --git ").map(|names| names.split(' ').any(|name| secret(name.split_once('/').map_or(name, |n| n.1))))
        };
        if bare.starts_with("*** End Patch") || patch && bare.starts_with("*** Move to: ") {
            hiding &= bare.starts_with("*** Move to: ");
        }
        if let Some(secret) = begins {
            hiding = secret;
            kept.push_str(line);
            if secret {
                hid = true;
                kept.push_str(WITHHELD);
                kept.push('\n');
            }
        } else if !hiding {
            kept.push_str(line);
        }
    }
    hid.then_some(kept)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn without(mut event: Value) -> Value {
        withhold(&mut event, &Ignored::default());
        event
    }

    #[test]
    fn of_files_that_hold_secrets_only_the_name_leaves_in_every_agents_form() {
        for event in [
            json!({"hook_event_name": "PostToolUse", "tool_name": "Read", "tool_use_id": "t1", "tool_input": {"file_path": "/w/.env"},
                   "tool_response": {"type": "text", "file": {"filePath": "/w/.env", "content": "hush"}}}),
            json!({"hook_event_name": "PreToolUse", "tool_name": "Write", "tool_input": {"file_path": "/w/id_rsa", "content": "hush"}}),
            json!({"hook_event_name": "PostToolUse", "tool_name": "MultiEdit",
                   "tool_input": {"file_path": "/w/a.pem", "edits": [{"old_string": "hush", "new_string": "hush"}]}}),
            json!({"hook_event_name": "PostToolUse", "tool_name": "Bash", "tool_input": {"command": "cat config/.env | sort"}, "tool_response": {"stdout": "hush"}}),
            json!({"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "cat >.env <<E\nhush\nE"}}),
            json!({"hook_event_name": "PostToolUseFailure", "tool_name": "Bash", "tool_input": {"command": "diff .env b"}, "error": "Exit code 1\n< hush"}),
            json!({"hook_event_name": "PostToolBatch", "tool_calls": [
                {"tool_name": "Read", "tool_input": {"file_path": ".env"}, "tool_response": "hush"},
                {"tool_name": "Read", "tool_input": {"file_path": "a.rs"}, "tool_response": "open"}]}),
            json!({"toolName": "view", "toolArgs": "{\"path\": \"/w/.env\"}", "toolResult": {"resultType": "success", "textResultForLlm": "hush"}}),
            json!({"toolName": "apply_patch", "toolArgs": "*** Begin Patch\n*** Update File: a.rs\n+open\n*** Update File: .env\n@@\n-hush\n+hush\n*** End Patch"}),
            json!({"kind": "tool.execute.after", "input": {"tool": "read", "callID": "c", "args": {"filePath": "/w/.env"}},
                   "output": {"title": ".env", "output": "hush", "metadata": {"preview": "hush"}}}),
            json!({"hook_event_name": "beforeReadFile", "file_path": "/w/.env", "content": "hush"}),
            json!({"tool_name": "Bash", "tool_input": {"command": "git diff"},
                   "tool_response": {"stdout": "diff --git a/.env b/.env\n+hush\ndiff --git a/a.rs b/a.rs\n+open\n"}}),
        ] {
            let before = event.to_string();
            let after = without(event).to_string();
            assert!(!after.contains("hush") && after.contains(WITHHELD), "{after}");
            assert_eq!(before.contains("open"), after.contains("open"), "{after}");
        }
    }

    #[test]
    fn ids_names_figures_and_exit_codes_stay() {
        let event = json!({"session_id": "s", "cwd": "/w", "hook_event_name": "PostToolUseFailure", "tool_name": "Bash", "tool_use_id": "toolu_1",
                           "tool_input": {"command": "grep -c x .env"}, "error": "Exit code 1\n0", "duration_ms": 7, "is_interrupt": false});

        let expected = json!({"session_id": "s", "cwd": "/w", "hook_event_name": "PostToolUseFailure", "tool_name": "Bash", "tool_use_id": "toolu_1",
                              "tool_input": {"command": "grep -c x .env"}, "error": "Exit code 1\n[withheld]", "duration_ms": 7, "is_interrupt": false});
        assert_eq!(without(event), expected);
    }

    #[test]
    fn what_only_looks_like_such_a_file_stays() {
        for event in [
            json!({"tool_input": {"command": "node -e 'console.log(process.env.HOME)'"}, "tool_response": {"stdout": "/home/dev"}}),
            json!({"tool_input": {"file_path": "/w/.env.example"}, "tool_response": "A="}),
            json!({"hook_event_name": "UserPromptSubmit", "prompt": "look at .env please"}),
            json!({"tool_input": {"command": "/usr/bin/env python3 a.py"}, "tool_response": "fine"}),
        ] {
            assert_eq!(without(event.clone()), event);
        }
    }
}
