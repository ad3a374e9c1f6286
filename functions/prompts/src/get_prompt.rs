//! One version of a prompt, by version or label, with what it includes put in.

use std::sync::Arc;

use agenttrace_api::prompts::ResolvedPrompt;
use agenttrace_domain::prompt::PRODUCTION;
use agenttrace_domain::prompt::reference::Target;
use agenttrace_kit::{Call, Error, Response};

use crate::resolve::{Root, resolve};
use crate::state::State;
use crate::{describe, query};

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let target = query::target(&call.request)?.unwrap_or_else(|| Target::Label(PRODUCTION.to_owned()));
    answer(&state, &call, &target).await
}

pub async fn answer(state: &State, call: &Call, target: &Target) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let name = call.request.param("promptName");
    let put_in = query::flag(&call.request, "resolve", true)?;

    let (head, version) = state.locate(project_id, name, target).await?.ok_or_else(|| not_found(name, target))?;
    let mut prompt = describe::prompt(project_id, &head, &version);
    let mut resolution_graph = None;
    if put_in {
        let root = Root { id: &version.id, name, version: version.version, content: &version.content, references: &version.references };
        (prompt.prompt, resolution_graph) = resolve(state, project_id, &root).await?;
    }
    Ok(Response::json(200, &ResolvedPrompt { prompt, resolution_graph }))
}

/// Langfuse's sentence: clients show it.
fn not_found(name: &str, target: &Target) -> Error {
    Error::not_found(match target {
        Target::Version(version) => format!("Prompt not found: '{name}' with version {version}"),
        Target::Label(label) => format!("Prompt not found: '{name}' with label '{label}'"),
    })
}
