//! The one error of handlers: here the contract's codes meet storage errors, so `?` works on both and each mapping is written once.

use agenttrace_api::ErrorName;

/// Why an operation did not answer. `Refused` is the caller's to mend and shown in full; the others are logged with their causes and shown
/// as a plain sentence.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{message}")]
    Refused { name: ErrorName, status: u16, message: String, retry_after: Option<u32> },
    /// A key's limit is used up for this minute: 429 with Retry-After and X-RateLimit-*.
    #[error("the limit of {limit} requests a minute ({class}) is used up")]
    Limited {
        class: &'static str,
        limit: i64,
        /// Seconds.
        retry_after: u32,
        /// When the next minute begins, in Unix seconds.
        reset: i64,
    },
    /// Something behind us is away for now: 503 with Retry-After.
    #[error("{attempt}")]
    Unavailable {
        attempt: &'static str,
        #[source]
        source: anyhow::Error,
    },
    /// Our own fault: 500.
    #[error("{attempt}")]
    Internal {
        attempt: &'static str,
        #[source]
        source: anyhow::Error,
    },
}

impl Error {
    #[must_use]
    pub fn refused(name: ErrorName, message: impl Into<String>) -> Self {
        Self::Refused { name, status: name.status(), message: message.into(), retry_after: None }
    }

    #[must_use]
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::refused(ErrorName::InvalidRequestError, message)
    }

    #[must_use]
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::refused(ErrorName::UnauthorizedError, message)
    }

    #[must_use]
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::refused(ErrorName::ForbiddenError, message)
    }

    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::refused(ErrorName::LangfuseNotFoundError, message)
    }

    #[must_use]
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::refused(ErrorName::LangfuseConflictError, message)
    }

    /// 429: come again after so many seconds.
    #[must_use]
    pub fn too_many(message: impl Into<String>, retry_after: u32) -> Self {
        Self::Refused { name: ErrorName::RateLimitError, status: 429, message: message.into(), retry_after: Some(retry_after) }
    }

    #[must_use]
    pub fn unavailable(attempt: &'static str, source: impl Into<anyhow::Error>) -> Self {
        Self::Unavailable { attempt, source: source.into() }
    }

    #[must_use]
    pub fn internal(attempt: &'static str, source: impl Into<anyhow::Error>) -> Self {
        Self::Internal { attempt, source: source.into() }
    }

    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Refused { status, .. } => *status,
            Self::Limited { .. } => 429,
            Self::Unavailable { .. } => 503,
            Self::Internal { .. } => 500,
        }
    }
}

impl From<agenttrace_store::Error> for Error {
    fn from(error: agenttrace_store::Error) -> Self {
        match error {
            agenttrace_store::Error::TooHeavy(_) => Self::Refused {
                name: ErrorName::RequestTimedOut,
                status: 422,
                message: "The query takes too long or too much memory. Narrow the time range or the filters.".to_owned(),
                retry_after: None,
            },
            other if other.is_temporary() => Self::unavailable("ask the trace store", other),
            other => Self::internal("ask the trace store", other),
        }
    }
}

impl From<agenttrace_records::Error> for Error {
    fn from(error: agenttrace_records::Error) -> Self {
        match error {
            agenttrace_records::Error::Conflict(message) => Self::conflict(message),
            other if other.is_temporary() => Self::unavailable("read or write metadata", other),
            other => Self::internal("read or write metadata", other),
        }
    }
}

impl From<agenttrace_cloud::Error> for Error {
    fn from(error: agenttrace_cloud::Error) -> Self {
        if error.is_temporary() { Self::unavailable("reach an AWS service", error) } else { Self::internal("reach an AWS service", error) }
    }
}
