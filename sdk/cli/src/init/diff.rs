//! What a change of a file looks like: its lines that go and come, with three around them. Keys in it are not shown.

use std::fmt::Write as _;
use std::path::Path;

use similar::{ChangeTag, TextDiff};

pub fn shown(file: &Path, before: Option<&str>, after: Option<&str>, colours: bool) -> String {
    let paint = |code: &str, text: &str| if colours { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() };
    let what = match (before, after) {
        (None, _) => "new file ",
        (_, None) => "delete ",
        _ => "",
    };
    let mut out = format!("  {}\n", paint("1", &format!("{what}{}", file.display())));
    let diff = TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
    for (place, group) in diff.grouped_ops(3).iter().enumerate() {
        if place > 0 {
            let _ = writeln!(out, "  {}", paint("36", "…"));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = without_keys(change.value().trim_end_matches('\n'));
            let line = match change.tag() {
                ChangeTag::Delete => paint("31", &format!("- {text}")),
                ChangeTag::Insert => paint("32", &format!("+ {text}")),
                ChangeTag::Equal => format!("  {text}"),
            };
            let _ = writeln!(out, "  {line}");
        }
    }
    out
}

/// A terminal's scrollback and a log are read by others. What cannot be scanned is not shown either.
fn without_keys(text: &str) -> String {
    // Our own header is base64 of a pair, behind a word by which the rules for secrets know it; with a `%20` they do not.
    let text = match text.split_once("Basic%20") {
        Some((before, after)) => {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/' | '=')).unwrap_or(after.len());
            format!("{before}Basic%20[redacted]{}", &after[end..])
        }
        None => text.to_owned(),
    };
    agenttrace_redact::redact(&text).map_or_else(|_| "[not shown]".to_owned(), |(text, _)| text.into_owned())
}
