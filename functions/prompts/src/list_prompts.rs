//! Prompts by name, a numbered page. Filters by label and time look at versions: a row then tells only of those that match.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use agenttrace_api::Json;
use agenttrace_api::paging::{self, Page, PageMeta};
use agenttrace_api::prompts::PromptMeta;
use agenttrace_domain::Timestamp;
use agenttrace_domain::prompt::{Head, VersionMark};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::{PromptBody, PromptParts};

use crate::query::{given, time};
use crate::read::body_of;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let project_id = call.project_id()?;
    let page = paging::page(request.query("page")).map_err(Error::bad_request)?;
    let limit = paging::limit(request.query("limit"), 10, 100).map_err(Error::bad_request)?;
    let tag = given(request, "tag");
    let filter = Filter {
        label: given(request, "label").map(str::to_owned),
        from: time(request, "fromUpdatedAt")?,
        to: time(request, "toUpdatedAt")?,
    };

    let heads = match given(request, "name") {
        Some(name) => state.read_head(project_id, name).await?.into_iter().collect(),
        None => state.heads.of(&state.records, project_id).await?,
    };
    let rows: Vec<Row> =
        heads.iter().filter(|h| tag.is_none_or(|tag| h.tags.iter().any(|t| t == tag))).filter_map(|h| filter.row(h)).collect();

    let total = rows.len() as u64;
    let skip = usize::try_from((page - 1) * limit).unwrap_or(usize::MAX);
    let shown: Vec<Row> = rows.into_iter().skip(skip).take(limit as usize).collect();
    let data = describe(&state, project_id, shown).await?;
    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page, limit, total) }))
}

/// Which versions are asked for.
#[derive(Default)]
pub struct Filter {
    pub label: Option<String>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

/// A prompt with those of its versions that match, of which there is at least one.
pub struct Row<'a> {
    pub head: &'a Head,
    pub versions: Vec<VersionMark>,
    newest: u32,
}

impl Filter {
    pub fn row<'a>(&self, head: &'a Head) -> Option<Row<'a>> {
        let labelled = match &self.label {
            Some(label) => Some(head.version_of(label)?),
            None => None,
        };
        let versions: Vec<VersionMark> = head
            .versions
            .iter()
            .filter(|m| labelled.is_none_or(|v| v == m.version))
            .filter(|m| self.from.is_none_or(|from| m.updated_at >= from) && self.to.is_none_or(|to| m.updated_at < to))
            .copied()
            .collect();
        let newest = versions.last()?.version;
        Some(Row { head, versions, newest })
    }
}

impl Row<'_> {
    pub fn updated_at(&self) -> Timestamp {
        self.versions.iter().map(|m| m.updated_at).max().unwrap_or(self.head.created_at)
    }

    /// The newest version's config, if the head has it.
    fn config(&self) -> Option<&str> {
        let of_head = self.head.newest().is_some_and(|m| m.version == self.newest);
        self.head.config.as_deref().filter(|_| of_head)
    }

    fn labels(&self) -> Vec<String> {
        let labels: BTreeSet<String> = self.versions.iter().flat_map(|m| self.head.labels_of(m.version)).collect();
        labels.into_iter().collect()
    }
}

/// A page's rows on the wire. Configs that heads do not have are read together.
pub async fn describe(state: &State, project_id: &str, rows: Vec<Row<'_>>) -> Result<Vec<PromptMeta>, Error> {
    let wanted: Vec<(&str, u32)> = rows.iter().filter(|r| r.config().is_none()).map(|r| (r.head.id.as_str(), r.newest)).collect();
    let mut configs: HashMap<String, String> = HashMap::new();
    if !wanted.is_empty() {
        for version in state.records.prompt_versions(project_id, &wanted, PromptParts::WithConfig).await? {
            let config = match version.body {
                PromptBody::Unread => continue,
                body => body_of(&state.blobs, body).await?.config,
            };
            configs.insert(version.prompt_id, config);
        }
    }
    let mut describe = |row: Row<'_>| {
        let config = row.config().map(str::to_owned).or_else(|| configs.remove(&row.head.id)).unwrap_or_else(|| "{}".to_owned());
        PromptMeta {
            name: row.head.name.clone(),
            r#type: row.head.kind,
            versions: row.versions.iter().map(|m| m.version).collect(),
            labels: row.labels(),
            tags: row.head.tags.clone(),
            last_updated_at: row.updated_at().to_rfc3339(),
            last_config: Json::parse(config).unwrap_or_default(),
        }
    };
    Ok(rows.into_iter().map(&mut describe).collect())
}
