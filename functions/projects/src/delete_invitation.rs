//! Takes an invitation back: its link no longer works.

use std::sync::Arc;

use agenttrace_api::projects::Deleted;
use agenttrace_kit::{Call, Error, Response};

use crate::organization::organization_id;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    if !state.records.revoke_invitation(organization_id(&call)?, call.request.param("invitationId")).await? {
        return Err(Error::not_found("Invitation not found"));
    }
    Ok(Response::json(200, &Deleted { success: true }))
}
