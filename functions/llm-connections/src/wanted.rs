//! What a connection may be: the body of an upsert, checked.

use std::collections::BTreeMap;

use agenttrace_api::llm_connections::UpsertLlmConnectionBody;
use agenttrace_domain::outbound::{Reach, check_url};
use serde_json::{Map, Value};

const ADAPTERS: &[&str] = &["anthropic", "openai", "azure", "bedrock", "google-vertex-ai", "google-ai-studio"];
const PROVIDER_MAX_CHARS: usize = 100;
/// Service accounts of Google's cloud are about 2,400 bytes of JSON.
const KEY_MAX_BYTES: usize = 20_000;
const MAX_MODELS: usize = 200;
const MODEL_MAX_CHARS: usize = 200;
const MAX_HEADERS: usize = 20;
const HEADER_NAME_MAX_BYTES: usize = 100;
const HEADER_MAX_BYTES: usize = 4_000;
/// Set by whoever sends the request.
const RESERVED_HEADERS: &[&str] =
    &["connection", "content-encoding", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];

/// A checked body. It holds secrets: there is no `Debug`.
pub struct Wanted {
    pub provider: String,
    pub adapter: &'static str,
    pub key: Option<String>,
    pub base_url: Option<String>,
    pub custom_models: Vec<String>,
    pub with_default_models: bool,
    pub headers: Option<BTreeMap<String, String>>,
    /// A JSON object's text.
    pub config: Option<String>,
}

impl Wanted {
    /// The error is for the caller, and holds nothing of a secret.
    pub fn of(body: UpsertLlmConnectionBody, reach: Reach) -> Result<Self, String> {
        let adapter = ADAPTERS.iter().copied().find(|a| *a == body.adapter);
        let adapter = adapter.ok_or_else(|| format!("`adapter` must be one of {}.", ADAPTERS.join(", ")))?;
        Ok(Self {
            provider: provider(&body.provider)?,
            adapter,
            key: body.secret_key.map(key).transpose()?,
            base_url: base_url(body.base_url, reach)?,
            custom_models: models(body.custom_models.unwrap_or_default())?,
            with_default_models: body.with_default_models.unwrap_or(true),
            headers: body.extra_headers.map(headers).transpose()?,
            config: config(adapter, body.config)?,
        })
    }
}

fn provider(text: &str) -> Result<String, String> {
    let provider = text.trim();
    if provider.is_empty() || provider.chars().count() > PROVIDER_MAX_CHARS || provider.chars().any(char::is_control) {
        return Err(format!("`provider` must have 1 to {PROVIDER_MAX_CHARS} characters."));
    }
    Ok(provider.to_owned())
}

fn key(key: String) -> Result<String, String> {
    if key.trim().is_empty() || key.len() > KEY_MAX_BYTES {
        return Err(format!("`secretKey` must have 1 to {KEY_MAX_BYTES} bytes."));
    }
    Ok(key)
}

/// The address as it was given, if it may be called.
fn base_url(url: Option<String>, reach: Reach) -> Result<Option<String>, String> {
    let Some(url) = url.map(|url| url.trim().to_owned()).filter(|url| !url.is_empty()) else { return Ok(None) };
    // A parser leaves out blanks of some kinds, and so could check another address than the one that is kept.
    if url.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err("`baseURL` must not hold blanks.".to_owned());
    }
    check_url(&url, reach).map_err(|why| format!("`baseURL` {why}."))?;
    Ok(Some(url))
}

fn models(models: Vec<String>) -> Result<Vec<String>, String> {
    let fits = |m: &String| !m.is_empty() && m.chars().count() <= MODEL_MAX_CHARS && !m.chars().any(char::is_control);
    if models.len() > MAX_MODELS || !models.iter().all(fits) {
        return Err(format!("`customModels` must be at most {MAX_MODELS} names of 1 to {MODEL_MAX_CHARS} characters."));
    }
    Ok(models)
}

