//! `get_score_config`: one score config.

use std::sync::Arc;

use agenttrace_api::score_configs::{ConfigCategory, ScoreConfig};
use agenttrace_domain::score_config::Category;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let config = state.records.score_config(call.project_id()?, call.request.param("configId")).await?;
    Ok(Response::json(200, &describe(config.ok_or_else(not_found)?)))
}

pub fn not_found() -> Error {
    Error::not_found("Score config not found within authorized project")
}

/// A config as the API shows it.
pub fn describe(config: agenttrace_domain::ScoreConfig) -> ScoreConfig {
    let (min_value, max_value) = config.rule.bounds();
    let category = |Category { label, value }| ConfigCategory { label, value };
    ScoreConfig {
        data_type: config.rule.data_type().as_str().to_owned(),
        categories: config.rule.categories().map(|categories| categories.into_iter().map(category).collect()),
        id: config.id,
        name: config.name,
        created_at: config.created_at.to_rfc3339(),
        updated_at: config.updated_at.to_rfc3339(),
        project_id: config.project_id,
        is_archived: config.is_archived,
        min_value,
        max_value,
        description: config.description,
    }
}
