//! Who is who on both servers. A project's key tells nobody's address; with keys of both organizations people are found again by their e-mail.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{Arguments, is_missing, text};
use crate::api::Api;

const MEMBERS: &str = "/api/public/organizations/memberships";

/// Empty where an organization's keys were not given.
#[derive(Default)]
pub struct People {
    /// E-mails by the source's ids.
    source: BTreeMap<String, String>,
    /// The target's ids by e-mail.
    target: BTreeMap<String, String>,
}

impl People {
    pub fn of(arguments: &Arguments) -> Result<Self> {
        let read = |server: &str, public: &Option<String>, secret: &Option<String>| -> Result<Vec<(String, String)>> {
            let (Some(public), Some(secret)) = (public, secret) else { return Ok(Vec::new()) };
            let answer = Api::new(server, public, secret).get(MEMBERS, &[]);
            // Without such an operation nobody can be told from another.
            if is_missing(&answer) {
                return Ok(Vec::new());
            }
            let answer = answer.with_context(|| format!("ask {server} for the members of the organization"))?;
            let members = answer["memberships"].as_array().into_iter().flatten();
            Ok(members
                .map(|m| (text(m, "userId").to_owned(), plain(text(m, "email"))))
                .filter(|(id, mail)| !id.is_empty() && !mail.is_empty())
                .collect())
        };
        let source = read(&arguments.from, &arguments.from_organization_public_key, &arguments.from_organization_secret_key)?;
        let target = read(&arguments.to, &arguments.to_organization_public_key, &arguments.to_organization_secret_key)?;
        Ok(Self { source: source.into_iter().collect(), target: target.into_iter().map(|(id, mail)| (mail, id)).collect() })
    }

    /// The target's id of a person whom the source names by its own.
    pub fn of_source(&self, id: &str) -> Option<&str> {
        self.with_email(self.source.get(id)?)
    }

    /// The target's id of a person whom the source tells with id or e-mail.
    pub fn of_row(&self, row: &Value) -> Option<&str> {
        self.with_email(text(row, "email")).or_else(|| self.of_source(text(row, "userId")))
    }

    fn with_email(&self, email: &str) -> Option<&str> {
        self.target.get(&plain(email)).map(String::as_str)
    }
}

fn plain(email: &str) -> String {
    email.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn people_are_found_by_their_email_in_any_case() {
        let people = People {
            source: BTreeMap::from([("a".to_owned(), plain("Ada@Example.com")), ("b".to_owned(), plain("b@example.com"))]),
            target: BTreeMap::from([(plain("ada@example.COM "), "A".to_owned())]),
        };

        assert_eq!((people.of_source("a"), people.of_source("b"), people.of_source("c")), (Some("A"), None, None));
        assert_eq!(people.of_row(&json!({"userId": "x", "email": "ADA@example.com"})), Some("A"));
        assert_eq!(people.of_row(&json!({"userId": "a"})), Some("A"));
        assert_eq!(people.of_row(&json!({"userId": "x"})), None);
    }
}
