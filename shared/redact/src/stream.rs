//! Output of a running command, scanned as it comes: a secret that falls on the border of two reads is still seen.

use crate::{Error, Finding, redact_bytes};

/// Longest line that is waited for: beyond it a piece is scanned as it is, with some overlap.
const MAX_HELD: usize = 1 << 20;
/// How much of an over-long line stays back, so that a secret across the cut is whole in the next piece.
const OVERLAP: usize = 16 << 10;
const KEY_BEGINS: &[u8] = b"-----BEGIN ";
const KEY_ENDS: &[u8] = b"PRIVATE KEY";

/// Holds back the unfinished line, and an unfinished private key. What [`Stream::push`] and [`Stream::end`] return together is the whole
/// output without its secrets.
#[derive(Debug, Default)]
pub struct Stream {
    held: Vec<u8>,
    found: usize,
}

impl Stream {
    /// Takes the next bytes; returns what is finished and clean.
    ///
    /// # Errors
    /// When it could not be scanned; what was held back is dropped, never sent.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        self.held.extend_from_slice(bytes);
        let cut = self.finished();
        if cut == 0 {
            return Ok(Vec::new());
        }
        let rest = self.held.split_off(cut);
        let done = std::mem::replace(&mut self.held, rest);
        self.clean(&done)
    }

    /// The rest, when the command has ended.
    ///
    /// # Errors
    /// As [`Stream::push`].
    pub fn end(&mut self) -> Result<Vec<u8>, Error> {
        let done = std::mem::take(&mut self.held);
        self.clean(&done)
    }

    /// How many secrets were taken out so far.
    #[must_use]
    pub fn found(&self) -> usize {
        self.found
    }

    fn clean(&mut self, done: &[u8]) -> Result<Vec<u8>, Error> {
        let (clean, found): (_, Vec<Finding>) = redact_bytes(done)?;
        self.found += found.len();
        Ok(clean.into_owned())
    }

    /// How many bytes may go: whole lines, up to an unfinished key.
    fn finished(&self) -> usize {
        let held = &self.held;
        let lines = match held.iter().rposition(|b| *b == b'\n') {
            Some(at) => at + 1,
            None if held.len() > MAX_HELD => held.len() - OVERLAP,
            None => 0,
        };
        match open_key(&held[..lines]) {
            // A key longer than this is none; scanned as it stands, it is redacted to its end all the same.
            Some(begin) if held.len() - begin <= MAX_HELD => begin,
            _ => lines,
        }
    }
}

/// Where a private key begins that has no end in these bytes.
fn open_key(bytes: &[u8]) -> Option<usize> {
    let begin = rfind(bytes, KEY_BEGINS)?;
    let header = &bytes[begin..bytes.len().min(begin + 80)];
    let is_key = rfind(header, KEY_ENDS).is_some();
    let ended = rfind(&bytes[begin..], b"-----END ").is_some();
    (is_key && !ended).then_some(begin)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}
