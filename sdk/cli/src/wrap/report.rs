//! The bodies in which a run is told: events of the batch API for the trace and its steps, and the records of commands, files and commits.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use base64::Engine as _;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::journal::Ran;
use super::pty::Status;
use super::{Args, Run};
use crate::config::Config;
use crate::git::{Commit, Head, Snapshots};
use crate::gitdir::GitDir;
use crate::links;

const INGESTION: &str = "/api/public/ingestion";
const FILES: &str = "/api/public/file-operations";
const LINKS: &str = "/api/public/git-links";

/// Microseconds since 1970 at which what is said loses against the agents' own ranks (docs/coding-agents.md).
const BELOW_EVERY_RANK: u64 = 5_000;

/// Commands of one body, and the bytes of their output: well under what the server takes at once.
const MAX_COMMANDS: usize = 100;
const MAX_BYTES: usize = 2_000_000;
/// Of one file's difference.
const MAX_DIFF: usize = 100_000;
/// A run that touches more files than this is told without the rest.
const MAX_FILES: usize = 2_000;

fn rfc3339(micros: u64) -> String {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}

fn micros(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as u64
}

fn event(kind: &str, at: u64, body: Value) -> Value {
    json!({"id": uuid::Uuid::new_v4().to_string(), "type": kind, "timestamp": rfc3339(at), "body": body})
}

fn named(args: &Args) -> String {
    let program = args.command[0].to_string_lossy();
    args.name.clone().unwrap_or_else(|| program.rsplit('/').next().unwrap_or(&program).to_owned())
}

/// The agent that runs, by the names that its own telemetry bears (docs/coding-agents.md); any other program by its own.
fn agent(args: &Args) -> String {
    let program = args.command[0].to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or(&program);
    match program {
        "claude" => "claude-code",
        "gemini" => "gemini-cli",
        "copilot" => "copilot-cli",
        other => other,
    }
    .to_owned()
}

