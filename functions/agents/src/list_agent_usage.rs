//! `list_agent_usage`: what coding agents did and cost, by group. Without a range of time the last 30 days.

use std::sync::Arc;

use agenttrace_api::agents::AgentUsage;
use agenttrace_api::paging;
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_store::agents::UsageGroup;

use crate::list_agent_sessions::filter;
use crate::query::{self, given};
use crate::state::State;

const DEFAULT_MICROS: i64 = 30 * 86_400 * 1_000_000;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let group = UsageGroup::parse(given(request, "groupBy").unwrap_or_default()).map_err(Error::bad_request)?;
    let mut range = query::range(request)?;
    if range.from.is_none() {
        range.from = Some(Timestamp(range.to.unwrap_or_else(now).0.saturating_sub(DEFAULT_MICROS)).max(Timestamp::MIN));
    }
    let limit = paging::limit(request.query("limit"), 100, 1_000).map_err(Error::bad_request)?;
    let data = state.store.for_project(call.project_id()?).agent_usage(group, range, &filter(request), limit).await?;
    Ok(Response::json(200, &AgentUsage { data }))
}
