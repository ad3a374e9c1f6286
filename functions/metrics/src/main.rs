//! `metrics`: sums over time.

mod get_daily_metrics;
mod state;

use agenttrace_api::metrics as api;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    serve(state::State::new, Router::new().on(&api::GET_DAILY_METRICS, get_daily_metrics::handle))
}
