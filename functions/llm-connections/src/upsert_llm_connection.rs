//! `upsert_llm_connection`: creates or replaces the connection of a provider's name. The key and the headers' values are sealed for the
//! connection's id; they are opened here only to keep them where the caller sends none.

use std::collections::BTreeMap;
use std::sync::Arc;

use agenttrace_auth::{Caller, Role};
use agenttrace_cloud::Belongs;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::llm_connections::MAX_CONNECTIONS;
use agenttrace_records::{LlmConnection, new_id};
use serde::{Deserialize, Serialize};

use crate::list_llm_connections::describe;
use crate::state::State;
use crate::wanted::Wanted;

/// Writes that meet are repeated on what the other one left.
const TRIES: usize = 5;

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Secret {
    key: String,
    headers: BTreeMap<String, String>,
}

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    check_role(call.caller()?)?;
    let project_id = call.project_id()?;
    let wanted = Wanted::of(call.request.json()?, state.reach).map_err(Error::bad_request)?;
    for _ in 0..TRIES {
        let there = state.records.llm_connection(project_id, &wanted.provider).await?;
        if there.is_none() && state.records.llm_connections(project_id).await?.len() >= MAX_CONNECTIONS {
            return Err(Error::conflict(format!(
                "The project has {MAX_CONNECTIONS} LLM connections already. Delete one that is not used."
            )));
        }
        let status = if there.is_some() { 200 } else { 201 };
        let connection = connection(&state, project_id, &wanted, there).await?;
        if state.records.put_llm_connection(&connection).await? {
            return Ok(Response::json(status, &describe(connection)));
        }
    }
    Err(Error::conflict("Others change this connection at the same time. Try again."))
}

/// API keys of the project, and administrators: members use connections, and do not see or set keys.
pub fn check_role(caller: &Caller) -> Result<(), Error> {
    match caller.role() {
        Some(role) if role < Role::Admin => Err(Error::forbidden("Only administrators of the project change LLM connections.")),
        _ => Ok(()),
    }
}

async fn connection(state: &State, project_id: &str, wanted: &Wanted, there: Option<LlmConnection>) -> Result<LlmConnection, Error> {
    let id = there.as_ref().map_or_else(new_id, |c| c.id.clone());
    let belongs = Belongs { purpose: "llm-connection", project_id, record_id: &id };
    let kept = match &there {
        Some(there) if wanted.key.is_none() => Some((open(state, there, belongs).await?, there.display_secret.clone())),
        _ => None,
    };
    let (secret, display_secret) = match (&wanted.key, kept) {
        (Some(key), _) => (Secret { key: key.clone(), headers: wanted.headers.clone().unwrap_or_default() }, display(key)),
        (None, Some((kept, display))) => (Secret { headers: wanted.headers.clone().unwrap_or(kept.headers), key: kept.key }, display),
        (None, None) => return Err(Error::bad_request("`secretKey` is missing: a new connection needs one.")),
    };
    let text = serde_json::to_string(&secret).map_err(|e| Error::internal("write a secret as JSON", e))?;
    let updated_at = now();
    Ok(LlmConnection {
        sealed: state.sealer.seal(&text, belongs).await?,
        project_id: project_id.to_owned(),
        provider: wanted.provider.clone(),
        adapter: wanted.adapter.to_owned(),
        display_secret,
        base_url: wanted.base_url.clone(),
        custom_models: wanted.custom_models.clone(),
        with_default_models: wanted.with_default_models,
        extra_header_keys: secret.headers.into_keys().collect(),
        config: wanted.config.clone(),
        created_at: there.map_or(updated_at, |c| c.created_at),
        updated_at,
        id,
    })
}

async fn open(state: &State, connection: &LlmConnection, belongs: Belongs<'_>) -> Result<Secret, Error> {
    let text = state.sealer.open(&connection.sealed, belongs).await?;
    // serde's own words could hold a part of the secret.
    serde_json::from_str(&text).map_err(|_| Error::internal("read a sealed secret", std::fmt::Error))
}

/// `...abcd`; nothing of a key that is short, or that is a set of credentials as JSON.
fn display(key: &str) -> String {
    let length = key.chars().count();
    if length < 12 || key.trim_start().starts_with('{') {
        return "...".to_owned();
    }
    format!("...{}", key.chars().skip(length - 4).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::display;

    #[test]
    fn keys_are_shown_by_their_last_four_characters_at_most() {
        for (key, expected) in [
            ("sk-proj-0123456789abcd", "...abcd"),
            ("short", "..."),
            ("elevenchars", "..."),
            ("{\"accessKeyId\":\"AKIA0\",\"secretAccessKey\":\"x\"}", "..."),
            ("ключ-ключ-ключ-🙂🙂", "...ч-🙂🙂"),
        ] {
            assert_eq!(display(key), expected);
        }
    }
}
