//! What was written, and what stood there before: in our own folder, so that `--undo` can bring it back to the byte.

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::agents::Edit;
use crate::dirs;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Record {
    files: BTreeMap<PathBuf, Written>,
}

/// One file.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    /// The text without our part; nothing where there was no file.
    before: Option<String>,
    /// What we wrote.
    after: String,
    /// Permissions of the file that was there.
    mode: Option<u32>,
    /// Its folder was made for it.
    #[serde(default)]
    made_folder: bool,
}

fn file() -> Result<PathBuf> {
    Ok(dirs::state()?.join("init.json"))
}

impl Record {
    pub fn load() -> Result<Self> {
        let file = file()?;
        match std::fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text).with_context(|| format!("cannot read {}", file.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    fn save(&self) -> Result<()> {
        let file = file()?;
        dirs::make_private(file.parent().context("no folder for what was written")?)?;
        // It may hold keys, as the files themselves do.
        write(&file, &serde_json::to_string_pretty(self)?, 0o600)
    }

    /// What stood in a file before us, when nobody but us changed it since. `Some(None)`: there was no file.
    pub fn exact(&self, path: &Path, now: &str) -> Option<Option<String>> {
        self.files.get(path).filter(|written| written.after == now).map(|written| written.before.clone())
    }

    /// Makes a change. The record is written first: what is written afterwards can be undone, however this ends.
    pub fn write(&mut self, edit: &Edit) -> Result<()> {
        if std::fs::read_to_string(&edit.file).ok() != edit.before {
            bail!("{} was changed meanwhile; nothing was done to it", edit.file.display());
        }
        let there = std::fs::metadata(&edit.file).ok().map(|m| m.permissions().mode() & 0o777);
        if edit.back {
            let mode = self.files.get(&edit.file).and_then(|written| written.mode).or(there);
            match &edit.after {
                Some(text) => write(&edit.file, text, mode.unwrap_or(0o600))?,
                None => std::fs::remove_file(&edit.file).with_context(|| format!("cannot delete {}", edit.file.display()))?,
            }
            let made_folder = self.files.remove(&edit.file).is_some_and(|written| written.made_folder);
            if let (None, true, Some(folder)) = (&edit.after, made_folder, edit.file.parent()) {
                // Fails where somebody else put something into it.
                drop(std::fs::remove_dir(folder));
            }
            return self.save();
        }
        let Some(text) = &edit.after else { return Ok(()) };
        let known = self.files.get(&edit.file).filter(|written| Some(&written.after) == edit.before.as_ref());
        let made_folder = !edit.file.parent().is_some_and(Path::is_dir);
        let (before, mode, made_folder) = match known {
            Some(written) => (written.before.clone(), written.mode, written.made_folder),
            None => (edit.without_ours.clone(), there, made_folder),
        };
        self.files.insert(edit.file.clone(), Written { before, after: text.clone(), mode, made_folder });
        self.save()?;
        let mode = if edit.private { 0o600 } else { there.unwrap_or(0o644) };
        write(&edit.file, text, mode)
    }
}

/// Whole or not at all; through a link to where it leads.
fn write(file: &Path, text: &str, mode: u32) -> Result<()> {
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let folder = file.parent().context("a file without a folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let fresh = folder.join(format!(".{name}.agenttrace-{}", std::process::id()));
    let written = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh).and_then(|mut out| {
        out.write_all(text.as_bytes())?;
        out.set_permissions(Permissions::from_mode(mode))?;
        out.sync_all()?;
        std::fs::rename(&fresh, &file)
    });
    written.inspect_err(|_| drop(std::fs::remove_file(&fresh))).with_context(|| format!("cannot write {}", file.display()))
}
