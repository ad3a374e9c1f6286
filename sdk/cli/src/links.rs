//! Links from commits to what made them: told once per trace and commit, the best word first, and remembered so that they can follow a commit
//! that is rewritten.

use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::gitdir::GitDir;
use crate::spool::{Entry, Spool};
use crate::{dirs, git, hook};

const PATH: &str = "/api/public/git-links";
/// More names of files are not told.
const MAX_FILES: usize = 2_000;

/// What made a commit, and how that is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    pub trace_id: String,
    /// The very call.
    pub observation_id: Option<String>,
    pub session_id: Option<String>,
    pub agent: Option<String>,
    pub method: String,
    pub confidence: f64,
}

/// Two repositories may have the same commit.
fn record(repository: &GitDir, commit: &str) -> Result<PathBuf> {
    let place = agenttrace_domain::agent::made_id(&[&repository.common.to_string_lossy()]);
    Ok(dirs::state()?.join("commits").join(format!("{commit}-{}.json", &place[..16])))
}

/// What was told of a commit on this machine.
pub fn told(repository: &GitDir, commit: &str) -> Vec<Link> {
    let text = record(repository, commit).ok().and_then(|file| std::fs::read(file).ok()).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Tells of a commit's links, except for those of which as much was told already.
pub fn tell(spool: &Spool, repository: &GitDir, commit: &str, branch: Option<&str>, links: &[Link]) -> Result<()> {
    let mut known = told(repository, commit);
    let fresh: Vec<&Link> =
        links.iter().filter(|link| !known.iter().any(|old| old.trace_id == link.trace_id && old.confidence >= link.confidence)).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let origin = repository.origin();
    let at = hook::rfc3339(SystemTime::now());
    let body = fresh
        .iter()
        .map(|link| {
            let mut row = serde_json::to_value(link)?;
            row["commitSha"] = commit.into();
            row["timestamp"] = at.clone().into();
            if !origin.is_empty() {
                row["repositoryUrl"] = origin.clone().into();
            }
            if let Some(branch) = branch {
                row["branch"] = branch.into();
            }
            Ok(row)
        })
        .collect::<Result<Vec<Value>>>()?;
    spool.put_entry(&Entry { path: PATH.to_owned(), body: body.into(), commits_in: Some(repository.root.clone()) })?;
    for link in fresh {
        known.retain(|old| old.trace_id != link.trace_id);
        known.push(link.clone());
    }
    // A sandbox may forbid it: then a rewritten commit is not followed.
    drop(hook::replace(&record(repository, commit)?, &serde_json::to_vec(&known)?));
    Ok(())
}

/// What git says of the commits, put in before they are sent. A repository that is gone has told all it will.
pub fn complete(entry: &mut Entry) {
    let (Some(root), Some(rows)) = (&entry.commits_in, entry.body.as_array_mut()) else { return };
    for row in rows {
        let Some(commit) = row["commitSha"].as_str().and_then(|sha| git::commit(root, sha)) else { continue };
        let files: Vec<&String> = commit.files_changed.iter().take(MAX_FILES).collect();
        let facts = json!({
            "commitMessage": commit.message, "authorName": commit.author_name, "authorEmail": commit.author_email,
            "filesChanged": files, "additions": commit.additions, "deletions": commit.deletions,
        });
        if let (Value::Object(row), Value::Object(facts)) = (row, facts) {
            row.extend(facts);
        }
    }
}
