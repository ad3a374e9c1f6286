//! Creates of what agents did: file operations, commands, links to commits, CI runs; one or a batch, each checked for itself.
//!
//! All are statements on the stream. An id that is given is taken; an id that is made is made of what names the row, so that the same
//! statement again is the same row.

use std::sync::Arc;

use agenttrace_api::agents::{
    CiRunBody, CiRunPatch, CreatedBatch, CreatedRow, FileOperationBody, GitLinkBody, RefusedRow, TerminalCommandBody,
};
use agenttrace_api::ingestion::IdAnswer;
use agenttrace_domain::agent::{
    AgentRecord, CiProvider, CiRun, CiStatus, FileAction, FileOperation, GitLink, TerminalCommand, extension, made_id,
};
use agenttrace_domain::{Event, Source, Timestamp, repository_url, valid_id};
use agenttrace_ingest::decompress;
use agenttrace_kit::{Call, Error, Response};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::accept::{Arrival, accept, refused};
use crate::state::State;

/// Most rows of a batch.
const MAX_ROWS: usize = 1_000;
/// The longest short text (a name, a branch, an address), in bytes.
const MAX_SHORT: usize = 4_096;
/// The longest command or message, in bytes.
const MAX_MEDIUM: usize = 256 << 10;
/// The longest output or diff that is kept; the rest is cut.
const MAX_LONG: usize = 1 << 20;
const MAX_FILES: usize = 10_000;
const EXIT_SOURCES: &[&str] = &["shim", "agent_structured", "agent_text", "none"];
const METHODS: &[&str] = &["hook_environment", "agent_reported", "trailer", "tree_match", "line_match", "wrap", "webhook", "manual"];

/// A row or what is wrong with its body.
type Made = Result<(String, AgentRecord), String>;

pub async fn create_file_operation(state: Arc<State>, call: Call) -> Result<Response, Error> {
    create::<FileOperationBody>(state, call, file_operation).await
}

pub async fn create_terminal_command(state: Arc<State>, call: Call) -> Result<Response, Error> {
    create::<TerminalCommandBody>(state, call, terminal_command).await
}

pub async fn create_git_link(state: Arc<State>, call: Call) -> Result<Response, Error> {
    create::<GitLinkBody>(state, call, git_link).await
}

pub async fn create_ci_run(state: Arc<State>, call: Call) -> Result<Response, Error> {
    create::<CiRunBody>(state, call, |body, _| {
        let provider = one_of("provider", &body.provider, CiProvider::parse, CiProvider::ALL.iter().map(|p| p.as_str()))?;
        let run_id = needed("runId", &body.run_id)?;
        let repository = repository_url(&body.rest.repository_url.clone().unwrap_or_default());
        let job = body.rest.job_name.clone().unwrap_or_default();
        let id = id(body.id.clone(), || made_id(&["ci", provider.as_str(), &repository, &run_id, &job]))?;
        let run = CiRun { provider: Some(provider), run_id: Some(run_id), ..ci_run(id, body.rest)? };
        Ok((run.id.clone(), AgentRecord::CiRun(Box::new(run))))
    })
    .await
}

/// A patch of a run that nobody made waits for its create, like any other statement.
pub async fn update_ci_run(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let arrival = Arrival::of(&call.request)?;
    let patch: CiRunPatch = serde_json::from_slice(&call.request.body).map_err(|e| bad(&e.to_string()))?;
    let run = id(Some(call.request.param("id").to_owned()), String::new).and_then(|id| ci_run(id, patch)).map_err(|m| bad(&m))?;
    let answer = IdAnswer { id: run.id.clone() };
    accept(&state, &call, &arrival, Source::Api, vec![Event::Agent(AgentRecord::CiRun(Box::new(run)))]).await?;
    Ok(Response::json(200, &answer))
}

fn bad(message: &str) -> Error {
    Error::bad_request(format!("Invalid request data: {message}"))
}

/// One body answers 200 with its id; a list answers 207 with what became of each.
async fn create<T: DeserializeOwned>(state: Arc<State>, call: Call, make: fn(T, Timestamp) -> Made) -> Result<Response, Error> {
    let arrival = Arrival::of(&call.request)?;
    let body = decompress(&call.request.body, call.request.header("content-encoding"), &state.limits).map_err(refused)?;
    let json: Json = serde_json::from_slice(&body).map_err(|e| bad(&format!("the body is not JSON: {e}")))?;
    drop(body);
    let read = |json: Json| serde_json::from_value::<T>(json).map_err(|e| e.to_string()).and_then(|body| make(body, arrival.now));
    let rows = match json {
        Json::Array(rows) => rows,
        one => {
            let (id, record) = read(one).map_err(|m| bad(&m))?;
            accept(&state, &call, &arrival, Source::Api, vec![Event::Agent(record)]).await?;
            return Ok(Response::json(200, &IdAnswer { id }));
        }
    };
    if rows.len() > MAX_ROWS {
        return Err(Error::bad_request(format!("A batch takes at most {MAX_ROWS} rows: send several.")));
    }
    let (mut events, mut answer) = (Vec::with_capacity(rows.len()), CreatedBatch::default());
    for (index, row) in (0u64..).zip(rows) {
        match read(row) {
            Ok((id, record)) => {
                events.push(Event::Agent(record));
                answer.successes.push(CreatedRow { index, id });
            }
            Err(message) => answer.errors.push(RefusedRow { index, message }),
        }
    }
    accept(&state, &call, &arrival, Source::Api, events).await?;
    Ok(Response::json(207, &answer))
}

