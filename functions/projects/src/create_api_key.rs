//! Creates an API key, random or brought along, and shows its secret this once.

use std::sync::Arc;

use agenttrace_api::projects::{CreateApiKeyBody, CreatedApiKey};
use agenttrace_auth::keys::{KeyPair, display_secret};
use agenttrace_domain::Timestamp;
use agenttrace_kit::authenticate::no_such_project;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{ApiKey, new_id};

use crate::list_api_keys::{describe, own_project};
use crate::state::State;

const NOTE_MAX_CHARS: usize = 200;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = own_project(&call)?;
    let body: CreateApiKeyBody = if call.request.body.is_empty() { CreateApiKeyBody::default() } else { call.request.json()? };
    let note = body.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
    if note.is_some_and(|n| n.chars().count() > NOTE_MAX_CHARS) {
        return Err(Error::bad_request(format!("`note` must have at most {NOTE_MAX_CHARS} characters.")));
    }
    let pair = match (&body.public_key, &body.secret_key) {
        (None, None) => KeyPair::generate(),
        (Some(public_key), Some(secret_key)) => {
            KeyPair::configured(public_key, secret_key).map_err(|e| Error::bad_request(e.to_string()))?
        }
        _ => return Err(Error::bad_request("Give both `publicKey` and `secretKey`, or neither.")),
    };
    let expires_at = body.expires_at.as_deref().map(|text| future(text).ok_or_else(bad_expiry)).transpose()?;
    let project = state.records.project(project_id).await?.ok_or_else(no_such_project)?;
    let user_id = call.caller()?.user_id().map(str::to_owned);
    let creator = match &user_id {
        Some(id) => state.records.user(id).await?.map(|u| u.email),
        None => None,
    };
    let key = ApiKey {
        id: new_id(),
        project_id: project.id,
        organization_id: project.organization_id,
        public_key: pair.public_key,
        secret_hash: state.authenticator.pepper().await?.hash_secret(&pair.secret_key),
        display_secret: display_secret(&pair.secret_key),
        note: note.map(str::to_owned),
        created_at: now(),
        expires_at,
        last_used_at: None,
        created_by: user_id,
    };
    state.records.create_key(&key).await?;
    Ok(Response::json(201, &CreatedApiKey { key: describe(key, creator), secret_key: pair.secret_key }))
}

fn future(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).filter(|at| *at > now())
}

fn bad_expiry() -> Error {
    Error::bad_request("`expiresAt` must be a time to come, such as 2030-01-31T00:00:00Z.")
}
