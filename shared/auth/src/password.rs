//! Passwords: Argon2id with OWASP's parameters (19 MiB, two passes, one lane), which fit a small function.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::RngExt;
use rand::distr::Alphanumeric;

pub const MIN_CHARS: usize = 12;
pub const MAX_CHARS: usize = 128;

const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A hash of nothing that anyone knows: an unknown user costs the same work as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCE$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a new password is refused; the text is for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    #[error("Choose a password of at least {MIN_CHARS} characters.")]
    Short,
    #[error("Choose a password of at most {MAX_CHARS} characters.")]
    Long,
    #[error("Choose a password with more different characters.")]
    Uniform,
    #[error("Choose a password that is not a well-known one.")]
    Known,
    #[error("Choose a password that does not contain your e-mail address or the product's name.")]
    Personal,
}

#[derive(Debug, thiserror::Error)]
#[error("hash a password: {0}")]
pub struct HashError(argon2::password_hash::Error);

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are constants within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Is the password good enough for this person? Length first, as NIST and OWASP advise; no rules about kinds of characters.
pub fn check_strength(password: &str, email: &str) -> Result<(), Weakness> {
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return Err(Weakness::Short);
    }
    if chars > MAX_CHARS {
        return Err(Weakness::Long);
    }
    let folded = password.to_lowercase();
    let mut different: Vec<char> = folded.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < 6 {
        return Err(Weakness::Uniform);
    }
    if KNOWN.iter().any(|known| folded.contains(known) && chars < known.chars().count() + 6) {
        return Err(Weakness::Known);
    }
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    // The name inside of a much longer phrase does no harm.
    let personal = |part: &str| part.chars().count() >= 4 && folded.contains(part) && chars < part.chars().count() + MIN_CHARS;
    if personal(&local) || personal(&email.to_lowercase()) || personal("agenttrace") {
        return Err(Weakness::Personal);
    }
    Ok(())
}

/// Starts of the long passwords that lists of leaked ones are full of.
const KNOWN: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssw0rd",
    "123456789",
    "1234567890",
    "0123456789",
    "987654321",
    "qwertyuiop",
    "qwerty123",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "iloveyou",
    "letmein",
    "welcome",
    "administrator",
    "changeme",
    "trustno1",
    "abcdefghijkl",
    "correcthorse",
];

/// The password's hash in PHC form, with a random salt.
pub fn hash(password: &str) -> Result<String, HashError> {
    Ok(argon2().hash_password(password.as_bytes()).map_err(HashError)?.to_string())
}

/// Is it the password of the stored hash? `None`, an unknown user, takes the same time and is never true; so is a hash that can't be read.
#[must_use]
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    if password.len() > MAX_CHARS * 4 {
        return false;
    }
    let Ok(parsed) = PasswordHash::new(stored.unwrap_or(NOBODY)) else { return false };
    let equal = argon2().verify_password(password.as_bytes(), &parsed).is_ok();
    equal & stored.is_some()
}

/// 24 random letters and digits (142 bits), for a first sign-in.
#[must_use]
pub fn generate() -> String {
    rand::rng().sample_iter(Alphanumeric).take(24).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_their_reason() {
        for (password, expected) in [
            ("correct battery staple horse", Ok(())),
            ("пароль с пробелами и длинный", Ok(())),
            ("Tr0ub4dor&3xyz", Ok(())),
            ("jane.doe likes very long phrases", Ok(())),
            ("elevenchars", Err(Weakness::Short)),
            ("", Err(Weakness::Short)),
            ("aaaaaaaaaaaaaaaa", Err(Weakness::Uniform)),
            ("ababababababab", Err(Weakness::Uniform)),
            ("password12345", Err(Weakness::Known)),
            ("Qwertyuiop123", Err(Weakness::Known)),
            ("jane.doe12345!", Err(Weakness::Personal)),
            ("AgentTrace2026", Err(Weakness::Personal)),
        ] {
            assert_eq!(check_strength(password, "jane.doe@example.com"), expected, "{password}");
        }
        assert_eq!(check_strength(&"abcdefgh".repeat(17), "a@b.c"), Err(Weakness::Long));
        assert_eq!(check_strength(&generate(), "a@b.c"), Ok(()));
    }

    #[test]
    fn a_hash_verifies_its_password_alone() {
        let stored = hash("correct battery staple").expect("a hash");

        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, hash("correct battery staple").expect("a hash"), "salts differ");
        assert!(verify("correct battery staple", Some(&stored)));
        assert!(!verify("correct battery stable", Some(&stored)));
        assert!(!verify("correct battery staple", Some("not a hash")));
        assert!(!verify(&"x".repeat(100_000), Some(&stored)));
    }

    #[test]
    fn an_unknown_user_costs_the_same_work() {
        assert!(PasswordHash::new(NOBODY).is_ok(), "the stand-in can be computed");
        let stored = hash("correct battery staple").expect("a hash");
        let timed = |stored: Option<&str>| {
            let start = std::time::Instant::now();
            assert!(!verify("a wrong password", stored));
            start.elapsed().as_secs_f64()
        };

        let fastest = |stored: Option<&str>| (0..3).map(|_| timed(stored)).fold(f64::MAX, f64::min);
        let (known, unknown) = (fastest(Some(&stored)), fastest(None));

        assert!(unknown > known / 3.0 && known > unknown / 3.0, "known {known} s, unknown {unknown} s");
    }
}
