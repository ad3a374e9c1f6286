//! Putting the library of `loaded.rs` into the programs of a run, where that disturbs none of them.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};
use sha2::{Digest as _, Sha256};

use crate::dirs;

/// Empty where there is none (see `build.rs`).
const LIBRARY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/loaded.so"));

/// The process of `agenttrace wrap`, whose child is the run's own command.
pub const WRAP: &str = "AGENTTRACE_WRAP_PID";
/// What we set before the user's own, and where the user's own is kept; both are lists with colons. A program that was built with a shared address
/// sanitizer wants to be loaded first and stops otherwise, unless told that it need not.
const VARIABLES: [(&str, &str); 2] = [("LD_PRELOAD", "AGENTTRACE_USERS_LD_PRELOAD"), ("ASAN_OPTIONS", "AGENTTRACE_USERS_ASAN_OPTIONS")];

/// The environment in which programs load the library; empty where they could not.
pub fn variables() -> Vec<(String, OsString)> {
    let Ok(library) = installed() else { return Vec::new() };
    let ours = [library.into_os_string(), OsString::from("verify_asan_link_order=0")];
    let mut variables = vec![(WRAP.to_owned(), OsString::from(std::process::id().to_string()))];
    for ((name, kept), value) in VARIABLES.into_iter().zip(ours) {
        let users = super::users(name, kept);
        variables.push((name.to_owned(), before(value, users.as_deref())));
        variables.extend(users.map(|users| (kept.to_owned(), users)));
    }
    variables
}

fn before(mut ours: OsString, users: Option<&OsStr>) -> OsString {
    if let Some(users) = users {
        ours.push(":");
        ours.push(users);
    }
    ours
}

/// A command that has the user's own environment again.
pub fn take_back(command: &mut Command) {
    if std::env::var_os(WRAP).is_none() {
        return;
    }
    for (name, kept) in VARIABLES {
        match std::env::var_os(kept) {
            Some(users) => command.env(name, users),
            None => command.env_remove(name),
        };
    }
}

/// The library's file. It stays when the run ends: what was left in the background still starts programs, and a linker that does not find it says so
/// at each of them.
///
/// # Errors
///
/// There is none for this machine, it cannot be written, its path has signs that the linker takes for its own, or the linker complains of it, as it does
/// on file systems that hold no programs.
fn installed() -> Result<PathBuf> {
    ensure!(!LIBRARY.is_empty(), "no library for this machine");
    let state = dirs::state()?;
    let digest = Sha256::digest(LIBRARY);
    let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let library = state.join(format!("shells-{name}.so"));
    let path = library.to_str().filter(|path| !path.contains([' ', ':', ';', '$', '\t', '\n']));
    ensure!(path.is_some(), "the linker cannot be told of {}", library.display());
    if std::fs::read(&library).ok().as_deref() != Some(LIBRARY) {
        let new = state.join(format!("shells-{name}-{}.new", std::process::id()));
        std::fs::write(&new, LIBRARY)?;
        std::fs::rename(&new, &library)?;
    }
    ensure!(harmless(&library), "the linker refuses {}", library.display());
    Ok(library)
}

/// A program that loads it runs, and nobody says a word.
fn harmless(library: &Path) -> bool {
    let [(name, kept), _] = VARIABLES;
    let value = before(library.into(), super::users(name, kept).as_deref());
    let tried = Command::new("/bin/sh").args(["-c", ":"]).env_remove(super::RUN).env(name, value).stdin(Stdio::null()).output();
    tried.is_ok_and(|tried| tried.status.success() && tried.stdout.is_empty() && tried.stderr.is_empty())
}
