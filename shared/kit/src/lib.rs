//! The Lambda shell: what every function does once, so that a function says only what is special.
//!
//! - [`http::serve`]: routes by the declared operations, authenticates, parses, maps errors to the envelope, logs one line.
//! - [`worker`]: stream, queue and plain invocations.
//! - [`config`]: every environment variable there is.

pub mod authenticate;
pub mod config;
pub mod error;
pub mod http;
pub mod limits;
pub mod media;
pub mod request;
pub mod response;
pub mod telemetry;
pub mod worker;

pub use authenticate::Authenticator;
pub use error::Error;
pub use http::{Authenticate, Call, Exit, Router, serve};
pub use request::Request;
pub use response::Response;

/// The time, to the microsecond: the one place where functions read the clock.
#[must_use]
pub fn now() -> agenttrace_domain::Timestamp {
    let nanos = time::OffsetDateTime::now_utc().unix_timestamp_nanos();
    agenttrace_domain::Timestamp(i64::try_from(nanos / 1_000).unwrap_or_default())
}
