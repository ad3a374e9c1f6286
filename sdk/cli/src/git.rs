//! Git by its own program: what a repository's state is, and what a run changed in it. Nothing is written into the user's repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

/// Where a working tree stands.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    pub root: PathBuf,
    /// Of `origin`, without a user and password. Empty without one.
    pub repository_url: String,
    pub branch: Option<String>,
    pub commit: Option<String>,
}

/// A commit, as `git log` tells it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Commit {
    pub sha: String,
    pub author_name: String,
    pub author_email: String,
    pub message: String,
    pub files_changed: Vec<String>,
    pub additions: u64,
    pub deletions: u64,
}

/// A file that differs between two trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `CREATE`, `UPDATE`, `DELETE` or `MOVE`.
    pub operation: &'static str,
    pub path: String,
    pub from: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Lines, unless it is binary.
    pub lines: Option<(u64, u64)>,
}

fn git(folder: &Path, args: &[&str]) -> Result<Vec<u8>> {
    git_with(folder, args, &[])
}

fn git_with(folder: &Path, args: &[&str], variables: &[(&str, &Path)]) -> Result<Vec<u8>> {
    let mut command = Command::new("git");
    // No hooks, no pager, no locks that the agent's own git would run into.
    command.current_dir(folder).args(["-c", "core.quotePath=false", "-c", "core.fsmonitor=false"]).args(args);
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C").stdin(std::process::Stdio::null());
    // Inside a git hook these name the repository that is being worked on, which need not be this one.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    for (name, value) in variables {
        command.env(name, value);
    }
    let out = command.output().context("cannot run git")?;
    if !out.status.success() {
        bail!("git {}: {}", args.first().unwrap_or(&""), String::from_utf8_lossy(&out.stderr).trim());
    }
    Ok(out.stdout)
}

