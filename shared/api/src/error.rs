//! The error envelope: `{"message", "error"}`, with Langfuse's class names, which its SDKs compare.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The class names of `facts`: clients match on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ErrorName {
    InvalidRequestError,
    UnauthorizedError,
    ForbiddenError,
    LangfuseNotFoundError,
    MethodNotAllowedError,
    LangfuseConflictError,
    PayloadTooLargeError,
    UnsupportedMediaTypeError,
    RateLimitError,
    UnprocessableContentError,
    /// Of a query that is too heavy: Langfuse's words in the place of a class.
    #[serde(rename = "Request timed out")]
    RequestTimedOut,
    InternalServerError,
    ServiceUnavailableError,
}

impl ErrorName {
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequestError => 400,
            Self::UnauthorizedError => 401,
            Self::ForbiddenError => 403,
            Self::LangfuseNotFoundError => 404,
            Self::MethodNotAllowedError => 405,
            Self::LangfuseConflictError => 409,
            Self::PayloadTooLargeError => 413,
            Self::UnsupportedMediaTypeError => 415,
            Self::UnprocessableContentError | Self::RequestTimedOut => 422,
            Self::RateLimitError => 429,
            Self::InternalServerError => 500,
            Self::ServiceUnavailableError => 503,
        }
    }
}

/// The body of every error.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// A sentence that says what to do.
    pub message: String,
    pub error: ErrorName,
    /// Only on 500: what to look for in the logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
