//! Secrets that we keep for users, sealed: AES-256-GCM under a data key of its own, which KMS made and which lies beside it wrapped by a KMS key.
//!
//! What a secret belongs to ([`Belongs`]) is KMS's encryption context and the cipher's associated data: a sealed text that is put under another
//! record or another project does not open. Data keys live as long as a call.

use std::collections::HashMap;

use aws_config::SdkConfig;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::Error;

/// Stands before a sealed text: the first form.
const FORM: &str = "s1";

/// What a secret belongs to. Not secret itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Belongs<'a> {
    /// The kind of record, such as `llm-connection`: a function's role may open one kind only.
    pub purpose: &'a str,
    pub project_id: &'a str,
    pub record_id: &'a str,
}

impl Belongs<'_> {
    fn context(self) -> HashMap<String, String> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        HashMap::from([pair("purpose", self.purpose), pair("project", self.project_id), pair("record", self.record_id)])
    }

    fn associated_data(self) -> Aad<Vec<u8>> {
        Aad::from([FORM, self.purpose, self.project_id, self.record_id].join("\0").into_bytes())
    }
}

/// Seals and opens secrets with one KMS key.
#[derive(Debug, Clone)]
pub struct Sealer {
    client: Client,
    key_arn: String,
}

impl Sealer {
    #[must_use]
    pub fn new(config: &SdkConfig, key_arn: String) -> Self {
        Self { client: Client::new(config), key_arn }
    }

    /// A text that only [`Self::open`] with the same owner reads.
    pub async fn seal(&self, secret: &str, belongs: Belongs<'_>) -> Result<String, Error> {
        let attempt = "make a data key";
        let made = self
            .client
            .generate_data_key()
            .key_id(&self.key_arn)
            .key_spec(DataKeySpec::Aes256)
            .set_encryption_context(Some(belongs.context()))
            .send()
            .await
            .map_err(|e| Error::from_sdk(attempt, e))?;
        let (Some(key), Some(wrapped)) = (made.plaintext, made.ciphertext_blob) else {
            return Err(broken(attempt, "KMS gave no key"));
        };
        let sealed = encrypt(key.as_ref(), secret.as_bytes(), belongs).ok_or_else(|| broken(attempt, "the key is not one of AES-256"))?;
        let text = |bytes: &[u8]| base64_simd::STANDARD.encode_to_string(bytes);
        Ok(format!("{FORM}.{}.{}", text(wrapped.as_ref()), text(&sealed)))
    }

    /// The secret of a sealed text, for its owner.
    pub async fn open(&self, sealed: &str, belongs: Belongs<'_>) -> Result<String, Error> {
        let attempt = "open a sealed secret";
        let (wrapped, sealed) = parts(sealed).ok_or_else(|| broken(attempt, "it is not of a known form"))?;
        let key = self
            .client
            .decrypt()
            .key_id(&self.key_arn)
            .ciphertext_blob(Blob::new(wrapped))
            .set_encryption_context(Some(belongs.context()))
            .send()
            .await
            .map_err(|e| Error::from_sdk(attempt, e))?
            .plaintext
            .ok_or_else(|| broken(attempt, "KMS gave no key"))?;
        let secret =
            decrypt(key.as_ref(), sealed, belongs).ok_or_else(|| broken(attempt, "it was changed, or belongs to another record"))?;
        String::from_utf8(secret).map_err(|_| broken(attempt, "it holds no text"))
    }
}

/// The wrapped key and the encrypted bytes.
fn parts(sealed: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut parts = sealed.split('.');
    let (FORM, wrapped, sealed, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
    let bytes = |text: &str| base64_simd::STANDARD.decode_to_vec(text.as_bytes()).ok();
    Some((bytes(wrapped)?, bytes(sealed)?))
}

/// The nonce, and behind it the encrypted bytes with their tag. `None` when the key has not 32 bytes or there is no randomness.
fn encrypt(key: &[u8], secret: &[u8], belongs: Belongs<'_>) -> Option<Vec<u8>> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
    let mut nonce = [0; NONCE_LEN];
    SystemRandom::new().fill(&mut nonce).ok()?;
    let mut bytes = secret.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), belongs.associated_data(), &mut bytes).ok()?;
    Some([&nonce[..], &bytes].concat())
}

fn decrypt(key: &[u8], mut sealed: Vec<u8>, belongs: Belongs<'_>) -> Option<Vec<u8>> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(sealed.get(..NONCE_LEN)?).ok()?;
    let bytes = sealed.get_mut(NONCE_LEN..)?;
    key.open_in_place(nonce, belongs.associated_data(), bytes).ok().map(|secret| secret.to_vec())
}

fn broken(attempt: &'static str, why: &'static str) -> Error {
    Error::Permanent { attempt, source: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Belongs<'_> = Belongs { purpose: "llm-connection", project_id: "p", record_id: "r" };
    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_secret_opens_for_its_record_only() {
        let sealed = encrypt(&KEY, b"sk-secret", OWNER).expect("sealed");

        assert_eq!(decrypt(&KEY, sealed.clone(), OWNER).as_deref(), Some(&b"sk-secret"[..]));
        for other in [
            Belongs { purpose: "webhook", ..OWNER },
            Belongs { project_id: "q", ..OWNER },
            Belongs { record_id: "s", ..OWNER },
            Belongs { project_id: "p\0r", record_id: "", ..OWNER },
        ] {
            assert_eq!(decrypt(&KEY, sealed.clone(), other), None, "{other:?}");
        }
        assert_eq!(decrypt(&[8; 32], sealed.clone(), OWNER), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(decrypt(&KEY, changed, OWNER), None, "byte {at}");
        }
    }

    #[test]
    fn the_same_secret_is_never_sealed_alike() {
        assert_ne!(encrypt(&KEY, b"x", OWNER), encrypt(&KEY, b"x", OWNER));
    }

    #[test]
    fn texts_of_other_forms_do_not_open() {
        for text in ["", "s1", "s1.a", "s2.YQ==.YQ==", "s1.YQ==.YQ==.YQ==", "s1.%.YQ=="] {
            assert_eq!(parts(text), None, "{text:?}");
        }
        assert_eq!(parts("s1.YQ==.Yg=="), Some((b"a".to_vec(), b"b".to_vec())));
        assert_eq!(decrypt(&KEY, b"short".to_vec(), OWNER), None);
        assert_eq!(encrypt(b"short", b"x", OWNER), None);
    }
}