fn line(folder: &Path, args: &[&str]) -> Option<String> {
    let out = git(folder, args).ok()?;
    let text = String::from_utf8_lossy(&out).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// The working tree around a folder; nothing where there is none, or no git.
#[must_use]
pub fn head(folder: &Path) -> Option<Head> {
    let root = PathBuf::from(line(folder, &["rev-parse", "--show-toplevel"])?);
    Some(Head {
        repository_url: line(folder, &["remote", "get-url", "origin"]).map_or_else(String::new, |url| without_password(&url)),
        branch: line(folder, &["symbolic-ref", "--quiet", "--short", "HEAD"]),
        commit: line(folder, &["rev-parse", "--verify", "--quiet", "HEAD"]),
        root,
    })
}

/// The whole id of a commit that is told in short, as far as the repository has it.
#[must_use]
pub fn whole_commit(folder: &Path, short: &str) -> Option<String> {
    line(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{short}^{{commit}}")])
}

/// `https://user:token@host/x` names a secret.
pub fn without_password(address: &str) -> String {
    match url::Url::parse(address) {
        Ok(mut url) if url.has_host() && (url.password().is_some() || !url.username().is_empty()) => {
            let _ = url.set_password(None);
            if url.scheme().starts_with("http") {
                let _ = url.set_username("");
            }
            url.to_string()
        }
        _ => address.to_owned(),
    }
}

/// All commits that a repository's branches have now.
#[must_use]
pub fn tips(root: &Path) -> Vec<String> {
    let out = git(root, &["for-each-ref", "--format=%(objectname)", "refs/heads"]).unwrap_or_default();
    let mut tips: Vec<String> = String::from_utf8_lossy(&out).lines().map(str::to_owned).collect();
    tips.extend(line(root, &["rev-parse", "--verify", "--quiet", "HEAD"]));
    tips.sort_unstable();
    tips.dedup();
    tips
}

/// Commits of any branch that were not there before, oldest first; at most 200.
pub fn commits_since(root: &Path, before: &[String]) -> Result<Vec<Commit>> {
    let now = tips(root);
    let new: Vec<&String> = now.iter().filter(|tip| !before.contains(tip)).collect();
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let mut args =
        vec!["log", "--reverse", "--max-count=200", "--no-show-signature", "--format=%x1e%H%x1f%an%x1f%ae%x1f%B%x1f", "--numstat"];
    args.extend(new.iter().map(|tip| tip.as_str()));
    args.push("--not");
    args.extend(before.iter().map(String::as_str));
    args.push("--");
    let out = git(root, &args)?;
    Ok(String::from_utf8_lossy(&out).split('\u{1e}').filter_map(read_commit).collect())
}

/// One commit; nothing when the repository does not have it.
#[must_use]
pub fn commit(root: &Path, sha: &str) -> Option<Commit> {
    let args = ["log", "--max-count=1", "--no-show-signature", "--format=%x1e%H%x1f%an%x1f%ae%x1f%B%x1f", "--numstat", sha, "--"];
    let out = git(root, &args).ok()?;
    String::from_utf8_lossy(&out).split('\u{1e}').find_map(read_commit)
}

fn read_commit(text: &str) -> Option<Commit> {
    let mut fields = text.splitn(5, '\u{1f}');
    let mut next = || fields.next().map(str::trim);
    let (sha, author_name, author_email, message, numbers) = (next()?, next()?, next()?, next()?, next().unwrap_or_default());
    let mut commit = Commit {
        sha: sha.to_owned(),
        author_name: author_name.to_owned(),
        author_email: author_email.to_owned(),
        message: message.to_owned(),
        files_changed: Vec::new(),
        additions: 0,
        deletions: 0,
    };
    for row in numbers.lines() {
        let mut columns = row.splitn(3, '\t');
        if let (Some(added), Some(deleted), Some(path)) = (columns.next(), columns.next(), columns.next()) {
            commit.additions += added.parse::<u64>().unwrap_or(0);
            commit.deletions += deleted.parse::<u64>().unwrap_or(0);
            commit.files_changed.push(path.to_owned());
        }
    }
    (commit.sha.len() >= 40).then_some(commit)
}

/// Records whole states of a working tree (tracked and untracked, not ignored) as git trees, in an object folder of its own.
pub struct Snapshots {
    root: PathBuf,
    folder: PathBuf,
    users_objects: PathBuf,
}

impl Snapshots {
    /// `folder` takes the objects; it must not lie in the working tree.
    pub fn new(root: &Path, folder: &Path) -> Result<Self> {
        let users = PathBuf::from(line(root, &["rev-parse", "--git-path", "objects"]).context("no object folder")?);
        let users_objects = if users.is_absolute() { users } else { root.join(users) };
        std::fs::create_dir_all(folder.join("objects"))?;
        // The user's index knows what was hashed already; a copy of it saves hashing everything anew.
        if let Some(index) = line(root, &["rev-parse", "--git-path", "index"]) {
            let index = PathBuf::from(index);
            let index = if index.is_absolute() { index } else { root.join(index) };
            if index.exists() {
                std::fs::copy(index, folder.join("index"))?;
            }
        }
        Ok(Self { root: root.to_owned(), folder: folder.to_owned(), users_objects })
    }

    fn run(&self, args: &[&str]) -> Result<Vec<u8>> {
        let (index, objects) = (self.folder.join("index"), self.folder.join("objects"));
        git_with(
            &self.root,
            args,
            &[("GIT_INDEX_FILE", &index), ("GIT_OBJECT_DIRECTORY", &objects), ("GIT_ALTERNATE_OBJECT_DIRECTORIES", &self.users_objects)],
        )
    }

    /// The state now, as the id of a tree.
    pub fn take(&self) -> Result<String> {
        self.run(&["add", "--all", "--ignore-errors", "--", "."])?;
        Ok(String::from_utf8_lossy(&self.run(&["write-tree"])?).trim().to_owned())
    }

    /// What differs between two states.
    pub fn changes(&self, before: &str, after: &str) -> Result<Vec<Change>> {
        let raw = self.run(&["diff-tree", "-r", "-M", "-z", "--no-commit-id", before, after])?;
        let numbers = self.run(&["diff-tree", "-r", "-M", "-z", "--numstat", "--no-commit-id", before, after])?;
        let lines = read_numbers(&String::from_utf8_lossy(&numbers));
        Ok(read_raw(&String::from_utf8_lossy(&raw), &lines))
    }

    /// The difference of one file as a unified diff, cut at `limit` bytes.
    pub fn diff(&self, before: &str, after: &str, change: &Change, limit: usize) -> Result<String> {
        let mut args = vec!["diff-tree", "-r", "-M", "-p", "--no-commit-id", "--no-ext-diff", "--no-textconv", before, after, "--"];
        args.extend(change.from.as_deref());
        args.push(&change.path);
        let mut text = String::from_utf8_lossy(&self.run(&args)?).into_owned();
        if text.len() > limit {
            let cut = text[..text.floor_char_boundary(limit)].rfind('\n').unwrap_or(0);
            text.truncate(cut);
            text.push_str("\n[cut]\n");
        }
        Ok(text)
    }
}

/// `added<TAB>deleted<TAB>path<NUL>`, and for renames `added<TAB>deleted<TAB><NUL>old<NUL>new<NUL>`; `-` for binary files.
fn read_numbers(text: &str) -> std::collections::HashMap<String, Option<(u64, u64)>> {
    let mut found = std::collections::HashMap::new();
    let mut parts = text.split('\0');
    while let Some(row) = parts.next() {
        let mut columns = row.splitn(3, '\t');
        let (Some(added), Some(deleted), Some(path)) = (columns.next(), columns.next(), columns.next()) else { continue };
        let path = if path.is_empty() { parts.nth(1).unwrap_or_default() } else { path };
        let lines = added.parse().ok().zip(deleted.parse().ok());
        found.insert(path.to_owned(), lines);
    }
    found
}

/// `:<mode> <mode> <id> <id> <status><NUL>path<NUL>`, with two paths for renames.
fn read_raw(text: &str, lines: &std::collections::HashMap<String, Option<(u64, u64)>>) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut parts = text.split('\0');
    while let Some(header) = parts.next() {
        let columns: Vec<&str> = header.trim_start_matches(':').split(' ').collect();
        let &[_, _, before, after, status] = columns.as_slice() else { continue };
        let Some(first) = parts.next() else { break };
        let id = |text: &str| (!text.bytes().all(|b| b == b'0')).then(|| text.to_owned());
        let (operation, from, path) = match status.chars().next() {
            Some('A') => ("CREATE", None, first),
            Some('D') => ("DELETE", None, first),
            Some('R') => ("MOVE", Some(first.to_owned()), parts.next().unwrap_or_default()),
            _ => ("UPDATE", None, first),
        };
        changes.push(Change {
            operation,
            path: path.to_owned(),
            from,
            before: id(before),
            after: id(after),
            lines: lines.get(path).copied().flatten(),
        });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_binaries_and_strange_names_are_read() {
        let numbers = read_numbers("1\t2\tsrc/a b.rs\0-\t-\tlogo.png\x000\t0\t\0old\nname\0new name\0");
        let zero = "0".repeat(40);
        let id = "a".repeat(40);
        let raw = format!(
            ":100644 100644 {id} {id} M\0src/a b.rs\0:000000 100644 {zero} {id} A\0logo.png\0:100644 100644 {id} {id} R100\0old\nname\0new name\0"
        );

        let changes = read_raw(&raw, &numbers);

        let told: Vec<_> = changes.iter().map(|c| (c.operation, c.path.as_str(), c.from.as_deref(), c.lines)).collect();
        assert_eq!(
            told,
            [
                ("UPDATE", "src/a b.rs", None, Some((1, 2))),
                ("CREATE", "logo.png", None, None),
                ("MOVE", "new name", Some("old\nname"), Some((0, 0))),
            ]
        );
        assert_eq!(changes[1].before, None);
    }

    #[test]
    fn a_remote_is_told_without_its_password() {
        for (address, told) in [
            ("https://user:token@git.example.com/a.git", "https://git.example.com/a.git"),
            ("https://git.example.com/a.git", "https://git.example.com/a.git"),
            ("git@git.example.com:a/b.git", "git@git.example.com:a/b.git"),
            ("/srv/git/a.git", "/srv/git/a.git"),
        ] {
            assert_eq!(without_password(address), told);
        }
    }
}
