//! A file line by line, in bounded memory, whatever is in it.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use anyhow::{Context as _, Result};

/// The longest line that is read; agents write images into theirs. 16 MiB.
const LONGEST: usize = 16 << 20;
/// By so many bytes at its begin a file is told from another one that took its place.
const BEGIN: usize = 1 << 10;

#[derive(Debug, PartialEq, Eq)]
pub enum Line<'l> {
    Text(&'l str),
    NotText,
    TooLong,
    /// It has no end yet.
    Half,
}

pub struct LineReader {
    file: BufReader<File>,
    offset: u64,
    line: Vec<u8>,
}

impl LineReader {
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        Ok(Self { file: BufReader::with_capacity(1 << 18, file), offset: 0, line: Vec::new() })
    }

    /// What the file's first line begins with, as a hash. It stays as it is when more is written.
    pub fn begin(&mut self) -> Result<u64> {
        let mut begin = Vec::with_capacity(BEGIN);
        self.file.by_ref().take(BEGIN as u64).read_to_end(&mut begin)?;
        self.file.seek(SeekFrom::Start(0))?;
        let line = begin.split(|byte| *byte == b'\n').next().unwrap_or_default();
        Ok(super::state::hash(line))
    }

    /// Where the next line begins.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// The next line and where it begins.
    pub fn next_line(&mut self) -> Result<Option<(u64, Line<'_>)>> {
        self.line.clear();
        let from = self.offset;
        let (mut read, mut whole, mut too_long) = (0_u64, false, false);
        loop {
            let buffer = self.file.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            too_long |= self.line.len() + part.len() > LONGEST;
            if too_long {
                self.line = Vec::new();
            } else {
                self.line.extend_from_slice(part);
            }
            let taken = part.len() + usize::from(end.is_some());
            read += taken as u64;
            self.file.consume(taken);
            if end.is_some() {
                whole = true;
                break;
            }
        }
        if read == 0 {
            return Ok(None);
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        let line = match std::str::from_utf8(&self.line) {
            _ if too_long && whole => Line::TooLong,
            _ if too_long => Line::Half,
            // Without its end it is whole only if it is JSON to its last bracket.
            Ok(text) if !whole && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() => Line::Half,
            Ok(text) => Line::Text(text),
            Err(_) if whole => Line::NotText,
            Err(_) => Line::Half,
        };
        if line != Line::Half {
            self.offset += read;
        }
        Ok(Some((from, line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (Vec<String>, u64) {
        let path = std::env::temp_dir().join(format!("agenttrace-lines-{}-{}", std::process::id(), super::super::state::hash(bytes)));
        std::fs::write(&path, bytes).expect("a file");
        let mut file = LineReader::open(&path).expect("opened");
        let mut seen = Vec::new();
        while let Some((from, line)) = file.next_line().expect("read") {
            seen.push(match line {
                Line::Text(text) => format!("{from} {}", &text[..text.len().min(20)]),
                other => format!("{from} {other:?}"),
            });
            if seen.last().is_some_and(|line| line.ends_with("Half")) {
                break;
            }
        }
        std::fs::remove_file(&path).expect("removed");
        (seen, file.offset())
    }

    #[test]
    fn lines_end_with_their_end() {
        assert_eq!(read(b""), (vec![], 0));
        assert_eq!(read(b"{}\n\r\n{\"a\":1}\r\n"), (vec!["0 {}".to_owned(), "3 ".to_owned(), "5 {\"a\":1}".to_owned()], 14));
        assert_eq!(read(b"{}\n{\"a\":"), (vec!["0 {}".to_owned(), "3 Half".to_owned()], 3));
        assert_eq!(read(b"{}\n{\"a\":1}"), (vec!["0 {}".to_owned(), "3 {\"a\":1}".to_owned()], 10));
    }

    #[test]
    fn what_is_no_text_or_too_long_is_passed_over() {
        assert_eq!(read(b"\xff\xfe\n{}\n"), (vec!["0 NotText".to_owned(), "3 {}".to_owned()], 6));
        let mut long = vec![b'x'; LONGEST + 1];
        long.extend_from_slice(b"\n{}\n");
        assert_eq!(read(&long).0, ["0 TooLong".to_owned(), format!("{} {{}}", LONGEST + 2)]);
    }
}
