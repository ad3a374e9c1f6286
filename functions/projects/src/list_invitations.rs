//! Invitations that are open, newest first, without their secrets.

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_api::organizations::{InvitationEntry, InvitationList};
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::Invitation;

use crate::organization::organization_id;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let invitations = state.records.invitations_of(organization_id(&call)?, now()).await?;
    let mut inviters: Vec<String> = invitations.iter().filter_map(|i| i.invited_by.clone()).collect();
    inviters.sort_unstable();
    inviters.dedup();
    let inviters: HashMap<String, String> = state.records.users(&inviters).await?.into_iter().map(|u| (u.id, u.email)).collect();
    let entry = |invitation: Invitation| {
        let invited_by = invitation.invited_by.as_ref().and_then(|id| inviters.get(id).cloned());
        describe_invitation(&invitation, invited_by)
    };
    Ok(Response::json(200, &InvitationList { invitations: invitations.into_iter().map(entry).collect() }))
}

/// An invitation as the API shows it.
pub fn describe_invitation(invitation: &Invitation, invited_by: Option<String>) -> InvitationEntry {
    InvitationEntry {
        id: invitation.id.clone(),
        email: invitation.email.clone(),
        role: invitation.role,
        created_at: invitation.created_at.to_rfc3339(),
        expires_at: invitation.expires_at.to_rfc3339(),
        invited_by,
    }
}
