//! Gives a prompt exactly these tags, on all its versions.

use std::sync::Arc;

use agenttrace_api::prompts::SetPromptTagsBody;
use agenttrace_domain::prompt::names;
use agenttrace_kit::{Call, Error, Response, now};

use crate::change::change;
use crate::list_prompts::{Filter, describe};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let name = call.request.param("promptName");
    let body: SetPromptTagsBody = call.request.json()?;
    let tags = names::tags(&body.tags).map_err(Error::bad_request)?;
    let absent = || Error::not_found(format!("Prompt not found: '{name}'"));

    let (head, ()) = change(&state, project_id, name, absent, |head| {
        head.set_tags(tags.clone(), now());
        Ok(())
    })
    .await?;

    let row = Filter::default().row(&head).ok_or_else(absent)?;
    let shown = describe(&state, project_id, vec![row]).await?.pop().ok_or_else(absent)?;
    Ok(Response::json(200, &shown))
}