fn command_line(args: &Args) -> String {
    args.command.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Whose run it is.
pub fn user(args: &Args, config: &Config) -> Option<String> {
    args.user_id.clone().or_else(|| (!config.user_id.is_empty()).then(|| config.user_id.clone()))
}

pub fn environment(args: &Args, config: &Config) -> Option<String> {
    args.environment.clone().or_else(|| (!config.environment.is_empty()).then(|| config.environment.clone()))
}

/// What is known when the run begins.
pub fn begin(run: &Run, args: &Args, config: &Config) -> Value {
    let at = micros(run.began);
    let (user, environment) = (user(args, config), environment(args, config));
    let mut metadata = json!({"process.command_line": command_line(args), "process.working_directory": run.cwd});
    if let Some(head) = &run.head {
        for (name, value) in [
            ("vcs.repository.url.full", Some(head.repository_url.clone()).filter(|url| !url.is_empty())),
            ("vcs.ref.head.name", head.branch.clone()),
            ("vcs.ref.head.revision", head.commit.clone()),
        ] {
            if let Some(value) = value {
                metadata[name] = value.into();
            }
        }
    }
    // Unless one is named, the run is a session of its own; said below every rank, so that an agent in it may say otherwise.
    let alone = event("trace-create", BELOW_EVERY_RANK, json!({"id": run.trace_id, "sessionId": run.trace_id}));
    json!({"batch": [
        event("trace-create", at, json!({
            "id": run.trace_id, "timestamp": rfc3339(at), "name": named(args), "userId": user, "tags": args.tags, "environment": environment,
            "sessionId": args.session_id, "input": command_line(args), "metadata": metadata,
        })),
        alone,
        event("agent-create", at, json!({
            "id": run.root_id, "traceId": run.trace_id, "name": named(args), "startTime": rfc3339(at), "input": command_line(args),
            "environment": environment, "metadata": metadata,
        })),
    ]})
}

/// What is known when it has ended.
pub fn end(run: &Run, args: &Args, config: &Config, status: &Status, commands: usize) -> Value {
    let at = micros(SystemTime::now());
    let failed = status.code != 0;
    let environment = environment(args, config);
    let mut metadata = json!({"process.exit.code": status.code, "agenttrace.commands": commands});
    if let Some(signal) = &status.signal {
        metadata["process.exit.signal"] = signal.clone().into();
    }
    json!({"batch": [event("agent-create", at, json!({
        "id": run.root_id, "traceId": run.trace_id, "name": named(args), "startTime": rfc3339(micros(run.began)), "endTime": rfc3339(at),
        "environment": environment, "metadata": metadata, "output": json!({"exitCode": status.code}),
        "level": if failed { "ERROR" } else { "DEFAULT" },
        "statusMessage": failed.then(|| format!("exit code {}", status.code)),
    }))]})
}

/// Each command as a step of the trace. The server makes the record of a command from the step's metadata (docs/coding-agents.md).
pub fn commands(run: &Run, args: &Args, commands: &[Ran]) -> Vec<(&'static str, Value)> {
    let body = |chunk: &[Ran]| json!({"batch": chunk.iter().map(|ran| step(run, &agent(args), ran)).collect::<Vec<_>>()});
    chunks(commands).into_iter().map(|chunk| (INGESTION, body(chunk))).collect()
}

fn chunks(commands: &[Ran]) -> Vec<&[Ran]> {
    let mut chunks = Vec::new();
    let (mut from, mut bytes) = (0, 0);
    for (place, ran) in commands.iter().enumerate() {
        let size = ran.command.len() + ran.stdout.len() + ran.stderr.len();
        if place > from && (place - from >= MAX_COMMANDS || bytes + size > MAX_BYTES) {
            chunks.push(&commands[from..place]);
            (from, bytes) = (place, 0);
        }
        bytes += size;
    }
    if from < commands.len() {
        chunks.push(&commands[from..]);
    }
    chunks
}

fn step(run: &Run, agent: &str, ran: &Ran) -> Value {
    let failed = ran.code.is_some_and(|code| code != 0);
    let name = ran.command.split_whitespace().next().unwrap_or("shell");
    let output: String =
        [ran.stdout.as_str(), ran.stderr.as_str()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    let mut metadata = json!({
        "agent.name": agent, "agent.record": "tool_call", "tool.name": "shell", "command.line": ran.command, "command.cwd": ran.cwd, "command.argv": ran.argv,
        "command.stdout_bytes": ran.stdout_bytes, "command.stderr_bytes": ran.stderr_bytes,
    });
    if let Some(code) = ran.code {
        metadata["command.exit_code"] = code.into();
        metadata["command.exit_code_source"] = "shim".into();
    }
    event(
        "tool-create",
        ran.ended.unwrap_or(ran.began),
        json!({
            "id": ran.id, "traceId": run.trace_id, "parentObservationId": ran.parent.as_ref().unwrap_or(&run.root_id), "name": name,
            "startTime": rfc3339(ran.began), "endTime": ran.ended.map(rfc3339), "input": ran.command, "output": output,
            "level": if failed { "WARNING" } else { "DEFAULT" },
            "statusMessage": ran.code.filter(|code| *code != 0).map(|code| format!("exit code {code}")),
            "metadata": metadata,
        }),
    )
}

/// What the run changed in the working tree, when it changed something. Files that hold secrets are named only.
pub fn files(run: &Run, snapshots: &Snapshots, before: &str, after: &str) -> Result<Option<(&'static str, Value)>> {
    if before == after {
        return Ok(None);
    }
    let mut records = Vec::new();
    for change in snapshots.changes(before, after)?.iter().take(MAX_FILES) {
        let denied =
            agenttrace_redact::paths::is_denied(&change.path) || change.from.as_deref().is_some_and(agenttrace_redact::paths::is_denied);
        let diff = match change.lines {
            Some(_) if !denied => Some(snapshots.diff(before, after, change, MAX_DIFF)?),
            _ => None,
        };
        records.push(json!({
            "id": uuid::Uuid::new_v4().to_string(), "traceId": run.trace_id, "observationId": run.root_id, "operation": change.operation,
            "filePath": change.from.as_ref().unwrap_or(&change.path), "newPath": change.from.as_ref().map(|_| &change.path), "timestamp": rfc3339(micros(SystemTime::now())),
            "beforeContentHash": change.before.as_ref().filter(|_| !denied), "afterContentHash": change.after.as_ref().filter(|_| !denied),
            "linesAdded": change.lines.map(|lines| lines.0), "linesRemoved": change.lines.map(|lines| lines.1), "diff": diff,
        }));
    }
    Ok((!records.is_empty()).then(|| (FILES, records.into())))
}

/// The commits that appeared during the run.
pub fn commits(run: &Run, head: &Head, commits: &[Commit]) -> Option<(&'static str, Value)> {
    // What git's own hooks told already is better: it names the very command.
    let repository = GitDir::around(&head.root);
    let told = |commit: &Commit| repository.as_ref().map(|repository| links::told(repository, &commit.sha)).unwrap_or_default();
    let known = |commit: &&Commit| told(commit).iter().any(|link| link.trace_id == run.trace_id);
    let records: Vec<Value> = commits
        .iter()
        .filter(|commit| !known(commit))
        .map(|commit| {
            json!({
                "traceId": run.trace_id, "observationId": run.root_id, "repositoryUrl": head.repository_url, "commitSha": commit.sha,
                "branch": head.branch, "commitMessage": commit.message, "authorName": commit.author_name, "authorEmail": commit.author_email,
                "filesChanged": commit.files_changed, "additions": commit.additions, "deletions": commit.deletions,
                "method": "wrap", "confidence": 0.9,
            })
        })
        .collect();
    (!records.is_empty()).then(|| (LINKS, records.into()))
}

/// `OTEL_RESOURCE_ATTRIBUTES` by which an agent's telemetry names the run, after what the user had set.
pub fn resource_attributes(run: &Run, theirs: &str) -> String {
    let ours = format!("agenttrace.run.trace_id={},agenttrace.run.observation_id={}", run.trace_id, run.root_id);
    if theirs.trim().is_empty() { ours } else { format!("{},{ours}", theirs.trim_end_matches(',')) }
}

/// Variables by which agents and programs send their own telemetry to the same project. Of agents none that tells contents, which would pass no redaction.
pub fn telemetry(config: &Config) -> Vec<(&'static str, String)> {
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", config.public_key, config.secret_key));
    vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", config.base_url.trim_end_matches('/').to_owned()),
        // With a blank as it is: Claude Code's exporter does not decode `%20`, and those that decode leave a blank alone.
        ("OTEL_EXPORTER_OTLP_HEADERS", format!("Authorization=Basic {pair}")),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf".to_owned()),
        ("CLAUDE_CODE_ENABLE_TELEMETRY", "1".to_owned()),
        ("OTEL_LOGS_EXPORTER", "otlp".to_owned()),
        ("OTEL_METRICS_EXPORTER", "otlp".to_owned()),
        ("COPILOT_OTEL_ENABLED", "true".to_owned()),
    ]
}
