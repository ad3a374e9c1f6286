//! `update_score_config`: changes or archives a score config. Its data type stays: scores that exist have it.

use std::sync::Arc;

use agenttrace_api::score_configs::UpdateScoreConfigBody;
use agenttrace_domain::{ScoreConfig, ScoreDataType, ScoreRule};
use agenttrace_kit::{Call, Error, Response, now};

use crate::create_score_config::read_categories;
use crate::get_score_config::{describe, not_found};
use crate::state::State;

/// Changes that meet are repeated on what the other one left.
const TRIES: usize = 5;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let body: UpdateScoreConfigBody = call.request.json()?;
    for _ in 0..TRIES {
        let read = state.records.score_config(project_id, call.request.param("configId")).await?.ok_or_else(not_found)?;
        let read_at = read.updated_at;
        let changed = change(read, &body)?;
        if state.records.replace_score_config(&changed, read_at).await? {
            return Ok(Response::json(200, &describe(changed)));
        }
    }
    Err(Error::conflict("Others change this score config at the same time. Try again."))
}

fn change(config: ScoreConfig, body: &UpdateScoreConfigBody) -> Result<ScoreConfig, Error> {
    let (min, max) = config.rule.bounds();
    let data_type = config.rule.data_type();
    let stated = body.categories.clone().filter(|c| !c.is_empty() || data_type == ScoreDataType::Categorical).map(read_categories);
    let kept = match &config.rule {
        ScoreRule::Categorical(categories) => Some(categories.clone()),
        ScoreRule::Numeric { .. } | ScoreRule::Boolean | ScoreRule::Text => None,
    };
    let rule = ScoreRule::new(data_type, body.min_value.unwrap_or(min), body.max_value.unwrap_or(max), stated.or(kept));
    ScoreConfig {
        rule: rule.map_err(Error::bad_request)?,
        name: body.name.clone().unwrap_or(config.name),
        description: body.description.clone().unwrap_or(config.description).filter(|d| !d.is_empty()),
        is_archived: body.is_archived.unwrap_or(config.is_archived),
        // Later than what was read, even by a clock that is behind: the next change compares it.
        updated_at: now().max(agenttrace_domain::Timestamp(config.updated_at.0 + 1)),
        ..config
    }
    .checked()
    .map_err(Error::bad_request)
}
