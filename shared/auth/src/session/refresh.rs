//! Refresh tokens: form, hash, and the rule of what a presented one leads to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{ABSOLUTE_SECONDS, IDLE_SECONDS, Signer};

/// For so long a token that was just replaced is taken for a parallel tab's, or for a retry.
const GRACE_SECONDS: i64 = 30;
/// Renewals in the longest session, one every 15 minutes; walking them takes about 10 ms.
const MAX_STEPS: u32 = 8_640;

/// `<user>.<session>.<secret>`: the first two say where the session lies, the last is what counts.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    pub user_id: String,
    pub session_id: String,
    secret: String,
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefreshToken").field("session_id", &self.session_id).finish_non_exhaustive()
    }
}

impl RefreshToken {
    /// The first token of a session.
    #[must_use]
    pub fn generate(user_id: &str, session_id: &str) -> Self {
        let secret: [u8; 32] = rand::random();
        Self { user_id: user_id.to_owned(), session_id: session_id.to_owned(), secret: URL_SAFE_NO_PAD.encode(secret) }
    }

    /// `None` for anything that [`Self::to_text`] did not write.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let part = |p: &str| (1..=64).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let mut parts = text.split('.');
        let (user_id, session_id, secret) = (parts.next()?, parts.next()?, parts.next()?);
        (parts.next().is_none() && [user_id, session_id, secret].into_iter().all(part) && secret.len() == 43).then(|| Self {
            user_id: user_id.to_owned(),
            session_id: session_id.to_owned(),
            secret: secret.to_owned(),
        })
    }

    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}.{}.{}", self.user_id, self.session_id, self.secret)
    }

    /// As stored. 256 random bits need neither salt nor pepper.
    #[must_use]
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.secret.as_bytes()))
    }

    fn successor(&self, signer: &Signer) -> Self {
        let secret = signer.successor(&self.session_id, &self.secret);
        Self { secret: URL_SAFE_NO_PAD.encode(secret), ..self.clone() }
    }
}

/// What a session's record says of its refresh token. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRefresh {
    pub hash: String,
    /// How often the token was replaced.
    pub rotations: u32,
    pub created_at: i64,
    /// When the token was made: at sign-in, or when it replaced the one before.
    pub used_at: i64,
}

/// What a presented refresh token leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewal {
    /// Replace the stored hash by this token's (if it is still the one read), and hand out the token.
    Rotate(RefreshToken),
    /// Someone else just did: hand out the same token, write nothing.
    Join(RefreshToken),
    /// A replaced token came back: end the session.
    Reused,
    /// Never was this session's token, or the session is over.
    Refused,
}

/// The rule. `now` in Unix seconds.
#[must_use]
pub fn renew(signer: &Signer, presented: &RefreshToken, stored: &StoredRefresh, now: i64) -> Renewal {
    if now >= expires_at(stored.created_at, stored.used_at) {
        return Renewal::Refused;
    }
    if equal(&presented.hash(), &stored.hash) {
        return Renewal::Rotate(presented.successor(signer));
    }
    // Each token leads to the next, so walking on from an old one arrives at today's, however often it was replaced since.
    let mut next = presented.clone();
    for step in 0..stored.rotations.min(MAX_STEPS) {
        next = next.successor(signer);
        if equal(&next.hash(), &stored.hash) {
            let parallel = step == 0 && now - stored.used_at <= GRACE_SECONDS;
            return if parallel { Renewal::Join(next) } else { Renewal::Reused };
        }
    }
    Renewal::Refused
}

/// When a session ends, used last at `used_at`.
#[must_use]
pub const fn expires_at(created_at: i64, used_at: i64) -> i64 {
    let (idle, absolute) = (used_at + IDLE_SECONDS, created_at + ABSOLUTE_SECONDS);
    if idle < absolute { idle } else { absolute }
}

fn equal(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