fn headers(headers: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, String> {
    if headers.len() > MAX_HEADERS {
        return Err(format!("`extraHeaders` must be at most {MAX_HEADERS}."));
    }
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let mut seen = std::collections::BTreeSet::new();
    for (name, value) in &headers {
        let lower = name.to_ascii_lowercase();
        if name.is_empty() || name.len() > HEADER_NAME_MAX_BYTES || !name.bytes().all(is_token) {
            return Err(format!("`extraHeaders`: a name must be a header's, of at most {HEADER_NAME_MAX_BYTES} characters."));
        }
        if RESERVED_HEADERS.contains(&lower.as_str()) || lower.starts_with("proxy-") {
            return Err(format!("`extraHeaders`: {name} can't be set."));
        }
        if value.len() > HEADER_MAX_BYTES || !value.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b)) {
            return Err(format!("`extraHeaders`: the value of {name} must be at most {HEADER_MAX_BYTES} characters of ASCII in one line."));
        }
        if !seen.insert(lower) {
            return Err(format!("`extraHeaders`: {name} stands twice."));
        }
    }
    Ok(headers)
}

fn config(adapter: &str, config: Option<Map<String, Value>>) -> Result<Option<String>, String> {
    let place =
        |v: &Value| v.as_str().is_some_and(|s| (1..=50).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    let only =
        |name: &str, fits: &dyn Fn(&Value) -> bool| config.as_ref().is_none_or(|map| map.len() == 1 && map.get(name).is_some_and(fits));
    let (fits, what) = match adapter {
        "bedrock" => (config.is_some() && only("region", &place), "{\"region\": \"us-east-1\"}, and is required"),
        "openai" => (only("useResponsesApi", &Value::is_boolean), "{\"useResponsesApi\": true or false}, or absent"),
        "google-vertex-ai" => (only("location", &place), "{\"location\": \"us-central1\"}, or absent"),
        _ => (config.is_none(), "absent"),
    };
    if !fits {
        return Err(format!("`config` of the adapter {adapter} must be {what}."));
    }
    Ok(config.map(|map| Value::Object(map).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bodies_that_cannot_be_meant_are_refused() {
        let base = json!({"provider": "p", "adapter": "openai", "secretKey": "sk-secret-secret"});
        for (more, expected) in [
            (json!({}), Ok(())),
            (json!({"provider": " "}), Err("provider")),
            (json!({"provider": "x".repeat(101)}), Err("provider")),
            (json!({"adapter": "cohere"}), Err("adapter")),
            (json!({"secretKey": ""}), Err("secretKey")),
            (json!({"secretKey": "x".repeat(20_001)}), Err("secretKey")),
            (json!({"baseURL": "https://llm.example.com/v1"}), Ok(())),
            (json!({"baseURL": "http://llm.example.com"}), Err("baseURL")),
            (json!({"baseURL": "https://169.254.169.254/latest"}), Err("baseURL")),
            (json!({"baseURL": "https://llm.exa\nmple.com"}), Err("baseURL")),
            (json!({"baseURL": ""}), Ok(())),
            (json!({"customModels": ["a", "b"]}), Ok(())),
            (json!({"customModels": [""]}), Err("customModels")),
            (json!({"customModels": vec!["m"; 201]}), Err("customModels")),
            (json!({"extraHeaders": {"x-team": "a b"}}), Ok(())),
            (json!({"extraHeaders": {"x team": "a"}}), Err("extraHeaders")),
            (json!({"extraHeaders": {"x": "a\r\ny: b"}}), Err("extraHeaders")),
            (json!({"extraHeaders": {"Host": "a"}}), Err("extraHeaders")),
            (json!({"extraHeaders": {"X-A": "a", "x-a": "b"}}), Err("extraHeaders")),
            (json!({"config": {"useResponsesApi": true}}), Ok(())),
            (json!({"config": {"useResponsesApi": "yes"}}), Err("config")),
            (json!({"config": {"region": "us-east-1"}}), Err("config")),
            (json!({"adapter": "bedrock"}), Err("config")),
            (json!({"adapter": "bedrock", "config": {"region": "us-east-1"}}), Ok(())),
            (json!({"adapter": "bedrock", "config": {"region": "../x"}}), Err("config")),
            (json!({"adapter": "google-vertex-ai", "config": {"location": "us-central1"}}), Ok(())),
            (json!({"adapter": "anthropic", "config": {}}), Err("config")),
        ] {
            let mut body = base.clone();
            for (key, value) in more.as_object().expect("an object") {
                body[key] = value.clone();
            }
            let found = Wanted::of(serde_json::from_value(body).expect("a body"), Reach::Public).map(drop);
            match (found, expected) {
                (Ok(()), Ok(())) => {}
                (Err(error), Err(word)) => assert!(error.contains(word) && !error.contains("sk-secret"), "{more}: {error}"),
                (found, expected) => panic!("{more}: {found:?} for {expected:?}"),
            }
        }
    }
}
