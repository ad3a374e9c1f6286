//! Files as model APIs write them into JSON: an object that says a type and holds base64 beside it.
//!
//! | who | form |
//! |---|---|
//! | Anthropic | `{"type": "base64", "media_type": …, "data": …}` |
//! | Gemini, Vertex | `{"inlineData": {"mimeType": …, "data": …}}`, also in snake case, and `{"type": "media", "mime_type": …, "data": …}` |
//! | Vercel AI | `{"type": "file", "mediaType": …, "data": …}`, `{"type": "image", "mimeType": …, "image": …}` |
//! | MCP, LangChain | `{"type": "image", "mimeType": …, "data": …}` |
//! | OpenTelemetry | `{"type": "blob", "mime_type": …, "content": …}` |
//! | OpenAI | `{"input_audio": {"data": …, "format": "wav"}}`, `{"b64_json": …}` |
//!
//! The text is read once, token by token, without a tree; where it stops being JSON, reading stops.

use std::ops::Range;

use agenttrace_domain::media::content_type;
use memchr::{memchr2, memmem};

use super::{Found, run};

/// Nobody nests messages deeper.
const MAX_DEPTH: usize = 128;
/// Some part of every form, so that most texts need not be read.
const SIGNS: [&str; 4] = ["_type\"", "eType\"", "aType\"", "\"input_audio\""];
const IMAGE: &str = "\"b64_json\"";

/// What an object has said so far.
#[derive(Default)]
struct Frame {
    is_object: bool,
    /// The object is the value of `input_audio`.
    is_audio: bool,
    content_type: Option<&'static str>,
    format: Option<&'static str>,
    data: Option<Range<usize>>,
    image: Option<Range<usize>>,
}

/// The files in a JSON text; none in a text that is not JSON.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let is_json = text.trim_start().starts_with(['{', '[']);
    if !is_json || !SIGNS.iter().chain([&IMAGE]).any(|sign| memmem::find(text.as_bytes(), sign.as_bytes()).is_some()) {
        return found;
    }
    let bytes = text.as_bytes();
    let mut frames: Vec<Frame> = Vec::new();
    let mut key: Option<Range<usize>> = None;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => {
                if frames.len() == MAX_DEPTH {
                    return found;
                }
                let is_audio = key.take().is_some_and(|key| &text[key] == "input_audio");
                frames.push(Frame { is_object: bytes[at] == b'{', is_audio, ..Frame::default() });
                at += 1;
            }
            b'}' | b']' => {
                let Some(frame) = frames.pop() else { return found };
                found.extend(frame.file());
                key = None;
                at += 1;
            }
            b'"' => {
                let Some(end) = end_of_string(bytes, at + 1) else { return found };
                let string = at + 1..end;
                at = end + 1;
                let Some(frame) = frames.last_mut() else { return found };
                match key.take() {
                    Some(key) => frame.tell(text, &text[key], string),
                    None if frame.is_object && follows_colon(bytes, at) => key = Some(string),
                    None => {}
                }
            }
            b',' => {
                key = None;
                at += 1;
            }
            _ => at += 1,
        }
    }
    found
}

impl Frame {
    fn tell(&mut self, text: &str, key: &str, value: Range<usize>) {
        match key {
            "media_type" | "mediaType" | "mime_type" | "mimeType" => self.content_type = content_type(&text[value].replace("\\/", "/")),
            "format" => self.format = audio(&text[value]),
            "data" | "image" | "content" | "base64" if is_base64(text, &value) => self.data = Some(value),
            "b64_json" if is_base64(text, &value) => {
                // The answer says no type; the first bytes do.
                self.content_type = self.content_type.or_else(|| image(&text[value.clone()]));
                self.image = Some(value);
            }
            _ => {}
        }
    }

    fn file(self) -> Option<Found> {
        let content_type = if self.is_audio { self.content_type.or(self.format) } else { self.content_type }?;
        let payload = self.data.or(self.image)?;
        Some(Found { range: payload.clone(), payload, content_type })
    }
}

fn is_base64(text: &str, value: &Range<usize>) -> bool {
    !value.is_empty() && run(&text.as_bytes()[value.clone()]) == value.len()
}

/// The position of the closing quote.
fn end_of_string(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

fn follows_colon(bytes: &[u8], at: usize) -> bool {
    bytes[at..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':')
}

/// OpenAI's names of sound formats.
fn audio(format: &str) -> Option<&'static str> {
    Some(match format {
        "wav" => "audio/wav",
        "mp3" => "audio/mp3",
        "flac" => "audio/flac",
        "opus" => "audio/opus",
        "aac" => "audio/aac",
        "ogg" => "audio/ogg",
        "webm" => "audio/webm",
        _ => return None,
    })
}

/// The type of a picture by the first bytes of its base64.
fn image(payload: &str) -> Option<&'static str> {
    let signs =
        [("iVBORw0KGg", "image/png"), ("/9j/", "image/jpeg"), ("\\/9j\\/", "image/jpeg"), ("UklGR", "image/webp"), ("R0lGOD", "image/gif")];
    signs.into_iter().find(|(sign, _)| payload.starts_with(sign)).map(|(_, content_type)| content_type)
}