fn id(given: Option<String>, made: impl FnOnce() -> String) -> Result<String, String> {
    let id = given.filter(|id| !id.is_empty()).unwrap_or_else(made);
    if valid_id(&id) { Ok(id) } else { Err("`id` must be text of 1 to 800 characters, without control characters".to_owned()) }
}

fn id_text(name: &str, text: Option<String>) -> Result<String, String> {
    match text.filter(|t| !t.is_empty()) {
        None => Ok(String::new()),
        Some(text) if valid_id(&text) => Ok(text),
        Some(_) => Err(format!("`{name}` must be text of 1 to 800 characters, without control characters")),
    }
}

fn needed_id(name: &str, text: &str) -> Result<String, String> {
    if valid_id(text) {
        Ok(text.to_owned())
    } else {
        Err(format!("`{name}` must be text of 1 to 800 characters, without control characters"))
    }
}

fn bounded(name: &str, text: &str, most: usize) -> Result<String, String> {
    if text.len() <= most { Ok(text.replace('\0', "\u{fffd}")) } else { Err(format!("`{name}` holds more than {most} bytes")) }
}

fn short(name: &str, text: Option<String>) -> Result<String, String> {
    bounded(name, &text.unwrap_or_default(), MAX_SHORT)
}

fn said(name: &str, text: Option<String>) -> Result<Option<String>, String> {
    text.filter(|t| !t.is_empty()).map(|t| bounded(name, &t, MAX_SHORT)).transpose()
}

fn needed(name: &str, text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err(format!("`{name}` is empty")) } else { bounded(name, text, MAX_SHORT) }
}

fn long(text: Option<String>) -> String {
    let text = text.unwrap_or_default();
    text[..text.floor_char_boundary(MAX_LONG.min(text.len()))].replace('\0', "\u{fffd}")
}

fn time(name: &str, text: Option<String>) -> Result<Option<Timestamp>, String> {
    text.filter(|t| !t.is_empty())
        .map(|t| Timestamp::parse(&t).ok_or_else(|| format!("`{name}` must be an ISO 8601 time such as 2026-01-31T10:00:00.000Z")))
        .transpose()
}

fn one_of<T>(name: &str, text: &str, parse: fn(&str) -> Option<T>, known: impl Iterator<Item = &'static str>) -> Result<T, String> {
    parse(text).ok_or_else(|| format!("`{name}` must be one of {}", known.collect::<Vec<_>>().join(", ")))
}

fn file_operation(body: FileOperationBody, now: Timestamp) -> Made {
    let action = one_of("operation", &body.operation, FileAction::parse, FileAction::ALL.iter().map(|a| a.as_str()))?;
    let path = needed("filePath", &body.file_path)?;
    let trace_id = needed_id("traceId", &body.trace_id)?;
    let observation_id = id_text("observationId", body.observation_id)?;
    let timestamp = time("timestamp", body.timestamp.clone())?.unwrap_or(now);
    let file_type = match short("fileType", body.file_type)? {
        empty if empty.is_empty() => extension(&path).to_owned(),
        stated => stated,
    };
    let at = timestamp.0.to_string();
    let id = id(body.id, || made_id(&["file", &trace_id, &observation_id, &path, action.as_str(), &at]))?;
    let row = FileOperation {
        id: id.clone(),
        trace_id,
        observation_id,
        session_id: id_text("sessionId", body.session_id)?,
        agent: short("agent", body.agent)?,
        action,
        path,
        new_path: short("newPath", body.new_path)?,
        file_type,
        before_hash: short("beforeContentHash", body.before_content_hash)?,
        after_hash: short("afterContentHash", body.after_content_hash)?,
        before_size: body.before_size,
        after_size: body.after_size,
        lines_added: body.lines_added,
        lines_removed: body.lines_removed,
        diff: long(body.diff),
        timestamp,
    };
    Ok((id, AgentRecord::FileOperation(Box::new(row))))
}

