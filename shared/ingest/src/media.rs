//! Files inside texts. Clients that do not upload media themselves send it as base64: data URIs anywhere in a text, and the formats in which
//! model APIs take files ([`formats`]). They are lifted out: the bytes to be stored, a reference in their place.
//!
//! What is not the base64 of a file of a known type stays text, and so does what is too small to be worth an object. Ids follow from the
//! bytes, so the same request again gives the same files and the same texts. The work is linear in the text.

mod formats;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use agenttrace_domain::Event;
use agenttrace_domain::media::{content_type, media_id, reference};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use memchr::memmem;
use sha2::{Digest as _, Sha256};

use crate::limits::Limits;

const MARK: &str = ";base64,";
/// Between `data:` and the mark: a type with its parameters.
const HEADER_MAX: usize = 160;
/// As the SDKs call it.
const SOURCE: &str = "base64_data_uri";

const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

/// What was lifted out of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LiftedMedia {
    /// Each once.
    pub files: Vec<File>,
    pub places: Vec<Place>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub id: String,
    /// Base64.
    pub sha256: String,
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

/// Where a file was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its position in `files`.
    pub file: usize,
    pub trace_id: String,
    /// `None` for a statement about the trace itself.
    pub observation_id: Option<String>,
    /// `input`, `output` or `metadata`.
    pub field: &'static str,
}

/// Takes the files out of the texts of traces and steps, and leaves references. At most [`Limits::max_media`] files a request; the rest stays text.
pub fn lift_media(events: &mut [Event], limits: &Limits) -> LiftedMedia {
    let mut lifter = Lifter { limits, lifted: LiftedMedia::default(), by_id: HashMap::new() };
    for event in events {
        match event {
            Event::Observation(o) | Event::ObservationPatch { patch: o, .. } => {
                let o = o.as_mut();
                let of = (o.trace_id.as_str(), Some(o.id.as_str()));
                lifter.fields(of, &mut o.input, &mut o.output, &mut o.metadata);
            }
            Event::Trace { patch: t, .. } => {
                let t = t.as_mut();
                lifter.fields((t.id.as_str(), None), &mut t.input, &mut t.output, &mut t.metadata);
            }
            _ => {}
        }
    }
    lifter.lifted
}

struct Lifter<'l> {
    limits: &'l Limits,
    lifted: LiftedMedia,
    by_id: HashMap<String, usize>,
}

/// Base64 in a text: what takes its place, and what it is.
struct Found {
    range: Range<usize>,
    payload: Range<usize>,
    content_type: &'static str,
}

impl Lifter<'_> {
    fn fields(
        &mut self,
        of: (&str, Option<&str>),
        input: &mut Option<String>,
        output: &mut Option<String>,
        metadata: &mut [(String, String)],
    ) {
        for (field, text) in [("input", input), ("output", output)] {
            if let Some(text) = text {
                self.text(of, field, text);
            }
        }
        for (_, text) in metadata {
            self.text(of, "metadata", text);
        }
    }

    fn text(&mut self, of: (&str, Option<&str>), field: &'static str, text: &mut String) {
        // Four characters of base64 hold three bytes.
        if text.len() < self.limits.min_media_bytes / 3 * 4 {
            return;
        }
        let mut found = data_uris(text);
        found.extend(formats::find(text));
        if found.is_empty() {
            return;
        }
        found.sort_by_key(|f| f.range.start);
        let mut out = String::new();
        let mut done = 0;
        for Found { range, payload, content_type } in found {
            if range.start < done {
                continue; // inside of one that was lifted
            }
            let Some(bytes) = self.decode(&text[payload]) else { continue };
            let Some(file) = self.file(bytes, content_type) else { break };
            let known = &self.lifted.files[file];
            out.push_str(&text[done..range.start]);
            out.push_str(&reference(known.content_type, &known.id, SOURCE));
            done = range.end;
            let place = Place { file, trace_id: of.0.to_owned(), observation_id: of.1.map(str::to_owned), field };
            if !self.lifted.places.contains(&place) {
                self.lifted.places.push(place);
            }
        }
        if done > 0 {
            out.push_str(&text[done..]);
            *text = out;
        }
    }

    fn decode(&self, payload: &str) -> Option<Vec<u8>> {
        let plain = unescaped(payload);
        let trimmed = plain.trim_end_matches('=');
        let standard: Cow<'_, str> =
            if trimmed.contains(['-', '_']) { trimmed.replace('-', "+").replace('_', "/").into() } else { trimmed.into() };
        let bytes = FORGIVING.decode(standard.as_bytes()).ok()?;
        (bytes.len() >= self.limits.min_media_bytes).then_some(bytes)
    }

    /// The file's position; `None` when there are too many.
    fn file(&mut self, bytes: Vec<u8>, content_type: &'static str) -> Option<usize> {
        let sha256 = STANDARD.encode(Sha256::digest(&bytes));
        let id = media_id(&sha256)?;
        if let Some(known) = self.by_id.get(&id) {
            return Some(*known);
        }
        if self.lifted.files.len() >= self.limits.max_media {
            return None;
        }
        let at = self.lifted.files.len();
        self.by_id.insert(id.clone(), at);
        self.lifted.files.push(File { id, sha256, content_type, bytes });
        Some(at)
    }
}

/// `data:<type>[;parameters];base64,<payload>` anywhere in a text, escaped as JSON or not.
fn data_uris(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for mark in memmem::find_iter(bytes, MARK) {
        let from = text.floor_char_boundary(mark.saturating_sub(HEADER_MAX));
        let Some(scheme) = text[from..mark].rfind("data:").map(|at| from + at) else { continue };
        let header = unescaped(&text[scheme + "data:".len()..mark]);
        let Some(content_type) = content_type(&header).filter(|_| header.bytes().all(is_header_byte)) else { continue };
        let start = mark + MARK.len();
        let end = start + run(&bytes[start..]);
        // A text that was cut for its length holds half a file.
        if !text[end..].starts_with('…') {
            found.push(Found { range: scheme..end, payload: start..end, content_type });
        }
    }
    found
}

const fn is_header_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+' | b'.' | b'-' | b';' | b'=' | b'_' | b' ')
}

/// How many bytes at the head are base64 of either alphabet, with what JSON writers escape of it.
fn run(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b if b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_') => at += 1,
            b'\\' if escape(&bytes[at..]).is_some_and(|(character, _)| character != b'=') => {
                at += escape(&bytes[at..]).map_or(1, |(_, read)| read)
            }
            _ => break,
        }
    }
    for _ in 0..2 {
        match bytes.get(at) {
            Some(b'=') => at += 1,
            Some(b'\\') => match escape(&bytes[at..]) {
                Some((b'=', read)) => at += read,
                _ => break,
            },
            _ => break,
        }
    }
    at
}

/// A character of base64 that is escaped in JSON, and how many bytes the escape takes: `\/`, `\u002B`, `\u002F`, `\u003D`.
fn escape(bytes: &[u8]) -> Option<(u8, usize)> {
    if bytes.starts_with(b"\\/") {
        return Some((b'/', 2));
    }
    match bytes.get(..6)?.to_ascii_lowercase().as_slice() {
        b"\\u002b" => Some((b'+', 6)),
        b"\\u002f" => Some((b'/', 6)),
        b"\\u003d" => Some((b'=', 6)),
        _ => None,
    }
}

fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at] == b'\\').then(|| escape(&bytes[at..])).flatten() {
            Some((character, read)) => {
                out.push(character);
                at += read;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests;
