//! What may go wrong with an AWS call, told apart by whether trying again can help.

/// The attempt that failed; the cause is the source.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Throttled, timed out, away: the same call may succeed later.
    #[error("{attempt} (for now)")]
    Temporary {
        attempt: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Refused for good: a missing permission, a missing resource, a broken record.
    #[error("{attempt}")]
    Permanent {
        attempt: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What was asked for does not exist.
    #[error("{what} does not exist")]
    Missing { what: String },
}

impl Error {
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Temporary { .. })
    }

    /// Sorts an SDK error: only what AWS answered with a client error (and not a throttle) is permanent.
    pub fn from_sdk<E, R>(attempt: &'static str, error: aws_smithy_runtime_api::client::result::SdkError<E, R>) -> Self
    where
        E: std::error::Error + aws_smithy_types::error::metadata::ProvideErrorMetadata + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        let permanent = error.as_service_error().is_some_and(|e| e.code().is_some_and(is_permanent));
        let source = Box::new(error);
        if permanent { Self::Permanent { attempt, source } } else { Self::Temporary { attempt, source } }
    }
}

fn is_permanent(code: &str) -> bool {
    matches!(
        code,
        "AccessDenied"
            | "AccessDeniedException"
            | "ResourceNotFoundException"
            | "InvalidArgumentException"
            | "ValidationException"
            | "NoSuchBucket"
            | "NoSuchKey"
            | "NotFound"
            | "NotFoundException"
            | "DisabledException"
            | "InvalidCiphertextException"
            | "IncorrectKeyException"
            | "UnrecognizedClientException"
            | "AWS.SimpleQueueService.NonExistentQueue"
    )
}
