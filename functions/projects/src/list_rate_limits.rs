//! How many requests a minute an API key may make: what this deployment enforces.

use std::sync::Arc;

use agenttrace_api::RateClass;
use agenttrace_api::projects::{RateLimit, RateLimitList};
use agenttrace_kit::limits::Limits;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

#[allow(clippy::unused_async)]
pub async fn handle(_: Arc<State>, _: Call) -> Result<Response, Error> {
    let limits = Limits::from_environment();
    let data = RateClass::ALL
        .map(|class| RateLimit { kind: class.as_str().to_owned(), requests_per_minute: Some(limits.of(class)).filter(|limit| *limit > 0) });
    Ok(Response::json(200, &RateLimitList { data: data.into() }))
}
