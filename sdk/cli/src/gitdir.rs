//! What a git repository's own files tell: root, branch, commit, remote. No process is started, so that a hook can ask at every call.
//!
//! Linked worktrees and submodules are followed by their `.git` files. A repository that keeps its references in another form than files
//! (reftable) tells its root and remote only.

use std::path::{Component, Path, PathBuf};

use memchr::memmem;

use crate::git::{Head, without_password};

/// Files that are small by nature are not read beyond this.
const MAX_SMALL: u64 = 1 << 20;
/// With more packed references than fit in here the commit stays unknown.
const MAX_PACKED: u64 = 64 << 20;
/// The end of a log of moves of `HEAD` that is looked at.
const MAX_LOG: u64 = 256 << 10;

/// Where a working tree keeps its things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitDir {
    /// The working tree.
    pub root: PathBuf,
    /// `HEAD`, the index, the log of `HEAD`: of this working tree alone.
    pub own: PathBuf,
    /// References, objects, settings: of all working trees of the repository.
    pub common: PathBuf,
}

/// One move of `HEAD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub from: String,
    pub to: String,
    /// Such as `commit: the message` or `rebase (pick): the message`.
    pub what: String,
}

fn read(path: &Path, limit: u64) -> Option<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.take(limit + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= limit).then_some(bytes)
}

fn read_line(path: &Path) -> Option<String> {
    let bytes = read(path, MAX_SMALL)?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().next()?.trim_end();
    (!line.is_empty()).then(|| line.to_owned())
}

/// A path without `.` and `..`, as far as its text says.
#[must_use]
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

impl GitDir {
    /// The working tree around a folder.
    #[must_use]
    pub fn around(folder: &Path) -> Option<Self> {
        for root in folder.ancestors() {
            let dot_git = root.join(".git");
            let own = match std::fs::metadata(&dot_git) {
                Ok(found) if found.is_dir() => dot_git,
                Ok(_) => match read_line(&dot_git).as_deref().and_then(|line| line.strip_prefix("gitdir:")) {
                    Some(target) => plain(&root.join(target.trim())),
                    None => continue,
                },
                Err(_) => continue,
            };
            if !own.join("HEAD").exists() {
                continue;
            }
            let common = read_line(&own.join("commondir")).map_or_else(|| own.clone(), |target| plain(&own.join(target)));
            return Some(Self { root: root.to_owned(), own, common });
        }
        None
    }

    /// Where it stands now.
    #[must_use]
    pub fn head(&self) -> Head {
        let (branch, commit) = self.branch_and_commit();
        Head { root: self.root.clone(), repository_url: self.origin(), branch, commit }
    }

    /// The branch that is checked out, and the commit; neither in a repository that keeps them elsewhere.
    #[must_use]
    pub fn branch_and_commit(&self) -> (Option<String>, Option<String>) {
        let Some(head) = read_line(&self.own.join("HEAD")) else { return (None, None) };
        match head.strip_prefix("ref:").map(str::trim) {
            None => (None, is_commit(&head).then_some(head)),
            // What a reftable repository puts there for older programs.
            Some("refs/heads/.invalid") => (None, None),
            Some(name) => {
                let branch = name.strip_prefix("refs/heads/").unwrap_or(name).to_owned();
                (Some(branch), self.resolve(name, 0))
            }
        }
    }

    fn resolve(&self, name: &str, depth: u8) -> Option<String> {
        if depth > 5 || name.split('/').any(|part| part == "..") || name.starts_with('/') {
            return None;
        }
        let loose = read_line(&self.common.join(name)).or_else(|| read_line(&self.own.join(name)));
        match loose {
            Some(text) => match text.strip_prefix("ref:") {
                Some(next) => self.resolve(next.trim(), depth + 1),
                None => is_commit(&text).then_some(text),
            },
            None => packed(&read(&self.common.join("packed-refs"), MAX_PACKED)?, name),
        }
    }

    /// The address of `origin` without a user and password, rewritten as the user's `insteadOf` wants. Empty without one.
    #[must_use]
    pub fn origin(&self) -> String {
        let settings = read(&self.common.join("config"), MAX_SMALL).map(|bytes| settings(&bytes)).unwrap_or_default();
        let address = settings.iter().find(|s| s.section == "remote" && s.subsection == "origin" && s.name == "url");
        let Some(address) = address.map(|s| s.value.clone()).filter(|value| !value.is_empty()) else { return String::new() };
        let users = users_settings();
        let rewritten = settings
            .iter()
            .chain(&users)
            .filter(|s| s.section == "url" && s.name == "insteadof" && !s.value.is_empty() && address.starts_with(&s.value))
            .max_by_key(|s| s.value.len())
            .map(|s| format!("{}{}", s.subsection, &address[s.value.len()..]));
        without_password(&rewritten.unwrap_or(address))
    }

    /// The last moves of `HEAD` in this working tree, oldest first.
    #[must_use]
    pub fn moves(&self) -> Vec<Move> {
        use std::io::{Read as _, Seek as _, SeekFrom};
        let Ok(mut file) = std::fs::File::open(self.own.join("logs/HEAD")) else { return Vec::new() };
        let length = file.metadata().map_or(0, |m| m.len());
        let mut bytes = Vec::new();
        if file.seek(SeekFrom::Start(length.saturating_sub(MAX_LOG))).is_err() || file.take(MAX_LOG).read_to_end(&mut bytes).is_err() {
            return Vec::new();
        }
        String::from_utf8_lossy(&bytes).lines().filter_map(read_move).collect()
    }
}

