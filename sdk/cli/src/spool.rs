//! What waits to be sent: one file a request, in a folder of the user's own. Written beside and renamed, so that a reader meets whole files only.
//!
//! Bodies carry ids of their own, and sending one twice changes nothing: so a file is deleted only after it was accepted. Texts lie here as they
//! were; secrets are taken out when a body is sent ([`crate::upload`]).

use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::dirs;

/// Above this the oldest are dropped, and counted: a machine that is offline for months keeps working. 1 GiB.
const MAX_BYTES: u64 = 1 << 30;

/// A file that was being written for so long was left by a process that ended in the middle.
const STALE: Duration = Duration::from_secs(3600);

/// One request.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    pub path: String,
    pub body: Value,
    /// The repository in which git tells more of the commits that the body names, before it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits_in: Option<PathBuf>,
}

pub struct Spool {
    folder: PathBuf,
}

/// How much waits.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    pub files: u64,
    pub bytes: u64,
    /// Refused by the server; kept beside with the reason.
    pub refused: u64,
    /// Dropped because the spool was full.
    pub dropped: u64,
}

impl Spool {
    pub fn open() -> Result<Self> {
        let folder = dirs::state()?.join("spool");
        dirs::make_private(&folder)?;
        Ok(Self { folder })
    }

    /// The one for processes that may not write into the home, such as a git hook inside an agent's sandbox: below the folder for temporary
    /// files. The uploader takes it over.
    pub fn beside() -> Result<Self> {
        let folder = beside_folder();
        dirs::make_private(&folder)?;
        Self::of_ours(folder)
    }

    /// Everybody may make folders in the one for temporary files: only one that is ours, and closed to others, will do.
    fn of_ours(folder: PathBuf) -> Result<Self> {
        let found = std::fs::symlink_metadata(&folder)?;
        if !found.is_dir() || found.uid() != rustix::process::getuid().as_raw() || found.mode() & 0o077 != 0 {
            bail!("{} is not a folder of this user's alone", folder.display());
        }
        Ok(Self { folder })
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts a request at the end.
    pub fn put(&self, path: &str, body: Value) -> Result<()> {
        self.put_entry(&Entry { path: path.to_owned(), body, commits_in: None })
    }

    pub fn put_entry(&self, entry: &Entry) -> Result<()> {
        self.write(&serde_json::to_vec(entry).context("cannot encode what is to be sent")?)
    }

    /// The same for a body that is JSON text already.
    pub fn put_text(&self, path: &str, body: &str) -> Result<()> {
        self.write(format!(r#"{{"path":{},"body":{body}}}"#, Value::from(path)).as_bytes())
    }

    fn write(&self, text: &[u8]) -> Result<()> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let micros = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        let name = format!("{micros:020}-{:08}-{:06}.json", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let hidden = self.folder.join(format!(".{name}"));
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&hidden)
            .with_context(|| format!("cannot write to {}", self.folder.display()))?;
        let written = file.write_all(text).and_then(|()| std::fs::rename(&hidden, self.folder.join(name)));
        if written.is_err() {
            drop(std::fs::remove_file(&hidden));
        }
        written.with_context(|| format!("cannot write to {}", self.folder.display()))
    }

    /// Takes over what was put [`beside`](Self::beside), and clears away what was never finished.
    pub fn tidy(&self) {
        if let Ok(beside) = Self::of_ours(beside_folder()) {
            for file in beside.files().unwrap_or_default() {
                let Some(name) = file.file_name() else { continue };
                // Another file system may lie between: then a copy, which may happen twice without harm.
                if std::fs::rename(&file, self.folder.join(name)).is_err()
                    && std::fs::read(&file).map_err(Into::into).and_then(|text| self.write(&text)).is_ok()
                {
                    drop(std::fs::remove_file(&file));
                }
            }
        }
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let unfinished = entry.file_name().as_encoded_bytes().starts_with(b".");
            let age = entry.metadata().and_then(|m| m.modified()).ok().and_then(|at| at.elapsed().ok());
            if unfinished && age.is_some_and(|age| age > STALE) {
                drop(std::fs::remove_file(entry.path()));
            }
        }
    }

    /// The waiting files, oldest first.
    pub fn files(&self) -> Result<Vec<PathBuf>> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(&self.folder)
            .with_context(|| format!("cannot read {}", self.folder.display()))?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| is_entry(path))
            .collect();
        files.sort_unstable();
        Ok(files)
    }

    /// Puts that part of a request aside which was refused, under the name of its file.
    pub fn put_refused(&self, file: &Path, entry: &Entry, reason: &str) -> Result<()> {
        let folder = self.folder.join("refused");
        dirs::make_private(&folder)?;
        let name = file.file_name().context("a spool file without a name")?;
        std::fs::write(folder.join(name).with_extension("reason"), reason)?;
        std::fs::write(folder.join(name), serde_json::to_vec(entry)?).with_context(|| format!("cannot put {} aside", file.display()))
    }

    /// Puts a request aside that the server never will take, with its reason.
    pub fn refuse(&self, file: &Path, reason: &str) -> Result<()> {
        let folder = self.folder.join("refused");
        dirs::make_private(&folder)?;
        let name = file.file_name().context("a spool file without a name")?;
        std::fs::write(folder.join(name).with_extension("reason"), reason)?;
        std::fs::rename(file, folder.join(name)).with_context(|| format!("cannot put {} aside", file.display()))
    }

    pub fn waiting(&self) -> Result<Waiting> {
        let mut waiting = Waiting::default();
        for file in self.files()? {
            waiting.files += 1;
            waiting.bytes += std::fs::metadata(&file).map_or(0, |m| m.len());
        }
        let refused = std::fs::read_dir(self.folder.join("refused"));
        waiting.refused = refused.map_or(0, |entries| entries.flatten().filter(|e| is_entry(&e.path())).count() as u64);
        waiting.dropped = std::fs::read_to_string(self.folder.join("dropped")).ok().and_then(|n| n.trim().parse().ok()).unwrap_or(0);
        Ok(waiting)
    }

    /// Drops the oldest files of a spool that is too full.
    pub fn trim(&self) -> Result<()> {
        let mut waiting = self.waiting()?;
        if waiting.bytes <= MAX_BYTES {
            return Ok(());
        }
        for file in self.files()? {
            if waiting.bytes <= MAX_BYTES {
                break;
            }
            waiting.bytes -= std::fs::metadata(&file).map_or(0, |m| m.len());
            std::fs::remove_file(&file)?;
            waiting.dropped += 1;
        }
        std::fs::write(self.folder.join("dropped"), waiting.dropped.to_string()).context("cannot note what was dropped")
    }
}

fn beside_folder() -> PathBuf {
    std::env::temp_dir().join(format!("agenttrace-{}", rustix::process::getuid().as_raw()))
}

fn is_entry(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "json") && path.file_name().is_some_and(|n| !n.to_string_lossy().starts_with('.'))
}
