//! `put_github_webhook`: makes a new secret for a project. From then on it is the only one that counts.

use std::sync::Arc;

use agenttrace_api::github_webhook::CreatedGithubWebhook;
use agenttrace_auth::webhook::generate_secret;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::GithubWebhook;

use crate::get_github_webhook::describe;
use crate::state::{State, belongs};

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.request.param("projectId");
    let there = state.records.github_webhook(project_id).await?;
    let (secret, rotated_at) = (generate_secret(), now());
    let webhook = GithubWebhook {
        project_id: project_id.to_owned(),
        sealed: state.sealer.seal(&secret, belongs(project_id)).await?,
        created_at: there.as_ref().map_or(rotated_at, |webhook| webhook.created_at),
        rotated_at,
        last_delivery_at: there.as_ref().and_then(|webhook| webhook.last_delivery_at),
        last_event: there.and_then(|webhook| webhook.last_event),
    };
    state.records.put_github_webhook(&webhook).await?;
    Ok(Response::json(200, &CreatedGithubWebhook { webhook: describe(&webhook), secret }))
}
