//! What a caller presents in `Authorization`. Parsing never fails loudly: whatever can't be read is [`Presented::Unreadable`], and that is a 401.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::keys::KEY_MAX_BYTES;

/// A longer header is not read: two of the longest keys in base64 fit four times.
const HEADER_MAX_BYTES: usize = 4_096;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The credential in a request.
#[derive(Clone, PartialEq, Eq)]
pub enum Presented {
    /// No `Authorization` header, or an empty one.
    Nothing,
    /// `Basic`: both halves, neither empty.
    Pair { public_key: String, secret_key: String },
    /// `Bearer`: a secret key, or a public key alone.
    Bearer(String),
    /// Another scheme, no base64, no colon, an empty half, too long.
    Unreadable,
}

/// Reads an `Authorization` header. The scheme's case does not matter, nor do base64's alphabet and padding: exporters differ. `Basic%20…` is what becomes
/// of `OTEL_EXPORTER_OTLP_HEADERS`, whose values are percent-encoded by its specification, in exporters that do not decode them.
#[must_use]
pub fn parse(header: Option<&str>) -> Presented {
    let Some(header) = header.map(str::trim).filter(|h| !h.is_empty()) else { return Presented::Nothing };
    if header.len() > HEADER_MAX_BYTES {
        return Presented::Unreadable;
    }
    let halves = header.split_once(|c: char| c.is_ascii_whitespace()).or_else(|| header.split_once("%20"));
    let Some((scheme, value)) = halves else { return Presented::Unreadable };
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("basic") {
        parse_pair(value).unwrap_or(Presented::Unreadable)
    } else if scheme.eq_ignore_ascii_case("bearer") && usable(value) {
        Presented::Bearer(value.to_owned())
    } else {
        Presented::Unreadable
    }
}

fn parse_pair(value: &str) -> Option<Presented> {
    let bytes = STANDARD.decode(value).or_else(|_| URL_SAFE.decode(value)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (public_key, secret_key) = text.split_once(':')?;
    // A line break at the end comes from `echo` in place of `echo -n`.
    let secret_key = secret_key.trim_end_matches(['\r', '\n']);
    (usable(public_key) && usable(secret_key))
        .then(|| Presented::Pair { public_key: public_key.to_owned(), secret_key: secret_key.to_owned() })
}

fn usable(key: &str) -> bool {
    !key.is_empty() && key.len() <= KEY_MAX_BYTES && !key.chars().any(char::is_control)
}

/// Keys stay out of logs.
impl std::fmt::Debug for Presented {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Pair { .. } => "Pair(…)",
            Self::Bearer(_) => "Bearer(…)",
            Self::Unreadable => "Unreadable",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose;

    fn basic(text: impl AsRef<[u8]>) -> String {
        format!("Basic {}", general_purpose::STANDARD.encode(text))
    }

    fn pair(public_key: &str, secret_key: &str) -> Presented {
        Presented::Pair { public_key: public_key.to_owned(), secret_key: secret_key.to_owned() }
    }

    #[test]
    fn authorization_headers_parse_or_are_unreadable() {
        let huge = basic(format!("pk:{}", "x".repeat(75_000)));
        for (name, header, expected) in [
            ("a pair", basic("pk:sk"), pair("pk", "sk")),
            ("colons belong to the secret", basic("pk:s:k:"), pair("pk", "s:k:")),
            ("the scheme's case", basic("pk:sk").replace("Basic", "bAsIc"), pair("pk", "sk")),
            ("no padding", basic("pk:sk").replace('=', ""), pair("pk", "sk")),
            ("url-safe alphabet", "Basic cGs6c2s_Pz8_".to_owned(), pair("pk", "sk????")),
            ("a line break of echo", basic("pk:sk\n"), pair("pk", "sk")),
            ("blanks around", format!("  {}  ", basic("pk:sk").replace(' ', "   ")), pair("pk", "sk")),
            ("a blank of an environment variable", basic("pk:sk").replace(' ', "%20"), pair("pk", "sk")),
            ("the same of a bearer", "Bearer%20sk".to_owned(), Presented::Bearer("sk".to_owned())),
            ("no colon", basic("pk"), Presented::Unreadable),
            ("empty public key", basic(":sk"), Presented::Unreadable),
            ("empty secret", basic("pk:"), Presented::Unreadable),
            ("both empty", basic(":"), Presented::Unreadable),
            ("nothing encoded", "Basic ".to_owned(), Presented::Unreadable),
            ("scheme alone", "Basic".to_owned(), Presented::Unreadable),
            ("not base64", "Basic %%%".to_owned(), Presented::Unreadable),
            ("plain text", "Basic pk:sk".to_owned(), Presented::Unreadable),
            ("not UTF-8", basic([0xff, b':', 0xfe]), Presented::Unreadable),
            ("NUL inside", basic("p\0k:sk"), Presented::Unreadable),
            ("100 KB", huge, Presented::Unreadable),
            ("long key", basic(format!("{}:sk", "x".repeat(257))), Presented::Unreadable),
            ("bearer", "Bearer sk".to_owned(), Presented::Bearer("sk".to_owned())),
            ("bearer's case", "bearer pk".to_owned(), Presented::Bearer("pk".to_owned())),
            ("empty bearer", "Bearer ".to_owned(), Presented::Unreadable),
            ("another scheme", "Digest sk".to_owned(), Presented::Unreadable),
            ("a bare key", "sk-at-abc".to_owned(), Presented::Unreadable),
            ("blank", "  ".to_owned(), Presented::Nothing),
        ] {
            assert!(parse(Some(&header)) == expected, "{name}: {:?}", parse(Some(&header)));
        }
        assert!(parse(None) == Presented::Nothing);
    }

    #[test]
    fn debug_output_holds_no_key() {
        assert_eq!(format!("{:?}", parse(Some("Bearer sk-hidden"))), "Bearer(…)");
    }
}
