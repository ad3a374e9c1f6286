//! JSON is judged by its keys too: `{"password": "correct horse"}` needs no pattern.

use std::borrow::Cow;

use serde_json::Value;

use crate::{Error, Finding, redact, redact_name};

const MAX_DEPTH: usize = 128;

/// Keys whose text is a secret whatever it looks like, in lower case without `-`, `_` and spaces.
const SECRET_KEYS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "clientsecret",
    "secretkey",
    "secretaccesskey",
    "awssecretaccesskey",
    "awssessiontoken",
    "apikey",
    "xapikey",
    "authtoken",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "bearertoken",
    "sessiontoken",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "authorization",
    "proxyauthorization",
    "cookie",
    "setcookie",
    "connectionstring",
    "webhookurl",
    "xauthtoken",
    "xgoogapikey",
];

/// Keys of names that programs give to steps, sessions and calls, as they stand in what is sent: `req_011CSHoEeqs5C35K2UUqR7Fy` is no secret.
/// The rules hold for them, too; only irregularity proves nothing.
const NAMES: &[&str] = &[
    "id",
    "traceId",
    "parentObservationId",
    "observationId",
    "sessionId",
    "agent.parent_session_id",
    "agent.subagent_id",
    "agent.turn_id",
    "tool.call_id",
];

/// Takes secrets out of all texts of a JSON value, keys included; returns how many were found. Numbers and booleans stay.
///
/// # Errors
/// When it was not scanned whole: it must then not be sent, and may be half changed.
pub fn redact_json(value: &mut Value) -> Result<usize, Error> {
    walk(value, 0)
}

fn walk(value: &mut Value, depth: usize) -> Result<usize, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::TooDeep(MAX_DEPTH));
    }
    match value {
        Value::String(text) => clean(text),
        Value::Array(items) => items.iter_mut().try_fold(0, |found, item| Ok(found + walk(item, depth + 1)?)),
        Value::Object(fields) => {
            let mut found = 0;
            let mut renamed = Vec::new();
            for (key, item) in fields.iter_mut() {
                let (name, hits) = redact(key)?;
                if !hits.is_empty() {
                    renamed.push((key.clone(), name.into_owned()));
                }
                found += hits.len();
                match item {
                    Value::String(text)
                        if !text.is_empty() && is_secret_key(key) && !crate::placeholder::is_placeholder(text.as_bytes()) =>
                    {
                        *text = format!("[redacted:{}]", "secret-field");
                        found += 1;
                    }
                    Value::String(text) if NAMES.contains(&key.as_str()) => found += replace(text, redact_name)?,
                    other => found += walk(other, depth + 1)?,
                }
            }
            for (old, new) in renamed {
                if let Some(item) = fields.remove(&old) {
                    fields.insert(new, item);
                }
            }
            Ok(found)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(0),
    }
}

fn clean(text: &mut String) -> Result<usize, Error> {
    replace(text, redact)
}

type Redacted<'t> = (Cow<'t, str>, Vec<Finding>);

fn replace(text: &mut String, redact: impl for<'t> Fn(&'t str) -> Result<Redacted<'t>, Error>) -> Result<usize, Error> {
    let (clean, found) = redact(text)?;
    if !found.is_empty() {
        *text = clean.into_owned();
    }
    Ok(found.len())
}

fn is_secret_key(key: &str) -> bool {
    let plain: String = key.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect();
    SECRET_KEYS.contains(&plain.as_str())
}
