//! A prompt's versions, newest first, and what they have in common.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use agenttrace_api::Json;
use agenttrace_api::paging::{self, PageMeta};
use agenttrace_api::prompts::{PromptHistory, PromptVersionRow};
use agenttrace_domain::Timestamp;
use agenttrace_domain::prompt::{Content, Head, LATEST, VersionMark};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::{PromptBody, PromptParts, PromptVersion};

use crate::describe::BY_KEY;
use crate::query;
use crate::read::body_of;
use crate::state::State;

/// Bodies may be long, and an answer holds 6 MB.
const MOST_BODIES: u64 = 20;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let name = call.request.param("promptName");
    let bodies = query::flag(&call.request, "bodies", false)?;
    let (default, most) = if bodies { (MOST_BODIES, MOST_BODIES) } else { (50, 100) };
    let page = paging::page(call.request.query("page")).map_err(Error::bad_request)?;
    let limit = paging::limit(call.request.query("limit"), default, most).map_err(Error::bad_request)?;

    let head = state.read_head(project_id, name).await?.ok_or_else(|| Error::not_found(format!("Prompt not found: '{name}'")))?;
    let skip = usize::try_from((page - 1) * limit).unwrap_or(usize::MAX);
    let marks: Vec<VersionMark> = head.versions.iter().rev().skip(skip).take(limit as usize).copied().collect();
    let wanted: Vec<(&str, u32)> = marks.iter().map(|m| (head.id.as_str(), m.version)).collect();
    let parts = if bodies { PromptParts::All } else { PromptParts::WithoutBody };
    let mut found = state.records.prompt_versions(project_id, &wanted, parts).await?;
    found.sort_by_key(|v| std::cmp::Reverse(v.version));
    let names = names_of(&state, &found).await?;
    let mut data = Vec::with_capacity(found.len());
    for version in found {
        data.push(row(&state, &head, version, &names, bodies).await?);
    }

    let mut labels: BTreeMap<String, u32> = head.labels.iter().cloned().collect();
    labels.extend(head.newest().map(|m| (LATEST.to_owned(), m.version)));
    let history = PromptHistory {
        name: head.name.clone(),
        r#type: head.kind,
        tags: head.tags.clone(),
        labels,
        protected_labels: state.records.protected_prompt_labels(project_id).await?,
        data,
        meta: PageMeta::new(page, limit, head.versions.len() as u64),
    };
    Ok(Response::json(200, &history))
}

/// The names of those who made versions, by user.
async fn names_of(state: &State, versions: &[PromptVersion]) -> Result<HashMap<String, String>, Error> {
    let mut names = HashMap::new();
    let mut asked: Vec<&String> = versions.iter().filter_map(|v| v.created_by.as_ref()).collect();
    asked.sort_unstable();
    asked.dedup();
    for id in asked {
        if let Some(user) = state.records.user(id).await? {
            names.insert(id.clone(), if user.name.is_empty() { user.email } else { user.name });
        }
    }
    Ok(names)
}

async fn row(
    state: &State,
    head: &Head,
    version: PromptVersion,
    names: &HashMap<String, String>,
    bodies: bool,
) -> Result<PromptVersionRow, Error> {
    let updated_at: Timestamp = head.mark(version.version).map_or(version.created_at, |m| m.updated_at);
    let (mut prompt, mut config) = (None, None);
    if bodies && version.body != PromptBody::Unread {
        let body = body_of(&state.blobs, version.body).await?;
        prompt = Content::parse(head.kind, &body.prompt).ok();
        config = Json::parse(body.config).ok();
    }
    Ok(PromptVersionRow {
        labels: head.labels_of(version.version),
        id: version.id,
        version: version.version,
        commit_message: version.commit_message,
        created_at: version.created_at.to_rfc3339(),
        updated_at: updated_at.to_rfc3339(),
        created_by_name: version.created_by.as_ref().and_then(|id| names.get(id).cloned()),
        created_by: version.created_by.unwrap_or_else(|| BY_KEY.to_owned()),
        prompt,
        config,
    })
}
