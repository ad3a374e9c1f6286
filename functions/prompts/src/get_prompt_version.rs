//! One version of a prompt, by its number in the path.

use std::sync::Arc;

use agenttrace_domain::prompt::reference::Target;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;
use crate::{get_prompt, query};

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let target = Target::Version(query::path_version(&call.request)?);
    get_prompt::answer(&state, &call, &target).await
}
