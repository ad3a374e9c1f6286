//! API keys of a project or of an organization: listing, creating, revoking. The operations differ only in whose keys they are.

use std::collections::HashMap;

use agenttrace_api::projects::{ApiKeyEntry, ApiKeyList, CreateApiKeyBody, CreatedApiKey, Deleted};
use agenttrace_auth::keys::{KeyPair, display_secret};
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{ApiKey, KeyHolder, new_id};

use crate::state::State;

const NOTE_MAX_CHARS: usize = 200;

/// Newest first, without secrets.
pub async fn list(state: &State, holder: KeyHolder<'_>) -> Result<Response, Error> {
    let keys = state.records.keys_of(holder).await?;
    let mut creators: Vec<String> = keys.iter().filter_map(|k| k.created_by.clone()).collect();
    creators.sort_unstable();
    creators.dedup();
    let creators: HashMap<String, String> = state.records.users(&creators).await?.into_iter().map(|u| (u.id, u.email)).collect();
    let entry = |key: ApiKey| {
        let created_by = key.created_by.as_ref().and_then(|id| creators.get(id).cloned());
        describe(key, created_by)
    };
    Ok(Response::json(200, &ApiKeyList { api_keys: keys.into_iter().map(entry).collect() }))
}

/// Random or brought along; the secret is shown this once.
pub async fn create(state: &State, call: &Call, organization_id: String, project_id: Option<String>) -> Result<Response, Error> {
    let body: CreateApiKeyBody = if call.request.body.is_empty() { CreateApiKeyBody::default() } else { call.request.json()? };
    let note = body.name.as_deref().or(body.note.as_deref()).map(str::trim).filter(|n| !n.is_empty());
    if note.is_some_and(|n| n.chars().count() > NOTE_MAX_CHARS) {
        return Err(Error::bad_request(format!("`name` must have at most {NOTE_MAX_CHARS} characters.")));
    }
    let pair = match (&body.public_key, &body.secret_key) {
        (None, None) => KeyPair::generate(),
        (Some(public_key), Some(secret_key)) => {
            KeyPair::configured(public_key, secret_key).map_err(|e| Error::bad_request(e.to_string()))?
        }
        _ => return Err(Error::bad_request("Give both `publicKey` and `secretKey`, or neither.")),
    };
    let expires_at = body.expires_at.as_deref().map(|text| future(text).ok_or_else(bad_expiry)).transpose()?;
    let user_id = call.caller()?.user_id().map(str::to_owned);
    let creator = match &user_id {
        Some(id) => state.records.user(id).await?.map(|u| u.email),
        None => None,
    };
    let key = ApiKey {
        id: new_id(),
        project_id,
        organization_id,
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

/// Other functions may know the key for less than a minute more.
pub async fn revoke(state: &State, holder: KeyHolder<'_>, id: &str) -> Result<Response, Error> {
    if !state.records.revoke_key(holder, id).await? {
        return Err(Error::not_found("API key not found"));
    }
    state.authenticator.forget();
    Ok(Response::json(200, &Deleted { success: true }))
}

fn describe(key: ApiKey, created_by: Option<String>) -> ApiKeyEntry {
    ApiKeyEntry {
        id: key.id,
        public_key: key.public_key,
        display_secret_key: key.display_secret,
        name: key.note.clone(),
        note: key.note,
        created_at: key.created_at.to_rfc3339(),
        expires_at: key.expires_at.map(Timestamp::to_rfc3339),
        last_used_at: key.last_used_at.map(Timestamp::to_rfc3339),
        created_by,
    }
}

fn future(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).filter(|at| *at > now())
}

fn bad_expiry() -> Error {
    Error::bad_request("`expiresAt` must be a time to come, such as 2030-01-31T00:00:00Z.")
}
