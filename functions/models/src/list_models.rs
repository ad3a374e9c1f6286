//! The project's own models, newest first, then the managed ones; all of them, or those that words and an owner choose.

use std::sync::Arc;

use agenttrace_api::models::Model;
use agenttrace_api::paging::{Page, PageMeta, limit, page};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_pricing::iter_managed;

use crate::state::State;
use crate::wire;

const WORDS_MAX_BYTES: usize = 200;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let page = page(call.request.query("page")).map_err(Error::bad_request)?;
    let limit = limit(call.request.query("limit"), 50, 100).map_err(Error::bad_request)?;
    let words = call.request.query("search").unwrap_or_default().trim().to_ascii_lowercase();
    if words.len() > WORDS_MAX_BYTES {
        return Err(Error::bad_request(format!("`search` has at most {WORDS_MAX_BYTES} bytes.")));
    }
    let managed = match call.request.query("managed") {
        None | Some("") => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => return Err(Error::bad_request("`managed` must be true or false.")),
    };
    let holds = |texts: [&str; 3]| words.is_empty() || texts.iter().any(|text| text.to_ascii_lowercase().contains(&words));
    let mut own = if managed == Some(true) { Vec::new() } else { state.records.own_models(call.project_id()?).await? };
    own.retain(|model| holds([&model.spec.model_name, &model.spec.id, &model.spec.match_pattern]));
    let chosen: Vec<_> =
        iter_managed().filter(|model| managed != Some(false) && (words.is_empty() || holds([model.name(), &model.id(), ""]))).collect();
    let total = (own.len() + chosen.len()) as u64;
    let skipped = usize::try_from((page - 1) * limit).unwrap_or(usize::MAX);
    let taken = usize::try_from(limit).unwrap_or(usize::MAX);
    let of_managed = skipped.saturating_sub(own.len());
    let mut data: Vec<Model> = own.into_iter().skip(skipped).take(taken).map(wire::own).collect();
    data.extend(chosen.into_iter().skip(of_managed).take(taken - data.len()).map(wire::managed));
    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page, limit, total) }))
}
