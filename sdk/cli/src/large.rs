//! Bodies that are too large for a request: put into the server's bucket by an address that it signs, then named to it.

use base64::Engine as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::{Client, Sent};

/// A synchronous call of a function takes about 4.5 MiB of a body.
pub const TOO_LARGE: usize = 4_400_000;

/// What the server calls the address that a body is for, where it takes uploads for it.
pub fn target_of(path: &str) -> Option<&'static str> {
    match path {
        "/v1/traces" | "/api/public/otel/v1/traces" => Some("traces"),
        "/v1/logs" | "/api/public/otel/v1/logs" => Some("logs"),
        "/v1/metrics" | "/api/public/otel/v1/metrics" => Some("metrics"),
        "/api/public/ingestion" => Some("ingestion"),
        _ => None,
    }
}

/// Sends a JSON body in three steps. A failure in between leaves an object that the server forgets after a day.
pub fn send(client: &Client, target: &str, text: &str) -> Sent {
    let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes()));
    let (status, made) = match client.exchange("/api/public/uploads", &json!({"contentLength": text.len(), "sha256Hash": digest})) {
        Ok(answer) => answer,
        Err(error) => return Sent::Later(format!("{error:#}"), None),
    };
    let said = |made: &Value| made["message"].as_str().unwrap_or("no reason was given").to_owned();
    let (Some(id), Some(url), Some(content_type)) = (made["uploadId"].as_str(), made["uploadUrl"].as_str(), made["contentType"].as_str())
    else {
        return match status {
            401 | 403 => Sent::Unauthorized(status, said(&made)),
            408 | 429 | 500..=599 => Sent::Later(format!("{status}: {}", said(&made)), None),
            _ => Sent::Refused(status, said(&made)),
        };
    };
    match client.put(url, content_type, &digest, text) {
        Ok(200..=299) => {
            client.send(&format!("/api/public/uploads/{id}"), &json!({"target": target, "contentType": "application/json"}).to_string())
        }
        Ok(status) => Sent::Later(format!("the upload was answered {status}"), None),
        Err(error) => Sent::Later(format!("{error:#}"), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_telemetry_is_uploaded() {
        for (path, expected) in [
            ("/v1/traces", Some("traces")),
            ("/api/public/otel/v1/logs", Some("logs")),
            ("/api/public/ingestion", Some("ingestion")),
            ("/api/public/scores", None),
            ("/api/public/terminal-commands", None),
        ] {
            assert_eq!(target_of(path), expected, "{path}");
        }
    }
}
