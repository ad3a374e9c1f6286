//! What the headers of a request say about its body.

use agenttrace_domain::Sdk;

use crate::limits::Refusal;

/// The two encodings of OTLP over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtlpFormat {
    Protobuf,
    Json,
}

impl OtlpFormat {
    /// The content type of an answer in this format.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }
}

/// The OTLP encoding that a content type names; parameters after `;` are ignored.
///
/// # Errors
/// 400 without a content type, 415 with another one.
pub fn otlp_content_type(header: Option<&str>) -> Result<OtlpFormat, Refusal> {
    let name = header.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    match name {
        "" => Err(Refusal::bad("content-type is missing: send application/x-protobuf or application/json")),
        name if name.eq_ignore_ascii_case("application/x-protobuf") || name.eq_ignore_ascii_case("application/protobuf") => {
            Ok(OtlpFormat::Protobuf)
        }
        name if name.eq_ignore_ascii_case("application/json") => Ok(OtlpFormat::Json),
        name => Err(Refusal::UnsupportedMedia(format!(
            "content-type {:?} is not supported: send application/x-protobuf or application/json",
            name.chars().take(80).collect::<String>()
        ))),
    }
}

/// Which client sends, by its own headers. Old Python clients write underscores instead of dashes. Absent is empty text.
///
/// `get` finds a header by its lower-case name.
pub fn sdk_from_headers<'h>(get: impl Fn(&str) -> Option<&'h str>) -> Sdk {
    let read = |dashes: &str, underscores: &str| {
        let text = get(dashes).or_else(|| get(underscores)).unwrap_or_default();
        text.chars().filter(|c| !c.is_control()).take(100).collect::<String>().trim().to_owned()
    };
    Sdk { name: read("x-langfuse-sdk-name", "x_langfuse_sdk_name"), version: read("x-langfuse-sdk-version", "x_langfuse_sdk_version") }
}

/// Major and minor version; suffixes such as `5.0.0rc1` or `5.0.0-beta.1` are read as their release.
pub(crate) fn version_of(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().trim_start_matches('v').split('.');
    let number = |part: &str| part[..part.bytes().take_while(u8::is_ascii_digit).count()].parse::<u32>().ok();
    Some((number(parts.next()?)?, parts.next().and_then(number).unwrap_or(0)))
}

/// Python's SDK encodes every metadata value as JSON from version 5 on, plain strings included (quotes and all).
pub(crate) fn encodes_metadata(sdk: &Sdk) -> bool {
    sdk.name.eq_ignore_ascii_case("python") && version_of(&sdk.version).is_some_and(|(major, _)| major >= 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_of_otlp() {
        for (header, expected) in [
            (Some("application/x-protobuf"), Ok(OtlpFormat::Protobuf)),
            (Some("Application/JSON; charset=utf-8"), Ok(OtlpFormat::Json)),
            (None, Err(400)),
            (Some(""), Err(400)),
            (Some("text/plain"), Err(415)),
            (Some("application/grpc"), Err(415)),
        ] {
            assert_eq!(otlp_content_type(header).map_err(|r| r.status()), expected, "{header:?}");
        }
    }

    #[test]
    fn sdk_headers_in_both_spellings() {
        let dashes = sdk_from_headers(|n| {
            [("x-langfuse-sdk-name", "python"), ("x-langfuse-sdk-version", "5.0.4")].into_iter().find(|(k, _)| *k == n).map(|(_, v)| v)
        });
        let underscores = sdk_from_headers(|n| (n == "x_langfuse_sdk_name").then_some("python"));

        assert_eq!((dashes.name.as_str(), dashes.version.as_str()), ("python", "5.0.4"));
        assert_eq!((underscores.name.as_str(), underscores.version.as_str()), ("python", ""));
        assert_eq!(sdk_from_headers(|_| None), Sdk::default());
    }

    #[test]
    fn only_python_5_encodes_every_metadata_value() {
        for (name, version, expected) in [
            ("python", "5.0.4", true),
            ("python", "5.0.0rc1", true),
            ("Python", "6.1.0", true),
            ("python", "4.14.3", false),
            ("javascript", "5.11.1", false),
            ("python", "", false),
            ("python", "99999999999", false),
        ] {
            assert_eq!(encodes_metadata(&Sdk { name: name.into(), version: version.into() }), expected, "{name} {version}");
        }
    }
}
