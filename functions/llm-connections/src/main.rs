//! `llm-connections`: providers of models and the keys to them. The one function that holds the KMS key under which those keys are sealed.

mod delete_llm_connection;
mod list_llm_connections;
mod state;
mod upsert_llm_connection;
mod wanted;

use agenttrace_api::llm_connections as api;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&api::LIST_LLM_CONNECTIONS, list_llm_connections::handle)
        .on(&api::UPSERT_LLM_CONNECTION, upsert_llm_connection::handle)
        .on(&api::DELETE_LLM_CONNECTION, delete_llm_connection::handle);
    serve(state::State::new, router)
}
