//! Gives a version exactly these labels: others leave it, and these leave the versions they were on.

use std::sync::Arc;

use agenttrace_api::prompts::SetPromptLabelsBody;
use agenttrace_kit::{Call, Error, Response, now};

use crate::change::change;
use crate::state::State;
use crate::update_prompt_labels::not_found;
use crate::{dependents, describe, protected, query};

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let name = call.request.param("promptName");
    let version = query::path_version(&call.request)?;
    let body: SetPromptLabelsBody = call.request.json()?;
    let labels = query::labels_of_new(&body.labels)?;
    let binding = protected::binding(&state, &call).await?;
    let included = dependents::of(&state, project_id, name).await?;
    let absent = || not_found(name, version);

    let (head, ()) = change(&state, project_id, name, absent, |head| {
        head.mark(version).ok_or_else(absent)?;
        let before = head.clone();
        let here = |label: &String| head.version_of(label) == Some(version);
        let taken: Vec<String> = head.labels.iter().filter(|(l, v)| *v == version && !labels.contains(l)).map(|(l, _)| l.clone()).collect();
        protected::check(&binding, taken.iter().chain(labels.iter().filter(|l| !here(l))))?;
        head.take_labels(&taken, now());
        // Those that it has already keep their place.
        let new: Vec<String> = labels.iter().filter(|l| head.version_of(l) != Some(version)).cloned().collect();
        if !new.is_empty() {
            head.put_labels(version, &new, now());
        }
        dependents::check(&before, Some(head), &included)
    })
    .await?;

    let found = state.version(project_id, &head, version).await?.ok_or_else(absent)?;
    Ok(Response::json(200, &describe::prompt(project_id, &head, &found)))
}