/// `<from> <to> <name> <<address>> <time> <zone>\t<what>`.
fn read_move(line: &str) -> Option<Move> {
    let (who, what) = line.split_once('\t')?;
    let mut words = who.split(' ');
    let (from, to) = (words.next()?, words.next()?);
    (is_commit(from) && is_commit(to)).then(|| Move { from: from.to_owned(), to: to.to_owned(), what: what.to_owned() })
}

/// `<commit> <name>` of a file of packed references.
fn packed(bytes: &[u8], name: &str) -> Option<String> {
    let wanted = format!(" {name}");
    let end = |at: usize| bytes.get(at + wanted.len()).is_none_or(|b| matches!(b, b'\n' | b'\r'));
    let at = memmem::find_iter(bytes, wanted.as_bytes()).find(|at| end(*at))?;
    let line = bytes[..at].rsplit(|b| *b == b'\n').next()?;
    let commit = std::str::from_utf8(line).ok()?;
    is_commit(commit).then(|| commit.to_owned())
}

/// One line of a settings file of git's.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Setting {
    section: String,
    subsection: String,
    name: String,
    value: String,
}

fn users_settings() -> Vec<Setting> {
    if let Some(file) = std::env::var_os("GIT_CONFIG_GLOBAL") {
        return read(Path::new(&file), MAX_SMALL).map(|bytes| settings(&bytes)).unwrap_or_default();
    }
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let xdg = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).or_else(|| home.as_ref().map(|home| home.join(".config")));
    let files = [xdg.map(|folder| folder.join("git/config")), home.map(|home| home.join(".gitconfig"))];
    files.into_iter().flatten().filter_map(|file| read(&file, MAX_SMALL)).flat_map(|bytes| settings(&bytes)).collect()
}

/// Sections, quotes, escapes, comments, continued lines; files that are included are not followed.
fn settings(bytes: &[u8]) -> Vec<Setting> {
    let text = String::from_utf8_lossy(bytes).replace("\\\r\n", "").replace("\\\n", "");
    let mut found = Vec::new();
    let (mut section, mut subsection) = (String::new(), String::new());
    for line in text.lines() {
        let mut line = line.trim();
        if let Some(rest) = line.strip_prefix('[') {
            let mut quoted = false;
            let mut escaped = false;
            let Some(end) = rest.char_indices().position(|(_, c)| {
                let ends = c == ']' && !quoted;
                if !escaped && c == '"' {
                    quoted = !quoted;
                }
                escaped = c == '\\' && !escaped;
                ends
            }) else {
                continue;
            };
            let end = rest.char_indices().nth(end).map_or(rest.len(), |(at, _)| at);
            let (name, sub) = rest[..end].split_once('"').map_or((&rest[..end], ""), |(name, sub)| (name, sub.trim_end_matches('"')));
            let name = name.trim();
            // The old form `[section.subsection]`.
            let (name, old) = name.split_once('.').unwrap_or((name, ""));
            section = name.to_lowercase();
            subsection = if sub.is_empty() { old.to_owned() } else { unescaped(sub) };
            line = rest[end + 1..].trim();
        }
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        found.push(Setting {
            section: section.clone(),
            subsection: subsection.clone(),
            name: name.to_lowercase(),
            value: value_of(value.trim()),
        });
    }
    found
}

fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        plain.extend(if c == '\\' { letters.next() } else { Some(c) });
    }
    plain
}

fn value_of(text: &str) -> String {
    let mut value = String::new();
    let mut kept = 0;
    let mut quoted = false;
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match c {
            '"' => quoted = !quoted,
            '#' | ';' if !quoted => break,
            '\\' => match letters.next() {
                Some('n') => value.push('\n'),
                Some('t') => value.push('\t'),
                Some(other) => value.push(other),
                None => break,
            },
            other => value.push(other),
        }
        if quoted || !c.is_whitespace() {
            kept = value.len();
        }
    }
    value.truncate(kept);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_git_reads_them() {
        let text = "[core]\n\tbare = false ; no\n[Remote \"origin\"]\n  URL = \"https://git.example.com/a b.git\" # x\n\
                    [remote \"a]b\\\"c\"] url=second\n[url \"https://git.example.com/\"]\n\tinsteadOf = gx:\n[branch.main]\n\tremote = \\\n  far\n";

        let found = settings(text.as_bytes());

        let told: Vec<_> = found.iter().map(|s| [&*s.section, &*s.subsection, &*s.name, &*s.value]).collect();
        assert_eq!(
            told,
            [
                ["core", "", "bare", "false"],
                ["remote", "origin", "url", "https://git.example.com/a b.git"],
                ["remote", "a]b\"c", "url", "second"],
                ["url", "https://git.example.com/", "insteadof", "gx:"],
                ["branch", "main", "remote", "far"],
            ]
        );
    }

    #[test]
    fn a_packed_reference_is_found_by_its_whole_name() {
        let (one, two) = ("1".repeat(40), "2".repeat(40));
        let file = format!("# pack-refs with: peeled\n{one} refs/heads/main-2\n^{one}\n{two} refs/heads/main\n");

        assert_eq!(packed(file.as_bytes(), "refs/heads/main"), Some(two));
        assert_eq!(packed(file.as_bytes(), "refs/heads/mai"), None);
    }

    #[test]
    fn moves_of_head_are_read_and_other_lines_are_not() {
        let (one, two) = ("1".repeat(40), "a".repeat(40));
        let line = format!("{one} {two} Dev Eloper <dev@example.com> 1795361505 +0100\tcommit (amend): a message");

        let read = read_move(&line).expect("a move");

        assert_eq!((read.from, read.to, read.what.as_str()), (one, two, "commit (amend): a message"));
        assert_eq!(read_move("cut off in the middle"), None);
    }
}
