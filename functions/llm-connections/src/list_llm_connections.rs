//! `list_llm_connections`: the project's connections by provider, a numbered page, without secrets.

use std::sync::Arc;

use agenttrace_api::llm_connections::LlmConnection;
use agenttrace_api::paging::{self, Page, PageMeta};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::LlmConnection as Stored;

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let page = paging::page(call.request.query("page")).map_err(Error::bad_request)?;
    let limit = paging::limit(call.request.query("limit"), 50, 100).map_err(Error::bad_request)?;
    let all = state.records.llm_connections(call.project_id()?).await?;
    let meta = PageMeta::new(page, limit, all.len() as u64);
    let skip = usize::try_from((page - 1) * limit).unwrap_or(usize::MAX);
    let data = all.into_iter().skip(skip).take(limit as usize).map(describe).collect::<Vec<_>>();
    Ok(Response::json(200, &Page { data, meta }))
}

/// A connection as the API shows it.
pub fn describe(connection: Stored) -> LlmConnection {
    LlmConnection {
        id: connection.id,
        provider: connection.provider,
        adapter: connection.adapter,
        display_secret_key: connection.display_secret,
        base_url: connection.base_url,
        custom_models: connection.custom_models,
        with_default_models: connection.with_default_models,
        extra_header_keys: connection.extra_header_keys.into_iter().collect(),
        config: connection.config.and_then(|text| serde_json::from_str(&text).ok()),
        created_at: connection.created_at.to_rfc3339(),
        updated_at: connection.updated_at.to_rfc3339(),
    }
}
