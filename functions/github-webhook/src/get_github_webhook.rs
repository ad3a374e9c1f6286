//! `get_github_webhook`: a project's webhook without its secret.

use std::sync::Arc;

use agenttrace_api::github_webhook as api;
use agenttrace_ingest::github::EVENTS;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::GithubWebhook;

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let found = state.records.github_webhook(call.request.param("projectId")).await?;
    Ok(Response::json(200, &describe(&found.ok_or_else(not_found)?)))
}

pub fn not_found() -> Error {
    Error::not_found("The project has no GitHub webhook")
}

pub fn describe(webhook: &GithubWebhook) -> api::GithubWebhook {
    api::GithubWebhook {
        payload_path: format!("/api/public/webhooks/github/{}", webhook.project_id),
        // GitHub sends pings by itself.
        events: EVENTS.iter().filter(|event| **event != "ping").map(|event| (*event).to_owned()).collect(),
        created_at: webhook.created_at.to_rfc3339(),
        rotated_at: webhook.rotated_at.to_rfc3339(),
        last_delivery_at: webhook.last_delivery_at.map(|at| at.to_rfc3339()),
        last_event: webhook.last_event.clone(),
    }
}
