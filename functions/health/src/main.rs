//! `health`: is the stack alive, and can it serve?

mod get_health;
mod get_ready;
mod state;

use agenttrace_api::health as api;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new().on(&api::GET_HEALTH, get_health::handle).on(&api::GET_READY, get_ready::handle);
    serve(state::State::new, router)
}
