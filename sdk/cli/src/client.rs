//! HTTP to AgentTrace.

use std::time::Duration;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use serde_json::Value;

use crate::config::Config;
use crate::large;

/// What became of a request, as far as a sender cares.
#[derive(Debug)]
pub enum Sent {
    /// Accepted, with this answer.
    Done(Value),
    /// Never will be accepted as it is: status and message.
    Refused(u16, String),
    /// Wrong keys: status and message. Nothing will be accepted until that is mended.
    Unauthorized(u16, String),
    /// May be accepted later: why not now, and after how long at least, when the server said so.
    Later(String, Option<Duration>),
}

pub struct Client {
    agent: ureq::Agent,
    base_url: String,
    authorization: String,
}

impl Client {
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_connect(Some(Duration::from_secs(5)))
            .timeout_global(Some(Duration::from_secs(60)))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("agenttrace-cli/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        let pair = format!("{}:{}", config.public_key, config.secret_key);
        Self {
            agent,
            base_url: config.base_url.trim_end_matches('/').to_owned(),
            authorization: format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair)),
        }
    }

    /// `GET path`: status and body.
    pub fn get(&self, path: &str) -> Result<(u16, Value)> {
        let url = format!("{}{path}", self.base_url);
        let mut answer = self
            .agent
            .get(&url)
            .header("Authorization", &self.authorization)
            .call()
            .with_context(|| format!("cannot reach {}", self.base_url))?;
        let status = answer.status().as_u16();
        let text = answer.body_mut().with_config().limit(64 << 20).read_to_string().context("the answer broke off")?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    /// `POST path` with a JSON body: status and body.
    pub fn exchange(&self, path: &str, body: &Value) -> Result<(u16, Value)> {
        let request = self.agent.post(format!("{}{path}", self.base_url)).header("Authorization", &self.authorization);
        let request = request.content_type("application/json");
        let mut answer = request.send(body.to_string()).with_context(|| format!("cannot reach {}", self.base_url))?;
        let text = answer.body_mut().with_config().limit(1 << 20).read_to_string().context("the answer broke off")?;
        Ok((answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    /// `PUT` to an address that the server signed: the status.
    pub fn put(&self, url: &str, content_type: &str, sha256: &str, body: &str) -> Result<u16> {
        let request = self.agent.put(url).content_type(content_type).header("x-amz-checksum-sha256", sha256);
        Ok(request.send(body).context("cannot reach the server's bucket")?.status().as_u16())
    }

    /// `POST path` with a JSON body, however large.
    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Sent {
        let text = body.to_string();
        match large::target_of(path) {
            Some(target) if text.len() > large::TOO_LARGE => large::send(self, target, &text),
            _ => self.send(path, &text),
        }
    }

    /// `POST path` with a JSON text.
    #[must_use]
    pub fn send(&self, path: &str, text: &str) -> Sent {
        let url = format!("{}{path}", self.base_url);
        let request = self
            .agent
            .post(&url)
            .header("Authorization", &self.authorization)
            .header("X-Langfuse-Sdk-Name", "agenttrace-cli")
            .header("X-Langfuse-Sdk-Version", env!("CARGO_PKG_VERSION"))
            .content_type("application/json");
        let mut answer = match request.send(text) {
            Ok(answer) => answer,
            Err(error) => return Sent::Later(format!("cannot reach {}: {error}", self.base_url), None),
        };
        let status = answer.status().as_u16();
        let wait = answer.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok()).map(Duration::from_secs);
        let text = answer.body_mut().with_config().limit(16 << 20).read_to_string().unwrap_or_default();
        let body = serde_json::from_str::<Value>(&text).unwrap_or(Value::Null);
        let message = || body["message"].as_str().map_or_else(|| text.chars().take(300).collect(), str::to_owned);
        match status {
            200..=299 => Sent::Done(body),
            401 | 403 => Sent::Unauthorized(status, message()),
            408 | 429 | 500..=599 => Sent::Later(format!("{status}: {}", message()), wait),
            _ => Sent::Refused(status, message()),
        }
    }
}
