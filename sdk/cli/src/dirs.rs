//! Where the program keeps things, by the XDG base directory specification. All folders are the user's alone.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

fn base(variable: &str, below_home: &str) -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os(variable).map(PathBuf::from).filter(|folder| folder.is_absolute()) {
        return Ok(folder.join("agenttrace"));
    }
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty()).context("HOME is not set")?;
    Ok(Path::new(&home).join(below_home).join("agenttrace"))
}

/// The configuration file: `AGENTTRACE_CONFIG`, else `~/.config/agenttrace/config.toml`.
pub fn config_file() -> Result<PathBuf> {
    match std::env::var_os("AGENTTRACE_CONFIG").filter(|file| !file.is_empty()) {
        Some(file) => Ok(PathBuf::from(file)),
        None => Ok(base("XDG_CONFIG_HOME", ".config")?.join("config.toml")),
    }
}

/// What survives a restart: the spool, runs.
pub fn state() -> Result<PathBuf> {
    base("XDG_STATE_HOME", ".local/state")
}

/// Makes a folder that only its user can read, with those above it.
pub fn make_private(folder: &Path) -> Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))
}
