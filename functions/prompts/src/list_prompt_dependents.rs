//! The prompt versions that include a prompt.

use std::sync::Arc;

use agenttrace_api::prompts::{PromptDependent, PromptDependents};
use agenttrace_domain::prompt::reference::Target;
use agenttrace_kit::{Call, Error, Response};

use crate::dependents;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let name = call.request.param("promptName");
    if state.read_head(project_id, name).await?.is_none() {
        return Err(Error::not_found(format!("Prompt not found: '{name}'")));
    }
    let mut found = dependents::of(&state, project_id, name).await?;
    found.sort_by(|a, b| a.name.cmp(&b.name).then(b.version.cmp(&a.version)));
    let data = found
        .into_iter()
        .map(|d| {
            let (referenced_version, referenced_label) = match d.target {
                Target::Version(version) => (Some(version), None),
                Target::Label(label) => (None, Some(label)),
            };
            PromptDependent { name: d.name, version: d.version, referenced_version, referenced_label }
        })
        .collect();
    Ok(Response::json(200, &PromptDependents { data }))
}
