//! Reads what an agent writes to a hook: whole when it is of a usual size, else with its long texts cut on the way in, so that a payload of any
//! length takes bounded memory and stays JSON. What does not come within a moment is not waited for.

use std::io::Read;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// A payload up to this stays as it is.
pub const WHOLE: usize = 256 << 10;
/// What is kept of each text of a longer one, one limit after the other until all fits.
const TEXTS: &[usize] = &[64 << 10, 8 << 10, 512];
/// The most of a payload that is kept.
pub const MOST: usize = 1 << 20;
/// The most that is held while it is being cut.
const HELD: usize = 16 << 20;
/// An agent that writes nothing for so long has forgotten to close the pipe.
const SILENCE: Duration = Duration::from_secs(1);
const IN_ALL: Duration = Duration::from_secs(10);

/// Why nothing can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("nothing came on standard input")]
    Empty,
    #[error("the payload is too large even with its texts cut")]
    TooLarge,
}

/// Reads to the end. What is broken off is given as far as it came: whoever parses it will see.
pub fn read(mut from: impl Read + AsFd) -> Result<Vec<u8>, Error> {
    let began = Instant::now();
    let mut kept = Vec::with_capacity(16 << 10);
    let mut buffer = vec![0; 64 << 10];
    let mut cutter = None::<Cutter>;
    while began.elapsed() < IN_ALL {
        let wait = Timespec { tv_sec: SILENCE.as_secs() as i64, tv_nsec: 0 };
        match poll(&mut [PollFd::new(&from, PollFlags::IN)], Some(&wait)) {
            Err(rustix::io::Errno::INTR) => continue,
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        match &mut cutter {
            Some(cutter) => cutter.push(&buffer[..read]),
            None => {
                kept.extend_from_slice(&buffer[..read]);
                if kept.len() > WHOLE {
                    let mut fresh = Cutter::new(TEXTS[0]);
                    fresh.push(&kept);
                    cutter = Some(fresh);
                }
            }
        }
    }
    let Some(cutter) = cutter else { return if kept.iter().all(u8::is_ascii_whitespace) { Err(Error::Empty) } else { Ok(kept) } };
    if cutter.overflowed {
        return Err(Error::TooLarge);
    }
    let mut kept = cutter.out;
    for limit in &TEXTS[1..] {
        if kept.len() <= MOST {
            break;
        }
        let mut next = Cutter::new(*limit);
        next.push(&kept);
        kept = next.out;
    }
    if kept.len() <= MOST { Ok(kept) } else { Err(Error::TooLarge) }
}

/// What stands at the end of a text that was cut. (Bare letters: it goes into JSON as it is.)
const MARK: &[u8] = b" [cut]";

/// Copies JSON and cuts the texts in it, byte by byte, without understanding the rest.
struct Cutter {
    out: Vec<u8>,
    limit: usize,
    in_text: bool,
    /// Bytes of the present text.
    length: usize,
    cutting: bool,
    escape: Escape,
    /// The first half of a pair has come: its second belongs to it.
    half: bool,
    overflowed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    No,
    Begun,
    /// Digits of `\uXXXX` so far, and their first two.
    Unicode(u8, [u8; 2]),
}

impl Cutter {
    const fn new(limit: usize) -> Self {
        Self { out: Vec::new(), limit, in_text: false, length: 0, cutting: false, escape: Escape::No, half: false, overflowed: false }
    }

    fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if !self.in_text {
                if byte == b'"' {
                    (self.in_text, self.length, self.cutting, self.half) = (true, 0, false, false);
                }
                self.put(byte);
                continue;
            }
            // A text may end only between two characters: not in a sequence of UTF-8, an escape, or a pair of escapes.
            let between = self.escape == Escape::No && byte & 0xC0 != 0x80 && !self.half;
            if between && !self.cutting && self.length >= self.limit && byte != b'"' {
                self.cutting = true;
                for &letter in MARK {
                    self.put(letter);
                }
            }
            let ends = self.escape == Escape::No && byte == b'"';
            self.step(byte);
            if ends {
                self.in_text = false;
            }
            if ends || !self.cutting {
                self.length += 1;
                self.put(byte);
            }
        }
    }

    fn step(&mut self, byte: u8) {
        self.escape = match self.escape {
            Escape::No if byte == b'\\' => Escape::Begun,
            Escape::No => {
                self.half = false;
                Escape::No
            }
            Escape::Begun if byte == b'u' => Escape::Unicode(0, [0; 2]),
            Escape::Begun => {
                self.half = false;
                Escape::No
            }
            Escape::Unicode(digits, mut first) => {
                if let Some(place) = first.get_mut(usize::from(digits)) {
                    *place = byte.to_ascii_lowercase();
                }
                if digits == 3 {
                    self.half = !self.half && first[0] == b'd' && matches!(first[1], b'8' | b'9' | b'a' | b'b');
                    Escape::No
                } else {
                    Escape::Unicode(digits + 1, first)
                }
            }
        };
    }

    fn put(&mut self, byte: u8) {
        if self.out.len() < HELD {
            self.out.push(byte);
        } else {
            self.overflowed = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn cut(limit: usize, text: &str) -> String {
        let mut cutter = Cutter::new(limit);
        // In pieces, as a pipe brings them.
        for piece in text.as_bytes().chunks(3) {
            cutter.push(piece);
        }
        String::from_utf8(cutter.out).expect("text")
    }

    #[test]
    fn texts_are_cut_between_characters_and_the_rest_stays() {
        for (text, expected) in [
            (r#"{"a":"12345678","b":[1,true]}"#, r#"{"a":"1234 [cut]","b":[1,true]}"#),
            (r#"{"a":"1234"}"#, r#"{"a":"1234"}"#),
            (r#"["123\"5\\6"]"#, r#"["123\" [cut]"]"#),
            (r#"["12é4567"]"#, r#"["12é [cut]"]"#),
            (r#"["\ud83d\ude00\ud83d\ude00"]"#, r#"["\ud83d\ude00 [cut]"]"#),
            (r#"["\\\"end"]"#, r#"["\\\" [cut]"]"#),
        ] {
            assert_eq!(cut(4, text), expected);
            serde_json::from_str::<Value>(&cut(4, text)).expect("it stays JSON");
        }
    }

    fn through_a_file(bytes: &[u8]) -> Result<Vec<u8>, Error> {
        use std::io::{Seek as _, Write as _};
        let path = std::env::temp_dir().join(format!("agenttrace-payload-{}-{:p}", std::process::id(), bytes));
        let mut file = std::fs::File::options().read(true).write(true).create(true).truncate(true).open(&path).expect("a file");
        drop(std::fs::remove_file(&path));
        file.write_all(bytes).expect("written");
        file.rewind().expect("rewound");
        read(file)
    }

    #[test]
    fn payloads_of_any_length_are_bounded_and_stay_json() {
        let long = serde_json::json!({"tool_response": {"stdout": "x".repeat(60_000_000)}, "n": 7}).to_string();
        let many = serde_json::json!({"items": (0..200).map(|i| format!("{i}-{}", "y".repeat(50_000))).collect::<Vec<_>>()}).to_string();
        for text in [long, many] {
            let kept = through_a_file(text.as_bytes()).expect("kept");
            assert!(kept.len() <= MOST);
            let value: Value = serde_json::from_slice(&kept).expect("it stays JSON");
            assert!(value["n"] == 7 || value["items"][199].as_str().is_some_and(|text| text.starts_with("199-")));
        }
        let numbers = serde_json::to_vec(&vec![1; 9_000_000]).expect("JSON");
        assert_eq!(through_a_file(&numbers), Err(Error::TooLarge));
        assert_eq!(through_a_file(b" \n"), Err(Error::Empty));
        assert_eq!(through_a_file(b"{\"whole\": 1}"), Ok(b"{\"whole\": 1}".to_vec()));
    }
}
