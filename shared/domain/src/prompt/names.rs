//! What names of prompts, labels, tags and placeholders may be. The rules are Langfuse's, so that what one takes the other does;
//! the errors say what to do.

/// The label that is on the newest version by itself.
pub const LATEST: &str = "latest";
/// The label that is read when none is named.
pub const PRODUCTION: &str = "production";

const NAME_MAX_CHARS: usize = 255;
const LABEL_MAX_CHARS: usize = 36;
const TAG_MAX_CHARS: usize = 200;
const COMMIT_MESSAGE_MAX_CHARS: usize = 500;
const MAX_LABELS: usize = 50;
const MAX_TAGS: usize = 100;
/// Names of pages beside the prompts' own.
const RESERVED: &[&str] = &["new", "metrics"];

/// A prompt's name, without blanks around it.
pub fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    // As JavaScript counts, so that clients that count agree.
    if name.is_empty() || name.encode_utf16().count() > NAME_MAX_CHARS {
        return Err(format!("`name` must have 1 to {NAME_MAX_CHARS} characters"));
    }
    if name.contains('|') {
        return Err("Prompt name cannot contain '|' character".to_owned());
    }
    if has_html(name) {
        return Err("Prompt name: text cannot contain HTML tags".to_owned());
    }
    if name.chars().any(char::is_control) {
        return Err("Prompt name cannot contain control characters".to_owned());
    }
    for segment in name.split('/') {
        match segment.trim() {
            "" => return Err("Prompt name: put one slash between folders, and none at the ends".to_owned()),
            // Clients and proxies resolve these in paths, so that the prompt could not be reached.
            "." | ".." => return Err("Prompt name: a folder cannot be '.' or '..'".to_owned()),
            _ => {}
        }
    }
    if RESERVED.contains(&name) {
        return Err(format!("Prompt name cannot be '{name}'"));
    }
    Ok(name.to_owned())
}

/// `<`, and later `>`.
fn has_html(text: &str) -> bool {
    text.split_once('<').is_some_and(|(_, rest)| rest.contains('>'))
}

/// Labels that may be set, each once; `latest` is refused.
pub fn labels(texts: &[String]) -> Result<Vec<String>, String> {
    let mut labels: Vec<String> = Vec::new();
    for text in texts {
        if text == LATEST {
            return Err("Label 'latest' is always assigned to the latest prompt version".to_owned());
        }
        if !is_label(text) {
            return Err(format!(
                "Label {text:?} must have 1 to {LABEL_MAX_CHARS} characters: lower-case letters a-z, digits, underscores, hyphens, periods"
            ));
        }
        if !labels.contains(text) {
            labels.push(text.clone());
        }
    }
    if labels.len() > MAX_LABELS {
        return Err(format!("at most {MAX_LABELS} labels"));
    }
    Ok(labels)
}

#[must_use]
pub fn is_label(text: &str) -> bool {
    (1..=LABEL_MAX_CHARS).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-' | b'.'))
}

/// Tags, each once.
pub fn tags(texts: &[String]) -> Result<Vec<String>, String> {
    let mut tags: Vec<String> = Vec::new();
    for text in texts {
        let tag = text.trim();
        if tag.is_empty() || tag.chars().count() > TAG_MAX_CHARS || tag.chars().any(char::is_control) {
            return Err(format!("a tag must have 1 to {TAG_MAX_CHARS} characters"));
        }
        if !tags.iter().any(|t| t == tag) {
            tags.push(tag.to_owned());
        }
    }
    if tags.len() > MAX_TAGS {
        return Err(format!("at most {MAX_TAGS} tags"));
    }
    Ok(tags)
}

pub fn commit_message(text: &str) -> Result<(), String> {
    if text.chars().count() > COMMIT_MESSAGE_MAX_CHARS {
        return Err(format!("`commitMessage` must have at most {COMMIT_MESSAGE_MAX_CHARS} characters"));
    }
    Ok(())
}

#[must_use]
pub fn is_placeholder(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.len() <= 255 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
