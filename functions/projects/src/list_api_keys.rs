//! The project's API keys, newest first, without secrets.

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_api::projects::{ApiKeyEntry, ApiKeyList};
use agenttrace_domain::Timestamp;
use agenttrace_kit::authenticate::no_such_project;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::ApiKey;

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = own_project(&call)?;
    let keys = state.records.keys_of(project_id).await?;
    let mut creators: HashMap<String, Option<String>> = HashMap::new();
    for id in keys.iter().filter_map(|k| k.created_by.as_ref()) {
        if !creators.contains_key(id) {
            creators.insert(id.clone(), state.records.user(id).await?.map(|u| u.email));
        }
    }
    let entry = |key: ApiKey| {
        let created_by = key.created_by.as_ref().and_then(|id| creators.get(id).cloned().flatten());
        describe(key, created_by)
    };
    Ok(Response::json(200, &ApiKeyList { api_keys: keys.into_iter().map(entry).collect() }))
}

/// The project in the path, which must be the caller's own: any other is not found, whether it exists or not.
pub fn own_project(call: &Call) -> Result<&str, Error> {
    let project_id = call.project_id()?;
    if call.request.param("projectId") == project_id { Ok(project_id) } else { Err(no_such_project()) }
}

/// A key as the API shows it.
pub fn describe(key: ApiKey, created_by: Option<String>) -> ApiKeyEntry {
    ApiKeyEntry {
        id: key.id,
        public_key: key.public_key,
        display_secret_key: key.display_secret,
        note: key.note,
        created_at: key.created_at.to_rfc3339(),
        expires_at: key.expires_at.map(Timestamp::to_rfc3339),
        last_used_at: key.last_used_at.map(Timestamp::to_rfc3339),
        created_by,
    }
}
