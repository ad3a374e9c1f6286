//! The labels and tags of the project's prompts, each with its number of prompts. Protected labels are there even when nothing has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use agenttrace_api::prompts::{PromptFacets, PromptLabelFacet, PromptTagFacet};
use agenttrace_domain::prompt::LATEST;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let heads = state.heads.of(&state.records, project_id).await?;
    let protected = state.records.protected_prompt_labels(project_id).await?;
    let mut labels: BTreeMap<&str, u64> = protected.iter().map(|l| (l.as_str(), 0)).collect();
    let mut tags: BTreeMap<&str, u64> = BTreeMap::new();
    for head in &heads {
        *labels.entry(LATEST).or_default() += 1;
        for (label, _) in &head.labels {
            *labels.entry(label).or_default() += 1;
        }
        for tag in &head.tags {
            *tags.entry(tag).or_default() += 1;
        }
    }
    let facets = PromptFacets {
        labels: labels
            .into_iter()
            .map(|(value, count)| PromptLabelFacet { value: value.to_owned(), count, protected: protected.iter().any(|p| p == value) })
            .collect(),
        tags: tags.into_iter().map(|(value, count)| PromptTagFacet { value: value.to_owned(), count }).collect(),
    };
    Ok(Response::json(200, &facets))
}
