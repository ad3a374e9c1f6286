//! Addresses of repositories, and which agent a commit names: the one form under which what is told of a repository meets, whoever tells it.

/// Hosts on which names of owners and repositories are the same in any case.
const CASELESS: &[&str] = &["github.com", "gitlab.com", "bitbucket.org"];
/// Ways to reach a repository that lead to the same place as https.
const SCHEMES: &[&str] = &["https", "http", "ssh", "git", "git+ssh", "git+https"];

/// A repository's address as `https://host/owner/name`: `git@github.com:o/r.git` and `https://token@github.com/o/r` are the same repository, and
/// no credentials are kept. What is no address on a host, such as a path of a machine, stays as it is. Putting an address in twice changes nothing.
#[must_use]
pub fn repository_url(address: &str) -> String {
    let text: String = address.trim().chars().filter(|c| !c.is_control()).collect();
    match on_host(&text) {
        Some((host, path)) => {
            let host = host.to_ascii_lowercase();
            let path = if CASELESS.contains(&host.as_str()) { path.to_ascii_lowercase() } else { path };
            format!("https://{host}/{path}")
        }
        None => text,
    }
}

/// The host, with a port that is not the scheme's own, and the path without what does not name the repository.
fn on_host(text: &str) -> Option<(String, String)> {
    let (authority, path) = if let Some((scheme, rest)) = text.split_once("://") {
        let scheme = scheme.to_ascii_lowercase();
        if !SCHEMES.contains(&scheme.as_str()) {
            return None;
        }
        let (authority, path) = rest.split_once('/')?;
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        (without_port(host, &scheme), path)
    } else {
        // `user@host:path`, as ssh takes it; `C:\x` and `host/path` are none.
        let (authority, path) = text.split_once(':')?;
        let (user, host) = authority.split_once('@')?;
        if user.is_empty() || user.contains('/') || path.starts_with('\\') {
            return None;
        }
        (host, path)
    };
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/');
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    if authority.is_empty() || !authority.chars().all(is_host) || path.is_empty() || path.contains(char::is_whitespace) {
        return None;
    }
    Some((authority.to_owned(), path.to_owned()))
}

/// An ssh port says nothing of where the repository's page is; the usual ports of http say nothing at all.
fn without_port<'a>(host: &'a str, scheme: &str) -> &'a str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => {
            let usual = matches!(port, "" | "80" | "443" | "9418");
            if usual || scheme.ends_with("ssh") { name } else { host }
        }
        _ => host,
    }
}

/// The trailer by which a commit names the trace of the session that made it.
pub const SESSION_TRAILER: &str = "AgentTrace-Session";

/// Names in `Co-authored-by` trailers, by the begin of the name or a part of the address, in lower case.
const CO_AUTHORS: &[(&str, &str, &str)] = &[
    ("aider", "@aider.chat", "aider"),
    ("claude", "@anthropic.com", "claude-code"),
    ("codex", "@openai.com", "codex"),
    ("cursor", "@cursor.com", "cursor"),
    ("gemini", "@google.com", "gemini-cli"),
    ("opencode", "@opencode.ai", "opencode"),
    ("copilot", "copilot@users.noreply.github.com", "copilot-cli"),
];

/// What a commit's message says of agents in its trailers: the lines of its last paragraph that are `Key: value`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trailers {
    /// Traces of sessions, each once.
    pub sessions: Vec<String>,
    /// Agents that are named as co-authors, sorted, each once.
    pub agents: Vec<String>,
}

impl Trailers {
    #[must_use]
    pub fn of(message: &str) -> Self {
        let mut found = Self::default();
        let last = message.trim_end().lines().rev().take_while(|line| !line.trim().is_empty());
        for (key, value) in last.filter_map(|line| line.split_once(':')) {
            let (key, value) = (key.trim(), value.trim());
            if key.eq_ignore_ascii_case(SESSION_TRAILER) {
                let is_id = crate::valid_id(value) && !value.contains(char::is_whitespace);
                if is_id && !found.sessions.iter().any(|known| known == value) {
                    found.sessions.push(value.to_owned());
                }
            } else if key.eq_ignore_ascii_case("Co-authored-by") {
                found.agents.extend(co_author(value).map(str::to_owned));
            }
        }
        found.sessions.reverse();
        found.agents.sort_unstable();
        found.agents.dedup();
        found
    }
}

/// The agent of a co-author. People work at the companies that make agents, so the name must fit as well as the address.
fn co_author(value: &str) -> Option<&'static str> {
    let value = value.to_ascii_lowercase();
    let (name, address) = value.split_once('<')?;
    let address = address.trim_end_matches('>');
    let fits = |known: &&(&str, &str, &str)| name.trim_start().starts_with(known.0) && address.contains(known.1);
    CO_AUTHORS.iter().find(fits).map(|(.., agent)| *agent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_has_one_address() {
        for (address, expected) in [
            ("https://github.com/o/r", "https://github.com/o/r"),
            ("https://github.com/o/r.git", "https://github.com/o/r"),
            ("https://github.com/O/R.git/", "https://github.com/o/r"),
            ("git@github.com:o/r.git", "https://github.com/o/r"),
            ("ssh://git@github.com/o/r.git", "https://github.com/o/r"),
            ("ssh://git@github.com:22/o/r", "https://github.com/o/r"),
            ("git+ssh://git@github.com/o/r", "https://github.com/o/r"),
            ("git://github.com/o/r.git", "https://github.com/o/r"),
            ("http://user:ghp_secret@GitHub.com:443/o/r", "https://github.com/o/r"),
            ("https://x-access-token:ghs_secret@github.com/o/r.git", "https://github.com/o/r"),
            ("ssh://git@git.example.com:7999/team/Repo.git", "https://git.example.com/team/Repo"),
            ("https://git.example.com:8443/team/sub/Repo.git", "https://git.example.com:8443/team/sub/Repo"),
            ("git@gitlab.com:group/sub/r.git", "https://gitlab.com/group/sub/r"),
            ("  https://github.com/o/r\n", "https://github.com/o/r"),
            ("https://github.com/o/r?x=1#readme", "https://github.com/o/r"),
            ("", ""),
            ("/srv/git/r.git", "/srv/git/r.git"),
            ("file:///srv/git/r.git", "file:///srv/git/r.git"),
            ("C:\\work\\r", "C:\\work\\r"),
            ("../other", "../other"),
            ("https://github.com", "https://github.com"),
            ("javascript://a/b", "javascript://a/b"),
        ] {
            assert_eq!(repository_url(address), expected, "{address:?}");
            assert_eq!(repository_url(expected), expected, "again: {address:?}");
        }
    }

    #[test]
    fn trailers_name_sessions_and_agents() {
        let message = "fix: rounding\n\nCo-authored-by: in the text <x@aider.chat>\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n\
                       Co-authored-by: aider (openai/gpt-4.1) <aider@aider.chat>\nCo-authored-by: Claudia Person <claudia@example.com>\n\
                       AgentTrace-Session: claude-code-7d3f\nagenttrace-session: claude-code-7d3f\nAgentTrace-Session: two words\n";

        let trailers = Trailers::of(message);

        assert_eq!(trailers.sessions, ["claude-code-7d3f"]);
        assert_eq!(trailers.agents, ["aider", "claude-code"]);
        assert_eq!(Trailers::of("AgentTrace-Session: x\n\nAnother paragraph"), Trailers::default());
        assert_eq!(Trailers::of(""), Trailers::default());
    }
}
