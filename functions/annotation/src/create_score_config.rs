//! `create_score_config`: a new score config. Names may repeat, as Langfuse's do.

use std::sync::Arc;

use agenttrace_api::score_configs::{ConfigCategory, CreateScoreConfigBody};
use agenttrace_domain::score_config::Category;
use agenttrace_domain::{ScoreConfig, ScoreDataType, ScoreRule};
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::new_id;

use crate::get_score_config::describe;
use crate::paging::description;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let body: CreateScoreConfigBody = call.request.json()?;
    let data_type = ScoreDataType::parse(&body.data_type)
        .ok_or_else(|| Error::bad_request("`dataType` must be NUMERIC, BOOLEAN, CATEGORICAL or TEXT."))?;
    // The dashboard of Langfuse sends an empty list where there are no categories.
    let categories = body.categories.filter(|c| !c.is_empty() || data_type == ScoreDataType::Categorical).map(read_categories);
    let rule = ScoreRule::new(data_type, body.min_value, body.max_value, categories).map_err(Error::bad_request)?;
    let created_at = now();
    let config = ScoreConfig {
        id: new_id(),
        project_id: project_id.to_owned(),
        name: body.name,
        description: description(body.description, agenttrace_domain::score_config::DESCRIPTION_MAX_CHARS)?,
        rule,
        is_archived: false,
        created_at,
        updated_at: created_at,
    }
    .checked()
    .map_err(Error::bad_request)?;
    state.records.create_score_config(&config).await?;
    Ok(Response::json(200, &describe(config)))
}

pub fn read_categories(categories: Vec<ConfigCategory>) -> Vec<Category> {
    categories.into_iter().map(|ConfigCategory { label, value }| Category { label, value }).collect()
}
