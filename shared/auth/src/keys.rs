//! API keys: how they are made, bounded, hashed and shown.
//!
//! A key pair made here is 256 random bits each, in base62, behind a prefix and with a checksum, so that a scanner of repositories can
//! tell one from noise. Nothing else rests on the form: people bring their own keys (`pk-lf-…`, or any text), so no key is ever refused for
//! its shape. Secrets are stored as HMAC-SHA-256 under a pepper that lives outside of the table; random 256 bits need no slow hash.

use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use rand::distr::Alphanumeric;
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

pub const PUBLIC_PREFIX: &str = "pk-at-";
pub const SECRET_PREFIX: &str = "sk-at-";

/// The longest key, in bytes, that is looked at.
pub const KEY_MAX_BYTES: usize = 256;
/// The shortest secret that may be configured; shorter ones can be guessed.
pub const SECRET_MIN_BYTES: usize = 8;

/// 43 characters of 62 hold 256 bits.
const RANDOM_CHARS: usize = 43;
const CHECKSUM_CHARS: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A public key and its secret. Debug output hides the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyPair {
    pub public_key: String,
    pub secret_key: String,
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").field("public_key", &self.public_key).finish_non_exhaustive()
    }
}

/// Why a configured key pair can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("`publicKey` must have 1 to {KEY_MAX_BYTES} visible ASCII characters and no colon")]
    Public,
    #[error("`secretKey` must have {SECRET_MIN_BYTES} to {KEY_MAX_BYTES} visible ASCII characters")]
    Secret,
    #[error("`publicKey` and `secretKey` must differ")]
    Same,
}

impl KeyPair {
    /// A new random pair.
    #[must_use]
    pub fn generate() -> Self {
        Self { public_key: generate_key(PUBLIC_PREFIX), secret_key: generate_key(SECRET_PREFIX) }
    }

    /// A pair that someone brings along. Only what can travel in a header is asked for: no colon in the public half (Basic splits there).
    pub fn configured(public_key: &str, secret_key: &str) -> Result<Self, BadKey> {
        let visible = |key: &str| key.len() <= KEY_MAX_BYTES && key.bytes().all(|b| b.is_ascii_graphic());
        if public_key.is_empty() || public_key.contains(':') || !visible(public_key) {
            return Err(BadKey::Public);
        }
        if secret_key.len() < SECRET_MIN_BYTES || !visible(secret_key) {
            return Err(BadKey::Secret);
        }
        if public_key == secret_key {
            return Err(BadKey::Same);
        }
        Ok(Self { public_key: public_key.to_owned(), secret_key: secret_key.to_owned() })
    }
}

fn generate_key(prefix: &str) -> String {
    let random: String = rand::rng().sample_iter(Alphanumeric).take(RANDOM_CHARS).map(char::from).collect();
    let key = format!("{prefix}{random}");
    let checksum = checksum(&key);
    key + &checksum
}

/// Was this key made by [`KeyPair::generate`]? For scanners and for hints to people; never for a decision about access.
#[must_use]
pub fn looks_generated(key: &str) -> bool {
    let Some((body, sum)) = key.len().checked_sub(CHECKSUM_CHARS).and_then(|at| key.split_at_checked(at)) else { return false };
    let random = body.strip_prefix(PUBLIC_PREFIX).or_else(|| body.strip_prefix(SECRET_PREFIX));
    random.is_some_and(|r| r.len() == RANDOM_CHARS && r.bytes().all(|b| b.is_ascii_alphanumeric())) && checksum(body) == sum
}

/// The first 32 bits of SHA-256 in base62.
fn checksum(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut value = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    let mut sum = [b'0'; CHECKSUM_CHARS];
    for slot in sum.iter_mut().rev() {
        *slot = BASE62[(value % 62) as usize];
        value /= 62;
    }
    sum.iter().copied().map(char::from).collect()
}

/// What a list shows of a secret: a known prefix and the last four characters, and those only when enough stays hidden.
#[must_use]
pub fn display_secret(secret_key: &str) -> String {
    let prefix = ["sk-at-", "sk-lf-"].into_iter().find(|p| secret_key.starts_with(p)).unwrap_or_default();
    let hidden = secret_key.len().saturating_sub(prefix.len() + 4);
    let tail = if hidden >= 8 { secret_key.get(secret_key.len() - 4..).unwrap_or_default() } else { "" };
    format!("{prefix}…{tail}")
}

/// The keyed hash of a secret, as stored.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// 64 hex characters.
    #[must_use]
    pub fn to_hex(self) -> String {
        self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            text.push_str(&format!("{byte:02x}"));
            text
        })
    }

    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// Compares in constant time.
impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretHash {}

/// Hashes are of no use in a log, and stay out of it.
impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// The server's own part of every secret's hash: a stolen table alone can't be searched for secrets.
#[derive(Clone)]
pub struct Pepper(Vec<u8>);

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(…)")
    }
}

