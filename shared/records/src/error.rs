//! What may go wrong with the table, told apart by whether trying again can help.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// The attempt that failed; the cause is the source.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Someone else has what was asked for. The text is for the caller.
    #[error("{0}")]
    Conflict(String),
    /// Throttled, timed out, away: the same call may succeed later.
    #[error("{attempt} (for now)")]
    Temporary {
        attempt: &'static str,
        #[source]
        source: Source,
    },
    /// Refused for good: a missing permission, a missing table, an item that can't be read.
    #[error("{attempt}")]
    Permanent {
        attempt: &'static str,
        #[source]
        source: Source,
    },
}

impl Error {
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Temporary { .. })
    }

    /// Sorts an SDK error: only what DynamoDB answered with a client error, and not a throttle, is permanent.
    pub(crate) fn from_sdk<E>(attempt: &'static str, error: SdkError<E>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let permanent = error.as_service_error().and_then(ProvideErrorMetadata::code).is_some_and(is_permanent);
        let source = Box::new(error);
        if permanent { Self::Permanent { attempt, source } } else { Self::Temporary { attempt, source } }
    }

    pub(crate) fn permanent(attempt: &'static str, source: impl Into<Source>) -> Self {
        Self::Permanent { attempt, source: source.into() }
    }
}

fn is_permanent(code: &str) -> bool {
    matches!(
        code,
        "AccessDeniedException"
            | "ConditionalCheckFailedException"
            | "ItemCollectionSizeLimitExceededException"
            | "ResourceNotFoundException"
            | "UnrecognizedClientException"
            | "ValidationException"
    )
}
