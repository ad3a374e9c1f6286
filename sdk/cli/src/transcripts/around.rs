//! What this machine knows beside the transcripts: its repositories, which files hold secrets, and which session told a step first.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout};

use agenttrace_transcripts::Surroundings;

use super::state::{Claims, hash};
use crate::gitdir::GitDir;
use crate::{git, withhold};

pub struct Machine {
    repositories: RefCell<HashMap<String, Option<String>>>,
    /// Working trees around folders.
    roots: RefCell<HashMap<String, Option<PathBuf>>>,
    ignored: RefCell<HashMap<PathBuf, bool>>,
    /// Of working trees.
    askers: RefCell<HashMap<PathBuf, Asker>>,
    claims: RefCell<Claims>,
    claimed: RefCell<Vec<(u64, u64)>>,
}

impl Machine {
    pub fn new(claims: Claims) -> Self {
        Self {
            repositories: RefCell::default(),
            roots: RefCell::default(),
            ignored: RefCell::default(),
            askers: RefCell::default(),
            claims: RefCell::new(claims),
            claimed: RefCell::default(),
        }
    }

    /// Which session owns which step, as far as it was found out since the last call.
    pub fn claimed(&self) -> Vec<(u64, u64)> {
        self.claimed.take()
    }

    /// Does git ignore it, in the working tree around the folder? If git can't tell, it does.
    fn is_ignored(&self, path: &str, folder: &str) -> bool {
        let mut roots = self.roots.borrow_mut();
        let root = roots.entry(folder.to_owned()).or_insert_with(|| {
            let folder = Path::new(folder);
            folder.is_absolute().then(|| GitDir::around(folder)).flatten().map(|found| found.root)
        });
        let Some(root) = root else { return false };
        let path = withhold::absolute(path, Path::new(folder));
        if !path.starts_with(&*root) || path == *root {
            return false;
        }
        *self.ignored.borrow_mut().entry(path).or_insert_with_key(|path| {
            let mut askers = self.askers.borrow_mut();
            let asker = askers.remove(root).or_else(|| Asker::start(root));
            let told = asker.and_then(|mut asker| asker.ask(path).map(|told| (asker, told)));
            told.is_none_or(|(asker, told)| {
                askers.insert(root.clone(), asker);
                told
            })
        })
    }
}

/// A git that is asked about one path after the other: to start one for each would take longer than all else.
struct Asker {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Asker {
    fn start(root: &Path) -> Option<Self> {
        let mut child = withhold::asks_git(root).args(["-v", "-n"]).spawn().ok()?;
        let (to, from) = (child.stdin.take(), BufReader::new(child.stdout.take()?));
        Some(Self { child, to, from })
    }

    /// `None` when it could not say; it is not to be asked again.
    fn ask(&mut self, path: &Path) -> Option<bool> {
        let to = self.to.as_mut()?;
        to.write_all(path.as_os_str().as_bytes()).and_then(|()| to.write_all(&[0])).and_then(|()| to.flush()).ok()?;
        // Which file says so, in which line, by which pattern, and the path.
        let mut told = [const { Vec::new() }; 4];
        for field in &mut told {
            self.from.read_until(0, field).ok().filter(|_| field.last() == Some(&0))?;
        }
        let pattern = &told[2];
        Some(pattern.len() > 1 && pattern[0] != b'!')
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        drop(self.to.take());
        drop(self.child.wait());
    }
}

impl Surroundings for Machine {
    fn is_secret(&self, path: &str, folder: &str) -> bool {
        agenttrace_redact::paths::is_denied(path) || self.is_ignored(path, folder)
    }

    fn names_secrets(&self, command: &str) -> bool {
        withhold::names_secrets(command)
    }

    fn repository(&self, folder: &str) -> Option<String> {
        if let Some(known) = self.repositories.borrow().get(folder) {
            return known.clone();
        }
        let path = Path::new(folder);
        let found = if path.is_absolute() && path.is_dir() { git::head(path) } else { None };
        let address = found.map(|head| head.repository_url).filter(|url| !url.is_empty());
        self.repositories.borrow_mut().insert(folder.to_owned(), address.clone());
        address
    }

    fn commit(&self, folder: &str, short: &str) -> Option<String> {
        let path = Path::new(folder);
        let is_commit = (7..=40).contains(&short.len()) && short.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_commit && path.is_absolute() && path.is_dir() { git::whole_commit(path, short) } else { None }
    }

    fn owns(&self, session: &str, step: &str) -> bool {
        let (session, step) = (hash(session.as_bytes()), hash(step.as_bytes()));
        let mut claims = self.claims.borrow_mut();
        let owner = *claims.entry(step).or_insert_with(|| {
            self.claimed.borrow_mut().push((step, session));
            session
        });
        owner == session
    }
}
