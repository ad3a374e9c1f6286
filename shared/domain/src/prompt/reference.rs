//! How a prompt includes another: `@@@langfusePrompt:name=<name>|version=<number>@@@` or `…|label=<label>@@@`. What looks like it and is
//! not well-formed stays text.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::names::is_label;

const OPEN: &str = "@@@langfusePrompt:";
const CLOSE: &str = "@@@";

/// A prompt and all that it includes: so many levels, itself among them.
pub const MAX_LEVELS: usize = 5;
/// What one version may include directly.
pub const MAX_REFERENCES: usize = 45;

/// Another prompt, by version or by label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reference {
    pub name: String,
    pub target: Target,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    Version(u32),
    Label(String),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::Version(version) => write!(f, "{} - version {version}", self.name),
            Target::Label(label) => write!(f, "{} - label {label}", self.name),
        }
    }
}

/// The references in a text, with where they stand.
pub fn find(text: &str) -> impl Iterator<Item = (Range<usize>, Reference)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find(OPEN)?;
            let inner = start + OPEN.len();
            let end = inner + text[inner..].find(CLOSE)?;
            match parse(&text[inner..end]) {
                Some(reference) => {
                    at = end + CLOSE.len();
                    return Some((start..at, reference));
                }
                // The closing signs may open the next one.
                None => at = inner,
            }
        }
    })
}

fn parse(inner: &str) -> Option<Reference> {
    let (name, target) = inner.strip_prefix("name=")?.split_once('|')?;
    if name.is_empty() || name.contains('\n') {
        return None;
    }
    let target = match target.split_once('=')? {
        ("version", number) => Target::Version(number.parse().ok().filter(|v| *v > 0)?),
        ("label", label) if is_label(label) => Target::Label(label.to_owned()),
        _ => return None,
    };
    Some(Reference { name: name.to_owned(), target })
}

/// Puts texts in the place of references. `None` when the outcome would be longer than `max_bytes`.
pub fn substitute<'a>(text: &str, max_bytes: usize, with: impl Fn(&Reference) -> Option<&'a str>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (range, reference) in find(text) {
        let Some(replacement) = with(&reference) else { continue };
        out.push_str(&text[from..range.start]);
        if out.len() + replacement.len() > max_bytes {
            return None;
        }
        out.push_str(replacement);
        from = range.end;
    }
    out.push_str(&text[from..]);
    (out.len() <= max_bytes).then_some(out)
}
