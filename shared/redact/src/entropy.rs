//! How irregular a word is: the last resort for a secret that no rule knows.

/// Bits of information a byte, by the frequencies of the word's own bytes (Shannon). 0 for an empty word, at most log2 of its length.
#[must_use]
pub fn bits_per_byte(word: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in word {
        counts[usize::from(*byte)] += 1;
    }
    let length = word.len() as f64;
    counts.iter().filter(|n| **n > 0).map(|n| f64::from(*n) / length).map(|share| -share * share.log2()).sum()
}

/// Could it have been drawn at random? Asked of what stands where a secret could: after `token=`, for one.
///
/// Hexadecimal words need 16 bytes and 3 bits; others need a mixture of letters and digits and 3.3 bits. Names made of words,
/// paths, versions and numbers fall through.
#[must_use]
pub fn looks_random(word: &[u8]) -> bool {
    let kinds = Kinds::of(word);
    if kinds.digits == word.len() {
        return false;
    }
    if kinds.hex == word.len() && word.len() >= 16 {
        return kinds.digits > 0 && bits_per_byte(word) >= 3.0;
    }
    kinds.digits > 0 && kinds.upper + kinds.lower > 0 && !is_made_of_words(word) && bits_per_byte(word) >= 3.3
}

/// Is it a secret although nothing around it says so? At least 32 bytes, upper and lower case and digits well mixed, 4.2 bits.
/// Digests, UUIDs and other hexadecimal identifiers are not: they are everywhere in a coding session, and public.
#[must_use]
pub fn stands_out(word: &[u8]) -> bool {
    if word.len() < 32 || word.len() > 400 {
        return false;
    }
    let kinds = Kinds::of(word);
    let changes = word.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    kinds.upper >= 4
        && kinds.lower >= 4
        && kinds.digits >= 3
        && kinds.other * 8 <= word.len()
        // Random text changes its class at about 0.6 of the places, names such as `Utf8ToUtf16Converter` at far fewer.
        && changes * 10 >= word.len() * 4
        && !is_made_of_words(word)
        && bits_per_byte(word) >= 4.2
}

/// Runs of letters of one case that are as long as words: `get_user_2`, `ChecksumSHA256Mode`, `us-east-1`.
fn is_made_of_words(word: &[u8]) -> bool {
    let mut in_words = 0;
    let mut run = 0;
    for byte in word.iter().chain([&b' ']) {
        if byte.is_ascii_lowercase() {
            run += 1;
        } else {
            if run >= 3 {
                in_words += run;
            }
            run = 0;
        }
    }
    in_words * 2 > word.len()
}

#[derive(Default)]
struct Kinds {
    upper: usize,
    lower: usize,
    digits: usize,
    hex: usize,
    other: usize,
}

impl Kinds {
    fn of(word: &[u8]) -> Self {
        let mut kinds = Self::default();
        for byte in word {
            match byte {
                b'A'..=b'Z' => kinds.upper += 1,
                b'a'..=b'z' => kinds.lower += 1,
                b'0'..=b'9' => kinds.digits += 1,
                _ => kinds.other += 1,
            }
            kinds.hex += usize::from(byte.is_ascii_hexdigit());
        }
        kinds
    }
}

fn class(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => 0,
        b'a'..=b'z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    }
}
