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
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
         require-trusted-types-for 'script'",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// On every answer of the API.
pub const API: &[(&str, &str)] = &[HSTS, NO_SNIFF, REFERRER, ("content-security-policy", "default-src 'none'; frame-ancestors 'none'")];

/// Sets them, whatever the origin said.
pub fn add(headers: &mut HeaderMap, wanted: &[(&'static str, &'static str)]) {
    for (name, value) in wanted {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
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

        add(&mut headers, API);

        assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    }
}
