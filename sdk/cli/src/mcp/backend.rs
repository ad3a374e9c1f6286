//! Reading from AgentTrace in the name of whoever is logged in, with failures in words that an assistant can hand on.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::form_urlencoded;

use crate::client::Client;
use crate::config::Config;

/// Why a tool has no answer. The text is shown to the assistant.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    NotSetUp(String),
    #[error("AgentTrace refuses the keys ({0}): run `agenttrace login` on this machine")]
    Keys(u16),
    #[error("not found: {0}")]
    Absent(String),
    #[error("the arguments are not right: {0}")]
    Arguments(String),
    #[error("AgentTrace asks for fewer requests: try again in a minute")]
    Busy,
    #[error("AgentTrace does not answer: {0}. `agenttrace doctor` says more")]
    Away(String),
    #[error("the answer could not be searched for secrets, and is not shown: {0}")]
    NotScanned(String),
}

/// A path and its query, both encoded.
#[derive(Debug, Default)]
pub struct Query {
    pairs: Vec<(&'static str, String)>,
}

impl Query {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter, unless there is nothing to say.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value.map(|value| value.to_string()).filter(|value| !value.is_empty()) {
            self.pairs.push((name, value));
        }
        self
    }
}

/// Reads `path`.
pub fn get(path: &str, query: &Query) -> Result<Value, Failure> {
    // Read each time: a login in another window counts at once.
    let config = Config::require().map_err(|error| Failure::NotSetUp(format!("{error:#}")))?;
    let mut address = path.to_owned();
    if !query.pairs.is_empty() {
        address.push('?');
        address.push_str(&form_urlencoded::Serializer::new(String::new()).extend_pairs(&query.pairs).finish());
    }
    let (status, answer) = Client::new(&config).get(&address).map_err(|error| Failure::Away(format!("{error:#}")))?;
    judged(status, answer, path)
}

/// One segment of a path.
#[must_use]
pub fn segment(id: &str) -> String {
    utf8_percent_encode(id, NON_ALPHANUMERIC).to_string()
}

fn judged(status: u16, answer: Value, path: &str) -> Result<Value, Failure> {
    let said = || {
        let text = answer["message"].as_str().or_else(|| answer.as_str()).unwrap_or_default();
        text.chars().filter(|c| !c.is_control()).take(300).collect::<String>()
    };
    match status {
        200..=299 => Ok(answer),
        401 | 403 => Err(Failure::Keys(status)),
        404 => Err(Failure::Absent(said())),
        400..=428 | 430..=499 => Err(Failure::Arguments(said())),
        429 => Err(Failure::Busy),
        _ => Err(Failure::Away(format!("{path} answers {status} {}", said()))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_refusal_says_what_to_do() {
        for (status, expected) in [
            (401, Failure::Keys(401)),
            (403, Failure::Keys(403)),
            (404, Failure::Absent("said\u{fffd}".to_owned())),
            (422, Failure::Arguments("said\u{fffd}".to_owned())),
            (429, Failure::Busy),
            (503, Failure::Away("/x answers 503 said\u{fffd}".to_owned())),
        ] {
            assert_eq!(judged(status, json!({"message": "said\u{fffd}\u{1b}\n"}), "/x"), Err(expected));
        }
        assert_eq!(judged(200, json!(1), "/x"), Ok(json!(1)));
    }

    #[test]
    fn ids_are_one_segment() {
        assert_eq!(segment("a/../b?c"), "a%2F%2E%2E%2Fb%3Fc");
    }
}
