//! Takes secrets out of text before it leaves a machine: prompts, answers, command output, file contents. Pure: text in, text out.
//!
//! Three layers. Rules know the forms of some eighty kinds of credentials and the names that secrets are assigned to ([`rules`]); entropy
//! finds long random words that no rule knows ([`entropy`]); and JSON is also judged by its keys ([`redact_json`]). A finding is replaced
//! by `[redacted:<rule>]`, so that a reader sees that something was there, and of what kind. Files that hold nothing but secrets are named in
//! [`paths`] and should not be read at all.
//!
//! What it cannot promise: a password that is an ordinary word in an ordinary sentence stays. Scanning is linear in the text's length.
//! An error means that the text was not scanned, and must not be sent.

pub mod entropy;
mod json;
pub mod paths;
mod placeholder;
pub mod rules;
mod stream;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

pub use json::redact_json;
pub use stream::Stream;

use crate::rules::{Check, RULES};

/// Texts above this are refused, not scanned in part: cut first. 64 MiB.
pub const MAX_LENGTH: usize = 64 << 20;

/// Why a text was not scanned. It must not be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("a text of {0} bytes is too long to be scanned for secrets, the most is {MAX_LENGTH}")]
    TooLong(usize),
    #[error("the rules for secrets do not compile: {0}")]
    Rules(String),
    #[error("the JSON is nested more deeply than {0} levels")]
    TooDeep(usize),
}

/// A secret and where it was, in bytes of the text that was scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static str,
    pub range: Range<usize>,
}

struct Scanner {
    set: RegexSet,
    rules: Vec<Regex>,
    words: Regex,
}

/// Name of the findings of entropy alone.
pub const HIGH_ENTROPY: &str = "high-entropy";

static SCANNER: LazyLock<Result<Scanner, String>> = LazyLock::new(|| {
    let limit = 64 << 20;
    let patterns = || RULES.iter().map(|rule| after_colours(rule.pattern));
    let set = RegexSetBuilder::new(patterns()).unicode(false).size_limit(limit).dfa_size_limit(limit).build();
    let rules = patterns().map(|p| RegexBuilder::new(&p).unicode(false).size_limit(limit).build()).collect::<Result<_, _>>();
    let words = Regex::new(r"(?-u)[A-Za-z0-9+/_-]{32,}={0,2}");
    match (set, rules, words) {
        (Ok(set), Ok(rules), Ok(words)) => Ok(Scanner { set, rules, words }),
        (set, rules, words) => Err([set.err(), rules.err(), words.err()].into_iter().flatten().map(|e| e.to_string()).collect()),
    }
});

/// A word may begin right behind an escape sequence of a terminal, whose last byte is a letter: `ESC [ 3 2 m`.
fn after_colours(pattern: &str) -> Cow<'_, str> {
    match pattern.strip_prefix(r"\b(?P<secret>") {
        Some(rest) => Cow::Owned(format!(r"(?:\b|\x1b\[[0-9;]*m)(?P<secret>{rest}")),
        None => Cow::Borrowed(pattern),
    }
}

/// Finds the secrets of a text, in their order, without overlaps.
///
/// # Errors
/// When the text is longer than [`MAX_LENGTH`]: then nothing is known of it.
pub fn find(text: &[u8]) -> Result<Vec<Finding>, Error> {
    find_by(text, true)
}

/// By the rules, and by `entropy` where nothing but secrets is irregular.
fn find_by(text: &[u8], entropy: bool) -> Result<Vec<Finding>, Error> {
    if text.len() > MAX_LENGTH {
        return Err(Error::TooLong(text.len()));
    }
    let scanner = SCANNER.as_ref().map_err(|e| Error::Rules(e.clone()))?;
    let mut found: Vec<Finding> = Vec::new();
    for index in scanner.set.matches(text) {
        let rule = &RULES[index];
        for captures in scanner.rules[index].captures_iter(text) {
            let Some(secret) = ["secret", "s2", "s3"].iter().find_map(|name| captures.name(name)) else { continue };
            let passes = match rule.check {
                Check::Form => true,
                Check::NotPlaceholder => !placeholder::is_placeholder(secret.as_bytes()),
                Check::Random => !placeholder::is_placeholder(secret.as_bytes()) && entropy::looks_random(secret.as_bytes()),
            };
            let free = |f: &Finding| f.range.end <= secret.start() || secret.end() <= f.range.start;
            if passes && found.iter().all(free) {
                found.push(Finding { rule: rule.name, range: secret.range() });
            }
        }
    }
    for word in scanner.words.find_iter(text).filter(|_| entropy) {
        let free = |f: &Finding| f.range.end <= word.start() || word.end() <= f.range.start;
        if entropy::stands_out(word.as_bytes()) && !is_public(text, word.start()) && found.iter().all(free) {
            found.push(Finding { rule: HIGH_ENTROPY, range: word.range() });
        }
    }
    found.sort_by_key(|f| f.range.start);
    Ok(found)
}

/// Digests and embedded files say what they are: `sha512-…`, `h1:…`, `data:image/png;base64,…`.
fn is_public(text: &[u8], start: usize) -> bool {
    let before = &text[start.saturating_sub(24)..start];
    let word = &text[start..(start + 10).min(text.len())];
    [&b"base64,"[..], b"sha256:", b"sha1:", b"sha512:", b"h1:", b"integrity="].iter().any(|p| before.ends_with(p))
        || [&b"sha256-"[..], b"sha384-", b"sha512-", b"sha1-"].iter().any(|p| word.starts_with(p))
}

/// The text without its secrets, and what was found.
///
/// # Errors
/// As [`find`]: the text must then not be sent.
pub fn redact(text: &str) -> Result<(Cow<'_, str>, Vec<Finding>), Error> {
    redacted(text, find(text.as_bytes())?)
}

/// As [`redact`], for a name that a program gave: it may be as irregular as a secret, and nothing finds its like again without it.
fn redact_name(text: &str) -> Result<(Cow<'_, str>, Vec<Finding>), Error> {
    redacted(text, find_by(text.as_bytes(), false)?)
}

fn redacted(text: &str, found: Vec<Finding>) -> Result<(Cow<'_, str>, Vec<Finding>), Error> {
    if found.is_empty() {
        return Ok((Cow::Borrowed(text), found));
    }
    let clean = replace(text.as_bytes(), &found);
    // The rules are ASCII, so a finding never cuts a character in two; were it otherwise, the lossy form still holds no secret.
    Ok((Cow::Owned(String::from_utf8(clean).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())), found))
}

/// As [`redact`], for output of commands, which need not be text.
///
/// # Errors
/// As [`find`].
pub fn redact_bytes(text: &[u8]) -> Result<(Cow<'_, [u8]>, Vec<Finding>), Error> {
    let found = find(text)?;
    if found.is_empty() {
        return Ok((Cow::Borrowed(text), found));
    }
    Ok((Cow::Owned(replace(text, &found)), found))
}

fn replace(text: &[u8], found: &[Finding]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(text.len());
    let mut at = 0;
    for finding in found {
        clean.extend_from_slice(&text[at..finding.range.start]);
        clean.extend_from_slice(format!("[redacted:{}]", finding.rule).as_bytes());
        at = finding.range.end;
    }
    clean.extend_from_slice(&text[at..]);
    clean
}
