//! Sessions of the dashboard: a short-lived signed token, and a long-lived opaque one that renews it.
//!
//! The access token is a JWT: HS256 and nothing else, our issuer, our audience, 15 minutes. It says who and which session; whether the
//! session still lives is asked of the table. The refresh token is 256 bits, stored as a hash, and replaced at each use. The replacement is
//! computed from the one it replaces (with the server's secret), so two tabs that renew at once get the same one, and so does a
//! client whose answer was lost. A replaced token that comes back after that grace was copied: the session ends ([`refresh`]).

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::keys::hmac_sha256;

pub mod cookies;
pub mod refresh;

pub use refresh::{RefreshToken, Renewal, StoredRefresh, renew};

const ISSUER: &str = "agenttrace";
const AUDIENCE: &str = "agenttrace-dashboard";

pub const ACCESS_SECONDS: i64 = 15 * 60;
/// A session that is not used for so long ends.
pub const IDLE_SECONDS: i64 = 30 * 86_400;
/// However it is used, a session ends after this: then the password is asked for again.
pub const ABSOLUTE_SECONDS: i64 = 90 * 86_400;
/// Clocks of two functions differ by less.
const SKEW_SECONDS: i64 = 30;
/// Our tokens have about 330 bytes.
const TOKEN_MAX_BYTES: usize = 2_048;

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The user.
    pub uid: String,
    /// The session.
    pub sid: String,
    pub iat: i64,
    pub exp: i64,
}

impl Claims {
    /// For a session of a user, from `now` (Unix seconds).
    #[must_use]
    pub fn new(user_id: &str, session_id: &str, now: i64) -> Self {
        Self {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            uid: user_id.to_owned(),
            sid: session_id.to_owned(),
            iat: now,
            exp: now + ACCESS_SECONDS,
        }
    }
}

/// The token is not one of ours, or no longer valid. Which of the two is nobody's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the session token is not valid")]
pub struct InvalidToken;

/// Signs and checks tokens with the server's secret.
#[derive(Clone)]
pub struct Signer {
    secret: Vec<u8>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(…)")
    }
}

impl Signer {
    /// `None` below 32 bytes: HS256 needs a key as long as its hash.
    #[must_use]
    pub fn new(secret: &str) -> Option<Self> {
        let secret = secret.trim();
        (secret.len() >= 32).then(|| Self { secret: secret.as_bytes().to_vec() })
    }

    /// The signed token.
    pub fn sign(&self, claims: &Claims) -> Result<String, InvalidToken> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(&self.secret)).map_err(|_| InvalidToken)
    }

    /// The claims of a token of ours that is valid at `now` (Unix seconds).
    ///
    /// A header with a key reference (`kid`, `jku`, `x5u`, `jwk` …) is refused unread: we never write one.
    pub fn verify(&self, token: &str, now: i64) -> Result<Claims, InvalidToken> {
        if token.len() > TOKEN_MAX_BYTES {
            return Err(InvalidToken);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| InvalidToken)?;
        if header != Header::new(Algorithm::HS256) {
            return Err(InvalidToken);
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // The clock is the caller's, so the times are compared below.
        validation.validate_exp = false;
        let claims =
            jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&self.secret), &validation).map_err(|_| InvalidToken)?.claims;
        let lives = now < claims.exp && claims.iat <= now + SKEW_SECONDS && claims.exp - claims.iat == ACCESS_SECONDS;
        lives.then_some(claims).ok_or(InvalidToken)
    }

    /// The secret half of the refresh token that replaces `secret`.
    fn successor(&self, session_id: &str, secret: &str) -> [u8; 32] {
        hmac_sha256(&self.secret, &[b"refresh\0", session_id.as_bytes(), b"\0", secret.as_bytes()])
    }
}

#[cfg(test)]
mod tests;
