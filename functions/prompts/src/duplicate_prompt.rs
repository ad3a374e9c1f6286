//! Copies a prompt under a new name: all versions with their numbers and labels, or one as version 1.
//!
//! The head is written last; until then nothing leads to the copies.

use std::sync::Arc;

use agenttrace_api::prompts::DuplicatePromptBody;
use agenttrace_domain::prompt::{Head, VersionMark, names};
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{PromptHead, PromptParts, PromptVersion, new_id};

use crate::create_prompt::store;
use crate::delete_prompt::{erase, finish};
use crate::read::body_of;
use crate::state::State;
use crate::{describe, protected};

/// More do not copy within a request.
const MAX_COPIED: usize = 300;
/// Versions with bodies that are held at once.
const BATCH: usize = 10;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let name = call.request.param("promptName");
    let body: DuplicatePromptBody = call.request.json()?;
    let to = names::name(&body.name).map_err(Error::bad_request)?;
    let absent = || Error::not_found(format!("Prompt not found: '{name}'"));
    let source = state.read_head(project_id, name).await?.ok_or_else(absent)?;
    if let Some(taken) = state.records.prompt_head(project_id, &to).await? {
        if !taken.deleted {
            return Err(exists(&to));
        }
        finish(&state, project_id, &taken).await?;
    }
    let copy = plan(&source, &to, body.version).ok_or_else(absent)?;
    if copy.versions.len() > MAX_COPIED {
        return Err(Error::bad_request(format!("At most {MAX_COPIED} versions are copied at once. Name one `version`.")));
    }
    protected::check(&protected::binding(&state, &call).await?, copy.labels.iter().map(|(l, _)| l))?;

    let by = call.caller()?.user_id().map(str::to_owned);
    let numbers: Vec<(u32, u32)> = match body.version {
        Some(version) => vec![(version, 1)],
        None => copy.versions.iter().map(|m| (m.version, m.version)).collect(),
    };
    let mut written = Vec::new();
    let outcome = copy_versions(&state, project_id, &source, &copy, &numbers, by.as_deref(), &mut written).await;
    let head = PromptHead { head: copy, revision: 1, deleted: false };
    let done = match outcome {
        Ok(()) => state.records.create_prompt_head(project_id, &head, now()).await.map_err(Error::from),
        Err(error) => Err(error),
    };
    if !matches!(done, Ok(true)) {
        erase(&state, project_id, &written).await?;
    }
    if !done? {
        return Err(exists(&to));
    }
    let newest = head.head.newest().map(|m| m.version).unwrap_or_default();
    let shown = state.version(project_id, &head.head, newest).await?.ok_or_else(absent)?;
    Ok(Response::json(201, &describe::prompt(project_id, &head.head, &shown)))
}

/// The copy's head. `None` when there is no such version.
fn plan(source: &Head, to: &str, version: Option<u32>) -> Option<Head> {
    let at = now();
    let mut copy = Head { id: new_id(), name: to.to_owned(), created_at: at, ..source.clone() };
    if let Some(version) = version {
        source.mark(version)?;
        copy.labels = source.labels.iter().filter(|(_, v)| *v == version).map(|(l, _)| (l.clone(), 1)).collect();
        copy.versions = vec![VersionMark { version: 1, updated_at: at }];
        copy.last_version = 1;
        if source.newest().map(|m| m.version) != Some(version) {
            copy.config = None;
        }
    }
    for mark in &mut copy.versions {
        mark.updated_at = at;
    }
    Some(copy)
}

async fn copy_versions(
    state: &State,
    project_id: &str,
    source: &Head,
    copy: &Head,
    numbers: &[(u32, u32)],
    by: Option<&str>,
    written: &mut Vec<PromptVersion>,
) -> Result<(), Error> {
    for batch in numbers.chunks(BATCH) {
        let wanted: Vec<(&str, u32)> = batch.iter().map(|(from, _)| (source.id.as_str(), *from)).collect();
        for version in state.records.prompt_versions(project_id, &wanted, PromptParts::All).await? {
            let Some((_, number)) = batch.iter().find(|(from, _)| *from == version.version) else { continue };
            let PromptVersion { body, references, commit_message, .. } = version;
            let body = body_of(&state.blobs, body).await?;
            let id = new_id();
            let body = store(state, project_id, &id, body.prompt, body.config).await?;
            let made = PromptVersion {
                id,
                prompt_id: copy.id.clone(),
                version: *number,
                body,
                references,
                commit_message,
                created_at: copy.created_at,
                created_by: by.map(str::to_owned),
            };
            state.records.put_prompt_version(project_id, &copy.name, &made).await?;
            written.push(made);
        }
    }
    Ok(())
}

fn exists(name: &str) -> Error {
    Error::conflict(format!("A prompt named '{name}' already exists. Choose another name."))
}
