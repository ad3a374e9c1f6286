//! Puts labels on a version, beside those that it has. They leave the versions they were on.

use std::sync::Arc;

use agenttrace_api::prompts::UpdatePromptLabelsBody;
use agenttrace_kit::{Call, Error, Response, now};

use crate::change::change;
use crate::state::State;
use crate::{describe, protected, query};

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let name = call.request.param("promptName");
    let version = query::path_version(&call.request)?;
    let body: UpdatePromptLabelsBody = call.request.json()?;
    let labels = query::labels(&body.new_labels)?;
    let binding = protected::binding(&state, &call).await?;
    let absent = || not_found(name, version);

    let (head, ()) = change(&state, project_id, name, absent, |head| {
        head.mark(version).ok_or_else(absent)?;
        protected::check(&binding, labels.iter().filter(|l| head.version_of(l) != Some(version)))?;
        head.put_labels(version, &labels, now());
        Ok(())
    })
    .await?;

    let found = state.version(project_id, &head, version).await?.ok_or_else(absent)?;
    Ok(Response::json(200, &describe::prompt(project_id, &head, &found)))
}

pub fn not_found(name: &str, version: u32) -> Error {
    Error::not_found(format!("Prompt '{name}' version {version} not found in project"))
}
