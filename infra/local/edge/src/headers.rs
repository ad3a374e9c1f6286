//! The security headers of `infra/edge.yaml` (SiteHeaders and ApiHeaders). The test compares both.

use http::{HeaderMap, HeaderName, HeaderValue};

const HSTS: (&str, &str) = ("strict-transport-security", "max-age=63072000; includeSubDomains");
const NO_SNIFF: (&str, &str) = ("x-content-type-options", "nosniff");
const REFERRER: (&str, &str) = ("referrer-policy", "same-origin");

/// On every file of the dashboard.
pub const SITE: &[(&str, &str)] = &[
    HSTS,
    NO_SNIFF,
    REFERRER,
    ("x-frame-options", "DENY"),
    (
        "content-security-policy",
        // `${MediaOrigin}` is the template's; `Site` puts the real one there.
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: ${MediaOrigin}; font-src 'self'; \
         media-src ${MediaOrigin}; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
         require-trusted-types-for 'script'",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// On every answer of the API.
pub const API: &[(&str, &str)] = &[HSTS, NO_SNIFF, REFERRER, ("content-security-policy", "default-src 'none'; frame-ancestors 'none'")];

/// Headers ready to be set.
pub type Ready = Vec<(HeaderName, HeaderValue)>;

/// Makes headers ready, with the origin of the media bucket in its place. `None` if that is no origin.
pub fn ready(wanted: &[(&'static str, &'static str)], media_origin: &str) -> Option<Ready> {
    let value = |value: &str| HeaderValue::from_str(&value.replace("${MediaOrigin}", media_origin)).ok();
    wanted.iter().map(|(name, text)| Some((HeaderName::from_static(name), value(text)?))).collect()
}

/// Sets them, whatever the origin said.
pub fn add(headers: &mut HeaderMap, wanted: &Ready) {
    for (name, value) in wanted {
        headers.insert(name.clone(), value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The template with every run of white space as one blank, since its long values are folded.
    fn template() -> String {
        include_str!("../../../edge.yaml").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_policies_are_those_of_the_template() {
        let template = template();

        for (name, value) in SITE.iter().chain(API) {
            let expected = match *name {
                "strict-transport-security" => "AccessControlMaxAgeSec: 63072000, IncludeSubdomains: true".to_owned(),
                "x-content-type-options" => "ContentTypeOptions: { Override: true }".to_owned(),
                "referrer-policy" => format!("ReferrerPolicy: {value}"),
                "x-frame-options" => format!("FrameOption: {value}"),
                _ => (*value).to_owned(),
            };
            assert!(template.contains(&expected), "infra/edge.yaml lacks {name}: {expected}");
        }
    }

    #[test]
    fn a_header_of_the_origin_is_overwritten() {
        let mut headers = HeaderMap::new();
        headers.insert("content-security-policy", HeaderValue::from_static("default-src *"));

        add(&mut headers, &ready(API, "http://127.0.0.1:1").expect("headers"));

        assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    }

    #[test]
    fn pages_may_show_media_from_its_origin_alone() {
        let headers = ready(SITE, "http://127.0.0.1:3001").expect("headers");

        let (_, policy) = headers.iter().find(|(name, _)| name == "content-security-policy").expect("a policy");
        let policy = policy.to_str().expect("text");
        assert!(
            policy.contains("img-src 'self' data: http://127.0.0.1:3001;") && policy.contains("media-src http://127.0.0.1:3001;"),
            "{policy}"
        );
        assert!(!policy.contains('$'), "{policy}");
    }
}
