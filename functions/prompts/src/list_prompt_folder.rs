//! What lies in a folder: its folders, and a numbered page of its prompts. A search looks at everything below.

use std::collections::BTreeMap;
use std::sync::Arc;

use agenttrace_api::paging::{self, PageMeta};
use agenttrace_api::prompts::{PromptFolder, PromptFolderEntry};
use agenttrace_domain::Timestamp;
use agenttrace_domain::prompt::{Head, PromptType};
use agenttrace_kit::{Call, Error, Request, Response};

use crate::list_prompts::{Filter, Row, describe};
use crate::query::given;
use crate::state::State;

const MAX_FOLDERS: usize = 1_000;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let project_id = call.project_id()?;
    let folder = given(request, "folder").unwrap_or_default().trim_matches('/').to_owned();
    let search = given(request, "search").map(str::to_lowercase);
    let page = paging::page(request.query("page")).map_err(Error::bad_request)?;
    let limit = paging::limit(request.query("limit"), 50, 100).map_err(Error::bad_request)?;
    let order = Order::of(request)?;
    let kind = given(request, "type")
        .map(|t| PromptType::parse(t).ok_or_else(|| Error::bad_request("`type` must be text or chat")))
        .transpose()?;
    let tag = given(request, "tag");
    let filter = Filter { label: given(request, "label").map(str::to_owned), ..Filter::default() };

    let mut heads = state.heads.of(&state.records, project_id).await?;
    heads.retain(|h| {
        kind.is_none_or(|k| k == h.kind)
            && tag.is_none_or(|tag| h.tags.iter().any(|t| t == tag))
            && search.as_ref().is_none_or(|s| matches(h, s))
    });
    let Split { folders, mut rows } = split(&folder, search.is_some(), &heads, &filter);
    order.sort(&mut rows);

    let total = rows.len() as u64;
    let skip = usize::try_from((page - 1) * limit).unwrap_or(usize::MAX);
    let data = describe(&state, project_id, rows.into_iter().skip(skip).take(limit as usize).collect()).await?;
    Ok(Response::json(200, &PromptFolder { folder, folders, data, meta: PageMeta::new(page, limit, total) }))
}

fn matches(head: &Head, search: &str) -> bool {
    head.name.to_lowercase().contains(search) || head.tags.iter().any(|t| t.to_lowercase().contains(search))
}

struct Split<'a> {
    folders: Vec<PromptFolderEntry>,
    rows: Vec<Row<'a>>,
}

/// Those right in the folder, and the folders of the others; with `flat` all of them.
fn split<'a>(folder: &str, flat: bool, heads: &'a [Arc<Head>], filter: &Filter) -> Split<'a> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut folders: BTreeMap<&str, (u64, Timestamp)> = BTreeMap::new();
    let mut rows = Vec::new();
    for head in heads {
        let Some(rest) = head.name.strip_prefix(&prefix) else { continue };
        let Some(row) = filter.row(head) else { continue };
        match rest.split_once('/') {
            Some((name, _)) if !flat => {
                let (prompts, updated_at) = folders.entry(name).or_insert((0, row.updated_at()));
                *prompts += 1;
                *updated_at = row.updated_at().max(*updated_at);
            }
            _ => rows.push(row),
        }
    }
    let entry = |(name, (prompts, updated_at)): (&str, (u64, Timestamp))| PromptFolderEntry {
        name: name.to_owned(),
        path: format!("{prefix}{name}"),
        prompts,
        last_updated_at: updated_at.to_rfc3339(),
    };
    Split { folders: folders.into_iter().take(MAX_FOLDERS).map(entry).collect(), rows }
}

/// By name, or by the time of the last change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Name { descending: bool },
    Updated { descending: bool },
}

impl Order {
    fn of(request: &Request) -> Result<Self, Error> {
        match given(request, "orderBy") {
            None | Some("name.asc") => Ok(Self::Name { descending: false }),
            Some("name.desc") => Ok(Self::Name { descending: true }),
            Some("lastUpdatedAt.asc") => Ok(Self::Updated { descending: false }),
            Some("lastUpdatedAt.desc") => Ok(Self::Updated { descending: true }),
            Some(_) => Err(Error::bad_request("`orderBy` must be name.asc, name.desc, lastUpdatedAt.asc or lastUpdatedAt.desc")),
        }
    }

    /// Heads come by name.
    fn sort(self, rows: &mut [Row<'_>]) {
        match self {
            Self::Name { descending: false } => {}
            Self::Name { descending: true } => rows.reverse(),
            Self::Updated { descending: false } => rows.sort_by_key(Row::updated_at),
            Self::Updated { descending: true } => rows.sort_by_key(|r| std::cmp::Reverse(r.updated_at())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(names: &[&str]) -> Vec<Arc<Head>> {
        names
            .iter()
            .zip(1..)
            .map(|(name, at)| {
                let mut head = Head::new((*name).to_owned(), (*name).to_owned(), PromptType::Text, Timestamp(at));
                head.add_version(&[], None, Timestamp(at));
                Arc::new(head)
            })
            .collect()
    }

    #[test]
    fn a_folder_shows_its_own_and_the_folders_below() {
        let heads = heads(&["a", "f", "f/x", "f/g/y", "f/g/h/z", "ff/x"]);
        let look = |folder: &str, flat| {
            let Split { folders, rows } = split(folder, flat, &heads, &Filter::default());
            let folders: Vec<(String, u64)> = folders.into_iter().map(|f| (f.path, f.prompts)).collect();
            (folders, rows.iter().map(|r| r.head.name.clone()).collect::<Vec<_>>())
        };

        assert_eq!(look("", false), (vec![("f".into(), 3), ("ff".into(), 1)], vec!["a".into(), "f".into()]));
        assert_eq!(look("f", false), (vec![("f/g".into(), 2)], vec!["f/x".into()]));
        assert_eq!(look("f/g/h", false), (vec![], vec!["f/g/h/z".into()]));
        assert_eq!(look("f", true), (vec![], vec!["f/x".into(), "f/g/y".into(), "f/g/h/z".into()]));
        assert_eq!(look("none", false), (vec![], vec![]));
    }
}
