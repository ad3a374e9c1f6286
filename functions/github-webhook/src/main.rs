//! `github-webhook`: takes what GitHub posts about a project's repositories, and holds the secrets with which it signs.
//!
//! A function of its own because of its rights: it opens sealed secrets, which `ingest` must not, and it puts facts on the stream, which the
//! functions with other secrets must not. It reads no trace.

mod delete_github_webhook;
mod get_github_webhook;
mod put_github_webhook;
mod receive_github_webhook;
mod state;

use agenttrace_api::github_webhook as api;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&api::RECEIVE_GITHUB_WEBHOOK, receive_github_webhook::handle)
        .on(&api::GET_GITHUB_WEBHOOK, get_github_webhook::handle)
        .on(&api::PUT_GITHUB_WEBHOOK, put_github_webhook::handle)
        .on(&api::DELETE_GITHUB_WEBHOOK, delete_github_webhook::handle);
    serve(state::State::new, router)
}
