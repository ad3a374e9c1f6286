//! `projects`: organizations with their members, invitations and keys; projects with theirs.

mod create_api_key;
mod create_invitation;
mod create_organization_api_key;
mod create_project;
mod delete_api_key;
mod delete_invitation;
mod delete_membership;
mod delete_organization_api_key;
mod delete_project;
mod delete_project_membership;
mod keys;
mod list_api_keys;
mod list_invitations;
mod list_memberships;
mod list_organization_api_keys;
mod list_organization_projects;
mod list_project_memberships;
mod list_projects;
mod list_rate_limits;
mod organization;
mod project;
mod put_membership;
mod put_project_membership;
mod state;
mod update_project;

use agenttrace_api::{organizations, projects as api};
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&api::LIST_RATE_LIMITS, list_rate_limits::handle)
        .on(&api::LIST_PROJECTS, list_projects::handle)
        .on(&api::CREATE_PROJECT, create_project::handle)
        .on(&api::UPDATE_PROJECT, update_project::handle)
        .on(&api::DELETE_PROJECT, delete_project::handle)
        .on(&api::LIST_API_KEYS, list_api_keys::handle)
        .on(&api::CREATE_API_KEY, create_api_key::handle)
        .on(&api::DELETE_API_KEY, delete_api_key::handle)
        .on(&api::LIST_PROJECT_MEMBERSHIPS, list_project_memberships::handle)
        .on(&api::PUT_PROJECT_MEMBERSHIP, put_project_membership::handle)
        .on(&api::DELETE_PROJECT_MEMBERSHIP, delete_project_membership::handle)
        .on(&organizations::LIST_MEMBERSHIPS, list_memberships::handle)
        .on(&organizations::PUT_MEMBERSHIP, put_membership::handle)
        .on(&organizations::DELETE_MEMBERSHIP, delete_membership::handle)
        .on(&organizations::LIST_ORGANIZATION_PROJECTS, list_organization_projects::handle)
        .on(&organizations::LIST_ORGANIZATION_API_KEYS, list_organization_api_keys::handle)
        .on(&organizations::CREATE_ORGANIZATION_API_KEY, create_organization_api_key::handle)
        .on(&organizations::DELETE_ORGANIZATION_API_KEY, delete_organization_api_key::handle)
        .on(&organizations::LIST_INVITATIONS, list_invitations::handle)
        .on(&organizations::CREATE_INVITATION, create_invitation::handle)
        .on(&organizations::DELETE_INVITATION, delete_invitation::handle);
    serve(state::State::new, router)
}
