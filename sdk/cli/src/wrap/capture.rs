//! What a command printed, within bounds: its first and its last part, and how much there was.

/// Kept of the beginning, and as much again of the end.
const HALF: usize = 32 << 10;
/// A word that the cut went through is dropped up to this length: half a secret looks like none.
const MAX_WORD: usize = 4 << 10;

#[derive(Debug, Default)]
pub struct Capture {
    first: Vec<u8>,
    last: Vec<u8>,
    total: u64,
}

impl Capture {
    pub fn push(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let room = HALF.saturating_sub(self.first.len());
        let (head, tail) = bytes.split_at(room.min(bytes.len()));
        self.first.extend_from_slice(head);
        self.last.extend_from_slice(tail);
        if self.last.len() > 4 * HALF {
            let cut = self.last.len() - HALF;
            self.last.drain(..cut);
        }
    }

    /// Bytes printed, kept or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The text; what is no text is only measured.
    #[must_use]
    pub fn into_text(mut self) -> String {
        if self.first.contains(&0) || self.last.contains(&0) {
            return format!("[{} bytes that are no text]", self.total);
        }
        if self.last.len() > HALF {
            let cut = self.last.len() - HALF;
            self.last.drain(..cut);
        }
        let left_out = self.total - (self.first.len() + self.last.len()) as u64;
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if left_out == 0 {
            self.first.extend_from_slice(&self.last);
            return lossy(&self.first);
        }
        let end = self.first.iter().rposition(u8::is_ascii_whitespace).unwrap_or(0);
        self.first.truncate(end.max(self.first.len().saturating_sub(MAX_WORD)));
        let begin = self.last.iter().take(MAX_WORD).position(u8::is_ascii_whitespace).unwrap_or(MAX_WORD.min(self.last.len()));
        format!("{}\n[{left_out} bytes left out]\n{}", lossy(&self.first), lossy(&self.last[begin..]).trim_start())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(pieces: &[&[u8]]) -> String {
        let mut capture = Capture::default();
        for piece in pieces {
            capture.push(piece);
        }
        capture.into_text()
    }

    #[test]
    fn a_short_output_is_kept_whole() {
        assert_eq!(captured(&[b"one\n", b"two\n"]), "one\ntwo\n");
        assert_eq!(captured(&[]), "");
    }

    #[test]
    fn of_a_long_one_both_ends_are_kept_and_the_cut_goes_between_words() {
        let line = b"0123456789 abcdefghij\n";
        let pieces: Vec<&[u8]> = std::iter::repeat_n(&line[..], 100_000).collect();

        let text = captured(&pieces);

        assert!(text.len() < 2 * HALF + 100, "{}", text.len());
        assert!(text.contains(" bytes left out]"));
        assert!(
            text.split_whitespace()
                .all(|word| ["0123456789", "abcdefghij", "bytes", "left", "out]"].contains(&word) || word.starts_with('['))
        );
    }

    #[test]
    fn what_is_no_text_is_only_measured() {
        assert_eq!(captured(&[b"\x7fELF\0\0"]), "[6 bytes that are no text]");
    }
}
