//! The secret of an invitation's link: `<organization>.<invitation>.<secret>`. The first two say where the invitation lies, the last is what counts.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How long an invitation stands.
pub const VALID_SECONDS: i64 = 7 * 86_400;

#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken {
    pub organization_id: String,
    pub invitation_id: String,
    secret: String,
}

/// The secret stays out of logs.
impl std::fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InvitationToken").field("invitation_id", &self.invitation_id).finish_non_exhaustive()
    }
}

impl InvitationToken {
    #[must_use]
    pub fn generate(organization_id: &str, invitation_id: &str) -> Self {
        let secret: [u8; 32] = rand::random();
        Self {
            organization_id: organization_id.to_owned(),
            invitation_id: invitation_id.to_owned(),
            secret: URL_SAFE_NO_PAD.encode(secret),
        }
    }

    /// `None` for anything that [`Self::to_text`] did not write.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let part = |p: &str| (1..=64).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let mut parts = text.trim().split('.');
        let (organization_id, invitation_id, secret) = (parts.next()?, parts.next()?, parts.next()?);
        (parts.next().is_none() && [organization_id, invitation_id, secret].into_iter().all(part) && secret.len() == 43).then(|| Self {
            organization_id: organization_id.to_owned(),
            invitation_id: invitation_id.to_owned(),
            secret: secret.to_owned(),
        })
    }

    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}.{}.{}", self.organization_id, self.invitation_id, self.secret)
    }

    /// As stored. 256 random bits need neither salt nor pepper.
    #[must_use]
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.secret.as_bytes()))
    }

    /// In constant time.
    #[must_use]
    pub fn fits(&self, stored_hash: &str) -> bool {
        self.hash().as_bytes().ct_eq(stored_hash.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_fits_its_own_hash_alone() {
        let token = InvitationToken::generate("org-1", "inv-1");
        let other = InvitationToken::generate("org-1", "inv-1");

        assert_eq!(InvitationToken::parse(&token.to_text()), Some(token.clone()));
        assert!(token.fits(&token.hash()) && !token.fits(&other.hash()) && !token.fits(""));
        assert!(!format!("{token:?}").contains(&token.secret));
    }

    #[test]
    fn what_is_no_token_is_none() {
        let secret = "A".repeat(43);
        for text in [
            "",
            "a",
            "a.b",
            "..",
            &format!("a.b.{secret}.c"),
            &format!("a..{secret}"),
            &format!("a#.b.{secret}"),
            "a.b.short",
            &"x".repeat(9_000),
        ] {
            assert_eq!(InvitationToken::parse(text), None, "{text}");
        }
    }
}