fn terminal_command(body: TerminalCommandBody, now: Timestamp) -> Made {
    if body.command.trim().is_empty() {
        return Err("`command` is empty".to_owned());
    }
    let command = bounded("command", &body.command, MAX_MEDIUM)?;
    let trace_id = needed_id("traceId", &body.trace_id)?;
    let observation_id = id_text("observationId", body.observation_id)?;
    let timestamp = time("timestamp", body.timestamp.clone())?.unwrap_or(now);
    let stated = body.exit_code_source.as_deref().filter(|s| !s.is_empty());
    let source = match stated {
        Some(source) if EXIT_SOURCES.contains(&source) => source,
        Some(_) => return Err(format!("`exitCodeSource` must be one of {}", EXIT_SOURCES.join(", "))),
        None if body.exit_code.is_some() => "shim",
        None => "none",
    };
    let at = timestamp.0.to_string();
    let id = id(body.id, || made_id(&["command", &trace_id, &observation_id, &command, &at]))?;
    let row = TerminalCommand {
        id: id.clone(),
        trace_id,
        observation_id,
        session_id: id_text("sessionId", body.session_id)?,
        agent: short("agent", body.agent)?,
        command,
        working_dir: short("workingDir", body.working_dir)?,
        exit_code: body.exit_code,
        exit_code_source: source.to_owned(),
        success: body.exit_code.map(|code| code == 0),
        stdout: long(body.stdout),
        stderr: long(body.stderr),
        duration_ms: body.duration_ms,
        timestamp,
    };
    Ok((id, AgentRecord::TerminalCommand(Box::new(row))))
}

fn git_link(body: GitLinkBody, now: Timestamp) -> Made {
    let commit_sha = body.commit_sha.trim().to_ascii_lowercase();
    if !(7..=64).contains(&commit_sha.len()) || !commit_sha.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err("`commitSha` must be 7 to 64 hex characters".to_owned());
    }
    let method = body.method.unwrap_or_else(|| "manual".to_owned());
    if !METHODS.contains(&method.as_str()) {
        return Err(format!("`method` must be one of {}", METHODS.join(", ")));
    }
    let confidence = body.confidence.unwrap_or(1.0);
    if !(0.0..=1.0).contains(&confidence) {
        return Err("`confidence` must be a number from 0 to 1".to_owned());
    }
    let files = body.files_changed.unwrap_or_default();
    if files.len() > MAX_FILES || files.iter().any(|f| f.len() > MAX_SHORT) {
        return Err(format!("`filesChanged` takes at most {MAX_FILES} paths of {MAX_SHORT} bytes"));
    }
    let trace_id = needed_id("traceId", &body.trace_id)?;
    let repository_url = repository_url(&short("repositoryUrl", body.repository_url)?);
    // Without a repository it is the row that the agent's own report makes.
    let made = || {
        if repository_url.is_empty() {
            made_id(&["link", &trace_id, &commit_sha])
        } else {
            made_id(&["link", &trace_id, &repository_url, &commit_sha])
        }
    };
    let id = id(body.id, made)?;
    let row = GitLink {
        id: id.clone(),
        trace_id,
        observation_id: id_text("observationId", body.observation_id)?,
        session_id: id_text("sessionId", body.session_id)?,
        agent: short("agent", body.agent)?,
        repository_url,
        commit_sha,
        branch: short("branch", body.branch)?,
        pr_number: body.pr_number,
        pr_url: short("prUrl", body.pr_url)?,
        commit_message: bounded("commitMessage", &body.commit_message.unwrap_or_default(), MAX_MEDIUM)?,
        author_name: short("authorName", body.author_name)?,
        author_email: short("authorEmail", body.author_email)?,
        files_changed: files,
        additions: body.additions,
        deletions: body.deletions,
        method,
        confidence,
        timestamp: time("timestamp", body.timestamp)?.unwrap_or(now),
    };
    Ok((id, AgentRecord::GitLink(Box::new(row))))
}

fn ci_run(id: String, body: CiRunPatch) -> Result<CiRun, String> {
    let status = body
        .status
        .filter(|s| !s.is_empty())
        .map(|s| one_of("status", &s, CiStatus::parse, CiStatus::ALL.iter().map(|s| s.as_str())))
        .transpose()?;
    Ok(CiRun {
        id,
        trace_id: Some(id_text("traceId", body.trace_id)?).filter(|t| !t.is_empty()),
        provider: None,
        run_id: None,
        run_url: said("runUrl", body.run_url)?,
        attempt: body.attempt,
        workflow_name: said("workflowName", body.workflow_name)?,
        job_name: said("jobName", body.job_name)?,
        stage: said("stage", body.stage)?,
        status,
        trigger_event: said("triggerEvent", body.trigger_event)?,
        repository_url: said("repositoryUrl", body.repository_url)?.map(|url| repository_url(&url)),
        commit_sha: said("commitSha", body.commit_sha)?.map(|sha| sha.to_ascii_lowercase()),
        branch: said("branch", body.branch)?,
        pr_number: body.pr_number,
        started_at: time("startedAt", body.started_at)?,
        finished_at: time("finishedAt", body.finished_at)?,
    })
}
