//! `projects`: projects and their API keys.

mod create_api_key;
mod create_project;
mod delete_api_key;
mod list_api_keys;
mod list_projects;
mod state;

use agenttrace_api::projects as api;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&api::LIST_PROJECTS, list_projects::handle)
        .on(&api::CREATE_PROJECT, create_project::handle)
        .on(&api::LIST_API_KEYS, list_api_keys::handle)
        .on(&api::CREATE_API_KEY, create_api_key::handle)
        .on(&api::DELETE_API_KEY, delete_api_key::handle);
    serve(state::State::new, router)
}
