//! The environment a trace ran in: Langfuse's normalisation, which never fails.

use serde::{Deserialize, Serialize};

/// A normalised environment: 1 to 40 of `[a-z0-9-_]`, never beginning with `langfuse`. `default` when nothing usable was said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Environment(String);

impl Environment {
    pub const DEFAULT: &str = "default";

    /// Lower-cases, drops leading `langfuse` prefixes, cuts at 40 characters; anything with another character is `default`.
    #[must_use]
    pub fn normalise(text: &str) -> Self {
        let lower = text.trim().to_lowercase();
        let mut rest = lower.as_str();
        while let Some(tail) = rest.strip_prefix("langfuse") {
            rest = tail;
        }
        let rest = rest.get(..40).unwrap_or(rest);
        let usable = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        Self(if usable { rest.to_owned() } else { Self::DEFAULT.to_owned() })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Environment;

    #[test]
    fn environments_normalise_and_never_fail() {
        for (input, expected) in [
            ("production", "production"),
            (" Staging ", "staging"),
            ("langfuse-eval", "-eval"),
            ("langfuselangfuse_x", "_x"),
            ("langfuse", "default"),
            ("", "default"),
            ("pro duction", "default"),
            ("prod/eu", "default"),
            ("größe", "default"),
            (&"a".repeat(60), &"a".repeat(40)),
        ] {
            assert_eq!(Environment::normalise(input).as_str(), expected, "{input:?}");
        }
    }
}
