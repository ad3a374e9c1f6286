//! Secrets of webhooks, and the signatures that senders make with them over the raw body.

use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use rand::distr::Alphanumeric;
use sha2::Sha256;

/// What stands before a signature of SHA-256.
const PREFIX: &str = "sha256=";
const HEX_BYTES: usize = 64;

/// 43 characters of 62 hold 256 bits.
const SECRET_CHARS: usize = 43;

/// A new random secret.
#[must_use]
pub fn generate_secret() -> String {
    let random: String = rand::rng().sample_iter(Alphanumeric).take(SECRET_CHARS).map(char::from).collect();
    format!("whs-at-{random}")
}

/// A signature as it stands in `X-Hub-Signature-256`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; HEX_BYTES / 2]);

impl Signature {
    /// `sha256=` and 64 hex characters; `None` for everything else.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let hex = header.trim().strip_prefix(PREFIX)?.as_bytes();
        if hex.len() != HEX_BYTES {
            return None;
        }
        let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let mut bytes = [0; HEX_BYTES / 2];
        for (slot, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
            *slot = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// Was the body signed with this secret? Takes the same time for every answer. An empty secret signs nothing.
    #[must_use]
    pub fn fits(&self, secret: &str, body: &[u8]) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
        mac.update(body);
        mac.verify_slice(&self.0).is_ok() && !secret.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of GitHub's own documentation on validating deliveries.
    const SECRET: &str = "It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello, World!";
    const SIGNATURE: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    #[test]
    fn a_signature_fits_its_body_and_its_secret_alone() {
        let signature = Signature::parse(SIGNATURE).expect("a signature");

        assert!(signature.fits(SECRET, BODY));
        assert!(!signature.fits(SECRET, b"Hello, World?"));
        assert!(!signature.fits("another secret", BODY));
        assert!(!signature.fits("", BODY));
    }

    #[test]
    fn what_is_no_signature_of_sha_256_is_none() {
        let upper = SIGNATURE.to_uppercase().replace("SHA256", "sha256");
        assert_eq!(Signature::parse(&upper), Signature::parse(SIGNATURE));
        for header in ["", "sha256=", "sha1=757107ea0eb2509fc211221cce984b8a37570b6d", &SIGNATURE[7..], &SIGNATURE[..70], "sha256=ÿÿ"] {
            assert_eq!(Signature::parse(header), None, "{header}");
        }
        assert_eq!(Signature::parse(&SIGNATURE.replace('7', "g")), None);
    }

    #[test]
    fn secrets_are_new_each_time() {
        assert_ne!(generate_secret(), generate_secret());
        assert_eq!(generate_secret().len(), 50);
    }
}
