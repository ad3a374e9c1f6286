//! `list_`, `create_` and `delete_annotation_queue_assignment`: who is assigned to a queue. An assignment says who is asked to work on it; it
//! keeps nobody else out.

use std::sync::Arc;

use agenttrace_api::annotation_queues::{Assignee, AssigneeList, Assignment, AssignmentBody};
use agenttrace_api::projects::Deleted;
use agenttrace_auth::Role;
use agenttrace_kit::{Call, Error, Response};

use crate::get_annotation_queue::queue_of;
use crate::state::State;

pub async fn list(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let queue = queue_of(&state, &call).await?;
    let ids = state.records.assigned_to_queue(&queue.project_id, &queue.id).await?;
    let mut users = state.records.users(&ids).await?;
    users.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    let data = users.into_iter().map(|u| Assignee { user_id: u.id, name: u.name, email: u.email }).collect();
    Ok(Response::json(200, &AssigneeList { data }))
}

pub async fn create(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let AssignmentBody { user_id } = call.request.json()?;
    let queue = queue_of(&state, &call).await?;
    if !is_member(&state, &call, &user_id).await? {
        return Err(Error::not_found("User not found or not authorized for this project"));
    }
    state.records.assign_to_queue(&queue.project_id, &queue.id, &user_id).await?;
    Ok(Response::json(200, &Assignment { user_id, queue_id: queue.id, project_id: queue.project_id }))
}

pub async fn delete(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let AssignmentBody { user_id } = call.request.json()?;
    let queue = queue_of(&state, &call).await?;
    state.records.unassign_from_queue(&queue.project_id, &queue.id, &user_id).await?;
    Ok(Response::json(200, &Deleted { success: true }))
}

/// Has the user a role in the caller's project?
pub async fn is_member(state: &State, call: &Call, user_id: &str) -> Result<bool, Error> {
    let Some(organization_id) = call.caller()?.organization_id() else { return Ok(false) };
    let membership = state.records.membership(organization_id, user_id).await?;
    let project_id = call.project_id()?;
    Ok(membership.is_some_and(|m| m.role_in(project_id) != Role::None))
}
