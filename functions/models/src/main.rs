//! `models`: models with their prices, a project's own and the managed ones, and orders to recalculate past costs.

mod create_model;
mod definition;
mod delete_model;
mod get_model;
mod get_recalculation;
mod list_models;
mod match_model;
mod recalculate_costs;
mod state;
mod update_model;
mod wire;

use agenttrace_api::models as api;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&api::LIST_MODELS, list_models::handle)
        .on(&api::CREATE_MODEL, create_model::handle)
        .on(&api::GET_MODEL, get_model::handle)
        .on(&api::UPDATE_MODEL, update_model::handle)
        .on(&api::DELETE_MODEL, delete_model::handle)
        .on(&api::MATCH_MODEL, match_model::handle)
        .on(&api::RECALCULATE_COSTS, recalculate_costs::handle)
        .on(&api::GET_RECALCULATION, get_recalculation::handle);
    serve(state::State::new, router)
}
