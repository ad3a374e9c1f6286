//! Deletes a prompt, or one version of it. What other prompts include stays.

use std::sync::Arc;

use agenttrace_domain::prompt::Head;
use agenttrace_domain::prompt::reference::Target;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{PromptBody, PromptHead, PromptVersion};

use crate::change::Attempts;
use crate::state::State;
use crate::{dependents, protected, query};

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let name = call.request.param("promptName");
    let target = query::target(&call.request)?;
    let binding = protected::binding(&state, &call).await?;
    let included = dependents::of(&state, project_id, name).await?;
    let mut attempts = Attempts::new();
    loop {
        let found = state.records.prompt_head(project_id, name).await?.ok_or_else(not_found)?;
        state.memory.forget_head(project_id, name);
        if found.deleted {
            finish(&state, project_id, &found).await?;
            return Ok(Response::empty(204));
        }
        let versions = targeted(&found.head, target.as_ref()).ok_or_else(not_found)?;
        protected::check(&binding, found.head.labels.iter().filter(|(_, v)| versions.contains(v)).map(|(l, _)| l))?;
        let mut after = found.head.clone();
        after.remove_versions(&versions, now());
        let deleted = after.versions.is_empty();
        dependents::check(&found.head, (!deleted).then_some(&after), &included)?;
        let next = PromptHead { head: if deleted { found.head } else { after }, revision: found.revision + 1, deleted };
        if state.records.replace_prompt_head(project_id, &next, found.revision, now()).await? {
            if deleted {
                finish(&state, project_id, &next).await?;
            } else {
                remove(&state, project_id, &next.head.id, &versions).await?;
            }
            state.memory.forget_head(project_id, name);
            return Ok(Response::empty(204));
        }
        attempts.again().await?;
    }
}

/// The versions that a target means; all without one. `None` when there are none.
fn targeted(head: &Head, target: Option<&Target>) -> Option<Vec<u32>> {
    Some(match target {
        None => head.versions.iter().map(|m| m.version).collect(),
        Some(Target::Version(version)) => vec![head.mark(*version)?.version],
        Some(Target::Label(label)) => vec![head.version_of(label)?],
    })
}

/// Removes everything of a prompt that is marked as deleted. May be done twice.
pub async fn finish(state: &State, project_id: &str, found: &PromptHead) -> Result<(), Error> {
    let versions = state.records.stored_prompt_versions(project_id, &found.head.id).await?;
    erase(state, project_id, &versions).await?;
    Ok(state.records.remove_prompt_head(project_id, found, now()).await?)
}

async fn remove(state: &State, project_id: &str, prompt_id: &str, versions: &[u32]) -> Result<(), Error> {
    let stored = state.records.stored_prompt_versions(project_id, prompt_id).await?;
    let gone: Vec<PromptVersion> = stored.into_iter().filter(|v| versions.contains(&v.version)).collect();
    erase(state, project_id, &gone).await
}

/// Objects first: while a version's item is there, a second attempt knows of them.
pub async fn erase(state: &State, project_id: &str, versions: &[PromptVersion]) -> Result<(), Error> {
    for version in versions {
        if let PromptBody::Object(key) = &version.body {
            state.blobs.delete(key).await?;
        }
    }
    Ok(state.records.remove_prompt_versions(project_id, versions).await?)
}

fn not_found() -> Error {
    Error::not_found("Prompt not found")
}
