//! `metrics`: sums over time.

mod get_cost;
mod get_daily_metrics;
mod get_metrics;
mod get_metrics_v2;
mod get_usage;
mod query;
mod state;

use agenttrace_api::metrics as api;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&api::GET_METRICS, get_metrics::handle)
        .on(&api::GET_METRICS_V2, get_metrics_v2::handle)
        .on(&api::GET_DAILY_METRICS, get_daily_metrics::handle)
        .on(&api::GET_USAGE, get_usage::handle)
        .on(&api::GET_COST, get_cost::handle);
    serve(state::State::new, router)
}
