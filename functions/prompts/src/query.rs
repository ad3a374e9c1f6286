//! Parameters of requests.

use agenttrace_domain::Timestamp;
use agenttrace_domain::prompt::reference::Target;
use agenttrace_domain::prompt::{LATEST, names};
use agenttrace_kit::{Error, Request};

/// A query parameter; an empty one counts as absent.
pub fn given<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.query(name).map(str::trim).filter(|v| !v.is_empty())
}

/// `version` or `label`, not both.
pub fn target(request: &Request) -> Result<Option<Target>, Error> {
    match (given(request, "version"), given(request, "label")) {
        (Some(_), Some(_)) => Err(Error::bad_request("Cannot specify both version and label")),
        (Some(version), None) => number(version).map(|v| Some(Target::Version(v))),
        (None, label) => Ok(label.map(|l| Target::Label(l.to_owned()))),
    }
}

/// The number in the path.
pub fn path_version(request: &Request) -> Result<u32, Error> {
    number(request.param("promptVersion"))
}

fn number(text: &str) -> Result<u32, Error> {
    text.parse().ok().filter(|v| *v > 0).ok_or_else(|| Error::bad_request("`version` must be a whole number from 1"))
}

/// `true` or `false`.
pub fn flag(request: &Request, name: &str, default: bool) -> Result<bool, Error> {
    match given(request, name) {
        None => Ok(default),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(Error::bad_request(format!("`{name}` must be true or false"))),
    }
}

pub fn time(request: &Request, name: &str) -> Result<Option<Timestamp>, Error> {
    let parse =
        |text| Timestamp::parse(text).ok_or_else(|| Error::bad_request(format!("`{name}` must be a time such as 2026-01-31T10:00:00Z")));
    given(request, name).map(parse).transpose()
}

/// Labels of a body that may be set.
pub fn labels(texts: &[String]) -> Result<Vec<String>, Error> {
    names::labels(texts).map_err(Error::bad_request)
}

/// The same, where `latest` says what holds anyway.
pub fn labels_of_new(texts: &[String]) -> Result<Vec<String>, Error> {
    let texts: Vec<String> = texts.iter().filter(|l| *l != LATEST).cloned().collect();
    labels(&texts)
}
