//! What was copied so far, in a file that is replaced as a whole. It holds ids and times, no keys and no contents.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::media::Reference;
use super::now;

const VERSION: u32 = 1;

/// One project on one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub server: String,
    pub project_id: String,
}

/// How far a list that is ordered by time was copied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Progress {
    /// Rows before this time are there.
    pub after: Option<String>,
    /// Where the next page of a list with cursors begins.
    pub cursor: Option<String>,
    /// The next page of a list with numbers.
    pub page: u64,
    pub complete: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Noted {
    version: u32,
    pub source: Option<Place>,
    pub target: Option<Place>,
    /// Rows from this time on are left to the next time: pages must not shift while they are read.
    pub until: String,
    pub traces: Progress,
    pub scores: Progress,
    /// Datasets whose items are there.
    pub datasets: BTreeSet<String>,
    /// Versions of prompts that only keep a number, as `<name>\n<version>`.
    pub placeholders: BTreeSet<String>,
    /// Runs that are there, as `<dataset>\n<run>`.
    pub runs: BTreeSet<String>,
    /// Queues whose items are there.
    pub queues: BTreeSet<String>,
    /// Files that could not be reached, and where they belong.
    pub owed: Vec<Reference>,
    /// Comments that are there, or were and have been deleted since.
    pub comments: BTreeSet<String>,
    /// Ids that the target gave: of score configs, runs, queues, and versions of prompts.
    pub config_ids: BTreeMap<String, String>,
    pub run_ids: BTreeMap<String, String>,
    pub queue_ids: BTreeMap<String, String>,
    pub prompt_ids: BTreeMap<String, String>,
}

pub struct State {
    pub noted: Noted,
    path: PathBuf,
    dry_run: bool,
}

impl State {
    /// The state of an earlier run between the same two projects, or a new one. A dry run reads none and writes none.
    pub fn open(path: &Path, source: Place, target: Place, dry_run: bool) -> Result<Self> {
        let fresh = Noted { version: VERSION, source: Some(source), target: Some(target), until: now(), ..Noted::default() };
        let noted = match fs::read(path) {
            _ if dry_run => fresh,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => fresh,
            Err(error) => return Err(error).with_context(|| format!("read {}", path.display())),
            Ok(bytes) => {
                let found: Noted = serde_json::from_slice(&bytes)
                    .with_context(|| format!("{} is no state of an import: name another file with --state", path.display()))?;
                if found.version != VERSION || found.source != fresh.source || found.target != fresh.target {
                    bail!("{} is of an import between other projects: name another file with --state", path.display());
                }
                found
            }
        };
        Ok(Self { noted, path: path.to_owned(), dry_run })
    }

    /// Replaces the file, so that it is the old or the new one, whatever happens.
    pub fn save(&self) -> Result<()> {
        if self.dry_run {
            return Ok(());
        }
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let write = || -> std::io::Result<()> {
            let file = fs::File::create(&beside)?;
            serde_json::to_writer_pretty(&file, &self.noted)?;
            file.sync_all()?;
            fs::rename(&beside, &self.path)
        };
        write().with_context(|| format!("note the progress in {}", self.path.display()))
    }

    /// All was copied: the next run brings what comes later. An hour is read twice, for rows that arrived late.
    pub fn finish(&mut self) {
        let from = earlier(&self.noted.until);
        for progress in [&mut self.noted.traces, &mut self.noted.scores] {
            *progress = Progress { after: Some(from.clone()), ..Progress::default() };
        }
        self.noted.datasets.clear();
        self.noted.runs.clear();
        self.noted.queues.clear();
        self.noted.until = now();
    }
}

fn earlier(time: &str) -> String {
    use time::format_description::well_known::Rfc3339;
    let parsed = time::OffsetDateTime::parse(time, &Rfc3339).ok();
    parsed.and_then(|t| (t - time::Duration::hours(1)).format(&Rfc3339).ok()).unwrap_or_else(|| time.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(project_id: &str) -> Place {
        Place { server: "http://a".to_owned(), project_id: project_id.to_owned() }
    }

    #[test]
    fn a_state_goes_on_for_the_same_projects_alone() {
        let folder = std::env::temp_dir().join(format!("agenttrace-import-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("state.json");
        let mut state = State::open(&path, place("a"), place("b"), false).expect("a new state");
        state.noted.traces.after = Some("2026-01-01T00:00:00Z".to_owned());
        state.save().expect("saved");

        let again = State::open(&path, place("a"), place("b"), false).expect("the same");
        assert_eq!(again.noted, state.noted);
        assert!(State::open(&path, place("a"), place("c"), false).is_err());
        fs::write(&path, "{").expect("written");
        assert!(State::open(&path, place("a"), place("b"), false).is_err());
        assert!(State::open(&path, place("a"), place("b"), true).is_ok(), "a dry run reads no state");
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn a_finished_copy_goes_on_an_hour_before_its_end() {
        let mut state =
            State { noted: Noted { until: "2026-01-01T01:00:00Z".to_owned(), ..Noted::default() }, path: PathBuf::new(), dry_run: true };
        state.noted.traces.complete = true;

        state.finish();

        assert_eq!(state.noted.traces.after.as_deref(), Some("2026-01-01T00:00:00Z"));
        assert!(!state.noted.traces.complete && *"2026-01-01T01:00:00Z" < *state.noted.until);
    }
}