impl Pepper {
    /// `None` below 32 bytes: a short pepper would be a false promise.
    #[must_use]
    pub fn new(secret: &str) -> Option<Self> {
        let secret = secret.trim();
        (secret.len() >= 32).then(|| Self(secret.as_bytes().to_vec()))
    }

    #[must_use]
    pub fn hash_secret(&self, secret_key: &str) -> SecretHash {
        SecretHash(self.hmac("api-key", secret_key.as_bytes()))
    }

    /// Does the secret belong to the stored hash? `None`, an unknown key, takes the same work and is never true.
    #[must_use]
    pub fn verify_secret(&self, secret_key: &str, stored: Option<&SecretHash>) -> bool {
        let given = self.hash_secret(secret_key);
        let equal = given == *stored.unwrap_or(&SecretHash([0; 32]));
        equal & stored.is_some()
    }

    /// A short stable pseudonym, for keys of the table that must not hold a person's e-mail or address.
    #[must_use]
    pub fn pseudonym(&self, purpose: &str, text: &str) -> String {
        SecretHash(self.hmac(purpose, text.as_bytes())).to_hex()[..32].to_owned()
    }

    fn hmac(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        hmac_sha256(&self.0, &[purpose.as_bytes(), b"\0", text])
    }
}

pub(crate) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length, so this can't fail.
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pepper() -> Pepper {
        Pepper::new("0123456789abcdef0123456789abcdef").expect("32 bytes")
    }

    #[test]
    fn generated_keys_differ_and_carry_their_checksum() {
        let (one, two) = (KeyPair::generate(), KeyPair::generate());

        assert_ne!(one, two);
        for key in [&one.public_key, &one.secret_key] {
            assert_eq!(key.len(), 6 + 43 + 6);
            assert!(looks_generated(key), "{key}");
            assert!(!looks_generated(&format!("{}x", &key[..key.len() - 1])) || key.ends_with('x'));
        }
        for other in ["", "pk-at-", "sk-lf-1234567890", "sk-at-東京東京東京東京", &"x".repeat(55)] {
            assert!(!looks_generated(other), "{other}");
        }
    }

    #[test]
    fn any_text_that_fits_a_header_can_be_configured() {
        for (public_key, secret_key, expected) in [
            ("pk-lf-1234567890", "sk-lf-1234567890", Ok(())),
            ("lf_pk", "a:b:c:d:e", Ok(())),
            ("p", "12345678", Ok(())),
            ("", "12345678", Err(BadKey::Public)),
            ("a:b", "12345678", Err(BadKey::Public)),
            ("a b", "12345678", Err(BadKey::Public)),
            ("東京", "12345678", Err(BadKey::Public)),
            ("p", "1234567", Err(BadKey::Secret)),
            ("p", "1234567\n", Err(BadKey::Secret)),
            ("12345678", "12345678", Err(BadKey::Same)),
        ] {
            assert_eq!(KeyPair::configured(public_key, secret_key).map(|_| ()), expected, "{public_key} {secret_key}");
        }
        assert_eq!(KeyPair::configured("p", &"x".repeat(257)).map(|_| ()), Err(BadKey::Secret));
        assert_eq!(KeyPair::configured(&"x".repeat(257), "12345678").map(|_| ()), Err(BadKey::Public));
    }

    #[test]
    fn a_secret_verifies_only_against_its_own_hash_and_pepper() {
        let pepper = pepper();
        let stored = pepper.hash_secret("sk-at-one");
        let other = Pepper::new("another pepper of thirty-two bytes").expect("long enough");

        assert!(pepper.verify_secret("sk-at-one", Some(&stored)));
        assert!(!pepper.verify_secret("sk-at-two", Some(&stored)));
        assert!(!pepper.verify_secret("sk-at-one", None));
        assert!(!other.verify_secret("sk-at-one", Some(&stored)));
        assert_eq!(SecretHash::from_hex(&stored.to_hex()), Some(stored));
        assert_eq!(Pepper::new("short").map(|_| ()), None);
        for bad in ["", "zz", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(SecretHash::from_hex(bad), None, "{bad}");
        }
    }

    #[test]
    fn lists_show_little_of_a_secret() {
        for (secret_key, expected) in [
            ("sk-at-0123456789abcdef", "sk-at-…cdef"),
            ("sk-lf-1234567890", "sk-lf-…"),
            ("12345678", "…"),
            ("some other long secret", "…cret"),
        ] {
            assert_eq!(display_secret(secret_key), expected);
        }
    }

    #[test]
    fn debug_output_holds_no_secret() {
        let pair = KeyPair::configured("pk-shown", "sk-hidden").expect("a pair");

        let text = format!("{pair:?} {:?} {:?}", pepper(), pepper().hash_secret("sk-hidden"));

        assert!(text.contains("pk-shown") && !text.contains("hidden") && !text.contains("0123456789"), "{text}");
    }
}
