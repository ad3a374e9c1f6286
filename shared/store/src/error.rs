//! What may go wrong between us and ClickHouse, told apart by what the caller can do about it.

/// The answer to a query that failed. The cause is the source and stays out of the message.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query would take more time, memory or rows than it may: ask for less.
    #[error("the query is too heavy: {0}")]
    TooHeavy(String),
    /// ClickHouse is away, overloaded or slow to connect: the same query may succeed later.
    #[error("{attempt} (for now)")]
    Temporary {
        attempt: &'static str,
        #[source]
        source: clickhouse::error::Error,
    },
    /// A setting of ours cannot be used as it is.
    #[error("{0}")]
    Configuration(String),
    /// ClickHouse refused the query, or answered what we do not understand: our fault.
    #[error("{attempt}")]
    Failed {
        attempt: &'static str,
        #[source]
        source: clickhouse::error::Error,
    },
}

impl Error {
    /// ClickHouse's exception code, where there is one.
    #[must_use]
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Temporary { source, .. } | Self::Failed { source, .. } => exception_code(&source.to_string()),
            Self::TooHeavy(_) | Self::Configuration(_) => None,
        }
    }

    /// Is it the rows themselves that ClickHouse will never take? Everything else (a missing table, a full disk, an unknown code) may be
    /// mended while the rows wait.
    #[must_use]
    pub fn blames_rows(&self) -> bool {
        matches!(self, Self::Failed { .. }) && self.code().is_some_and(is_about_rows)
    }

    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Temporary { .. })
    }

    pub(crate) fn sort(attempt: &'static str, source: clickhouse::error::Error) -> Self {
        use clickhouse::error::Error as Cause;
        match &source {
            Cause::Network(_) | Cause::TimedOut => Self::Temporary { attempt, source },
            other => match exception_code(&other.to_string()) {
                Some(code) if is_too_heavy(code) => Self::TooHeavy(format!("ClickHouse code {code}")),
                Some(code) if is_temporary(code) => Self::Temporary { attempt, source },
                None if matches!(&source, Cause::BadResponse(text) if is_gateway_trouble(text)) => Self::Temporary { attempt, source },
                _ => Self::Failed { attempt, source },
            },
        }
    }
}

/// The number in `Code: 159. DB::Exception: …`.
fn exception_code(text: &str) -> Option<u32> {
    let rest = &text[text.find("Code: ")? + 6..];
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..digits].parse().ok()
}

/// Limits of rows (158), time (159, 160), memory (241), sets and columns (191, 161), bytes (307) and results (396).
const fn is_too_heavy(code: u32) -> bool {
    matches!(code, 158 | 159 | 160 | 161 | 191 | 241 | 307 | 396)
}

/// Too many simultaneous queries (202), network (209, 210, 279), shutting down (236, 394), read-only while recovering (242), too many parts (252),
/// server overloaded (745).
const fn is_temporary(code: u32) -> bool {
    matches!(code, 202 | 203 | 209 | 210 | 225 | 236 | 242 | 252 | 279 | 319 | 394 | 425 | 745 | 999)
}

/// Cannot parse or read (6, 26, 27, 33, 38, 41, 72), out of bounds (69), too large a text or array (128, 131), incorrect data (117), NULL where none may be (349).
const fn is_about_rows(code: u32) -> bool {
    matches!(code, 6 | 26 | 27 | 33 | 38 | 41 | 69 | 72 | 117 | 128 | 131 | 349)
}

/// A proxy's answer without an exception of ClickHouse's own.
fn is_gateway_trouble(text: &str) -> bool {
    ["502", "503", "504", "429", "Bad Gateway", "Service Unavailable", "Gateway Timeout", "Too Many Requests"]
        .iter()
        .any(|t| text.contains(t))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_sorted_by_what_helps() {
        for (text, temporary, heavy) in [
            ("Code: 159. DB::Exception: Timeout exceeded", false, true),
            ("Code: 241. DB::Exception: Memory limit", false, true),
            ("\u{0}x\u{1}Code: 307. DB::Exception: Limit for bytes", false, true),
            ("Code: 202. DB::Exception: Too many simultaneous queries", true, false),
            ("503 Service Unavailable", true, false),
            ("Code: 47. DB::Exception: Unknown identifier", false, false),
            ("Code: 516. DB::Exception: Authentication failed", false, false),
        ] {
            let error = Error::sort("ask", clickhouse::error::Error::BadResponse(text.to_owned()));
            assert_eq!((error.is_temporary(), matches!(error, Error::TooHeavy(_))), (temporary, heavy), "{text}");
        }
        assert!(Error::sort("ask", clickhouse::error::Error::TimedOut).is_temporary());
    }
}
