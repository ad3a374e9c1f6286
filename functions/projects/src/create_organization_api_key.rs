//! Creates an API key of the organization, which manages its projects and members.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::keys;
use crate::organization::organization_id;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    keys::create(&state, &call, organization_id(&call)?.to_owned(), None).await
}
