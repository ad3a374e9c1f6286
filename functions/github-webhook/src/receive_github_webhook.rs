//! `receive_github_webhook`: a delivery of GitHub's. Nothing of it is believed before its signature fits; then its facts go on the stream, and only
//! then is GitHub told. Deliveries may come twice and in any order.

use std::borrow::Cow;
use std::sync::Arc;

use agenttrace_api::ErrorName;
use agenttrace_api::github_webhook::DeliveryAnswer;
use agenttrace_auth::webhook::Signature;
use agenttrace_cloud::record;
use agenttrace_domain::{Envelope, Sdk, Source};
use agenttrace_ingest::github::delivery;
use agenttrace_kit::{Call, Error, Request, Response, now, telemetry};

use crate::state::State;

/// What a function is invoked with has at most 6 MB, and the body is text in it.
const MAX_BODY: usize = 5 << 20;
/// The longest name of an event; GitHub's have up to 40 characters.
const MAX_EVENT: usize = 64;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let (request, now) = (&call.request, now());
    if request.body.len() > MAX_BODY {
        let message = format!("The payload has more than {} MB.", MAX_BODY >> 20);
        return Err(Error::refused(ErrorName::PayloadTooLargeError, message));
    }
    let signature = request.header("x-hub-signature-256").and_then(Signature::parse).ok_or_else(refused)?;
    let project_id = request.param("projectId");
    let (project, webhook) = tokio::try_join!(state.records.project(project_id), state.records.github_webhook(project_id))?;
    // The same work where there is no secret: a stranger learns nothing of which projects have one.
    let secret = match webhook.filter(|_| project.is_some()) {
        Some(webhook) => Some(state.secret(&webhook).await?),
        None => None,
    };
    let fits = signature.fits(secret.as_deref().unwrap_or("none"), &request.body);
    if !fits || secret.is_none() {
        return Err(refused());
    }
    let event = request.header("x-github-event").map(str::trim).filter(|name| is_name(name));
    let event = event.ok_or_else(|| Error::bad_request("X-GitHub-Event must name the event."))?;
    let read = delivery(event, &payload(request), now).map_err(Error::bad_request)?;
    let accepted = read.events.len() as u64;
    if accepted > 0 {
        let sdk = Sdk { name: "github-webhook".to_owned(), version: String::new() };
        let envelope = Envelope { project_id: project_id.to_owned(), received_at: now, source: Source::Api, sdk, events: read.events };
        state.stream.put(record::pack(envelope, state.buckets)).await?;
    }
    if let Err(error) = state.records.note_github_delivery(project_id, event, now).await {
        tracing::warn!(error = telemetry::chain(&error), "a delivery was taken and not noted");
    }
    let delivery_id = request.header("x-github-delivery").filter(|id| is_name(id)).unwrap_or_default();
    tracing::info!(project.id = project_id, github.event = event, github.delivery = delivery_id, accepted, "took a delivery");
    let message = match (accepted, read.known) {
        (_, false) => "This event is not used and was ignored.",
        (0, true) => "The delivery arrived; it holds nothing to keep.",
        (_, true) => "The delivery was taken.",
    };
    Ok(Response::json(202, &DeliveryAnswer { event: event.to_owned(), accepted, message: message.to_owned() }))
}

/// The same for a wrong signature, none, a project without a secret, and no project.
fn refused() -> Error {
    Error::unauthorized("X-Hub-Signature-256 does not fit. Check the secret in the webhook's settings on GitHub.")
}

/// Words of letters, digits, `_`, `-`.
fn is_name(text: &str) -> bool {
    (1..=MAX_EVENT).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// GitHub posts JSON, or, where a webhook is set so, a form with the JSON in it.
fn payload(request: &Request) -> Cow<'_, [u8]> {
    let is_form =
        request.header("content-type").is_some_and(|t| t.trim().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
    let field = is_form.then(|| url::form_urlencoded::parse(&request.body).find(|(name, _)| name == "payload")).flatten();
    field.map_or(Cow::Borrowed(&request.body[..]), |(_, json)| Cow::Owned(json.into_owned().into_bytes()))
}
