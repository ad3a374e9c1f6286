//! How far each transcript was sent to a project: a file that is replaced as a whole, and a list that grows of which session owns which step.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::sources::Transcript;
use crate::config::Config;
use crate::dirs;

const VERSION: u32 = 1;

/// A transcript that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Noted {
    /// For people who look: names may be no text.
    path: String,
    /// Its first line, as a hash: another file may have taken its place.
    begin: u64,
    size: u64,
    modified: i64,
    /// Everything before is sent.
    sent: u64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Contents {
    version: u32,
    transcripts: BTreeMap<String, Noted>,
}

/// Steps and the sessions that own them, as hashes.
pub type Claims = HashMap<u64, u64>;

pub struct State {
    /// Nothing is kept without one.
    file: Option<PathBuf>,
    contents: Contents,
}

impl State {
    /// The state of a project on a server. What can't be read is begun anew: to send something twice changes nothing.
    pub fn open(config: &Config) -> Result<Self> {
        let folder = dirs::state()?.join("import");
        dirs::make_private(&folder)?;
        let project = hash(format!("{}\n{}", config.base_url.trim_end_matches('/'), config.public_key).as_bytes());
        let file = folder.join(format!("{project:016x}.json"));
        let contents: Contents = fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let contents = if contents.version == VERSION { contents } else { Contents { version: VERSION, ..Contents::default() } };
        Ok(Self { file: Some(file), contents })
    }

    pub fn nowhere() -> Self {
        Self { file: None, contents: Contents::default() }
    }

    /// From where a transcript is new; `None` when nothing was written to it.
    pub fn sent(&self, transcript: &Transcript, begin: u64) -> Option<u64> {
        let Some(noted) = self.contents.transcripts.get(&name(&transcript.path)).filter(|noted| noted.begin == begin) else {
            return Some(0);
        };
        if transcript.size < noted.sent {
            return Some(0);
        }
        let unchanged = noted.size == transcript.size && noted.modified == transcript.modified;
        (!unchanged).then_some(noted.sent)
    }

    /// Everything before `offset` is in the spool.
    pub fn note(&mut self, transcript: &Transcript, begin: u64, offset: u64, claimed: &[(u64, u64)]) -> Result<()> {
        let whole = offset >= transcript.size;
        let noted = Noted {
            path: transcript.path.to_string_lossy().into_owned(),
            begin,
            // A transcript that was read in part is looked at again.
            size: if whole { transcript.size } else { 0 },
            modified: transcript.modified,
            sent: offset,
        };
        self.contents.transcripts.insert(name(&transcript.path), noted);
        let Some(file) = &self.file else { return Ok(()) };
        if !claimed.is_empty() {
            let bytes: Vec<u8> = claimed.iter().flat_map(|(step, session)| [step.to_le_bytes(), session.to_le_bytes()].concat()).collect();
            File::options().create(true).append(true).open(file.with_extension("owners"))?.write_all(&bytes)?;
        }
        let beside = file.with_extension(format!("new-{}", std::process::id()));
        serde_json::to_writer(std::io::BufWriter::new(File::create(&beside)?), &self.contents)?;
        fs::rename(&beside, file).with_context(|| format!("cannot write {}", file.display()))
    }

    pub fn claims(&self) -> Result<Claims> {
        let Some(file) = &self.file else { return Ok(Claims::new()) };
        let bytes = match fs::read(file.with_extension("owners")) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Claims::new()),
            Err(error) => return Err(error).context("cannot read which session owns which step"),
        };
        let (pairs, _) = bytes.as_chunks::<16>();
        let half = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
        Ok(pairs.iter().map(|pair| (half(&pair[..8]), half(&pair[8..]))).collect())
    }
}

fn name(path: &Path) -> String {
    format!("{:016x}", hash(path.as_os_str().as_bytes()))
}

pub fn hash(bytes: &[u8]) -> u64 {
    twox_hash::XxHash64::oneshot(0, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(size: u64, modified: i64) -> Transcript {
        Transcript { path: PathBuf::from("/a/b\nc.jsonl"), size, modified, born: 0 }
    }

    #[test]
    fn a_transcript_is_new_from_where_it_was_sent() {
        let mut state = State::nowhere();
        assert_eq!(state.sent(&transcript(100, 1), 7), Some(0));

        state.note(&transcript(100, 1), 7, 60, &[]).expect("noted");
        assert_eq!(state.sent(&transcript(100, 1), 7), Some(60), "it was read in part");
        state.note(&transcript(100, 1), 7, 100, &[]).expect("noted");

        assert_eq!(state.sent(&transcript(100, 1), 7), None);
        assert_eq!(state.sent(&transcript(150, 2), 7), Some(100));
        assert_eq!(state.sent(&transcript(100, 1), 8), Some(0), "another file took its place");
        assert_eq!(state.sent(&transcript(50, 2), 7), Some(0), "it was cut");
    }
}
