//! Users: people who sign in, each known by one e-mail address.

use agenttrace_domain::Timestamp;

use crate::item::{Item, NewItem};
use crate::table::{number, text};
use crate::{Error, Records};

#[derive(Clone, PartialEq, Eq)]
pub struct User {
    pub id: String,
    /// As [`normal_email`] writes it.
    pub email: String,
    pub name: String,
    /// Argon2id in PHC form.
    pub password_hash: String,
    pub created_at: Timestamp,
}

/// Addresses and hashes stay out of logs.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}

pub(crate) fn pk(id: &str) -> String {
    format!("USER#{id}")
}

pub(crate) const SK: &str = "USER";
pub(crate) const PASSWORD: &str = "password_hash";

/// Addresses are compared without case and blanks around. `None` for what can't be one.
#[must_use]
pub fn normal_email(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (local, host) = email.rsplit_once('@')?;
    let plain = !email.chars().any(|c| c.is_control() || c.is_whitespace());
    (plain && !local.is_empty() && !host.is_empty() && email.len() <= 254).then_some(email)
}

impl User {
    pub(crate) fn to_item(&self) -> NewItem {
        NewItem::new(pk(&self.id), SK.to_owned())
            .text("id", &self.id)
            .text("email", &self.email)
            .text("name", &self.name)
            .text(PASSWORD, &self.password_hash)
            .number("created_at", self.created_at.0)
    }

    /// Keeps the address from a second user.
    pub(crate) fn to_email_item(&self) -> NewItem {
        NewItem::new(email_pk(&self.email), "EMAIL".to_owned()).text("user_id", &self.id)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            email: item.text("email")?,
            name: item.text("name")?,
            password_hash: item.text(PASSWORD)?,
            created_at: item.time("created_at")?,
        })
    }
}

fn email_pk(email: &str) -> String {
    format!("EMAIL#{email}")
}

impl Records {
    pub async fn user(&self, id: &str) -> Result<Option<User>, Error> {
        self.read("read a user", &pk(id), SK).await?.as_ref().map(User::from_item).transpose()
    }

    /// Those of the ids that exist, by e-mail address.
    pub async fn users(&self, ids: &[String]) -> Result<Vec<User>, Error> {
        let items = self.read_many("read users", ids.iter().map(|id| (pk(id), SK.to_owned())).collect()).await?;
        let mut users = items.iter().map(User::from_item).collect::<Result<Vec<_>, _>>()?;
        users.sort_by(|a, b| a.email.cmp(&b.email));
        Ok(users)
    }

    /// By the address in the form of [`normal_email`]. An unknown one takes as many reads as a known one.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>, Error> {
        match self.read("look up an e-mail address", &email_pk(email), "EMAIL").await? {
            Some(item) => self.user(&item.text("user_id")?).await,
            None => self.user("nobody").await,
        }
    }

    /// Replaces the password's hash, if it still is `old`. `false` when it is not.
    pub async fn set_password(&self, user_id: &str, old: &str, new: &str, now: Timestamp) -> Result<bool, Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(&pk(user_id)))
            .key("sk", text(SK))
            .update_expression("SET password_hash = :new, password_changed_at = :now")
            .condition_expression("password_hash = :old")
            .expression_attribute_values(":new", text(new))
            .expression_attribute_values(":old", text(old))
            .expression_attribute_values(":now", number(now.0));
        match update.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk("replace a password", e)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::normal_email;

    #[test]
    fn addresses_are_compared_without_case() {
        for (given, expected) in [
            (" Jane.Doe@Example.COM ", Some("jane.doe@example.com")),
            ("a@b", Some("a@b")),
            ("\"odd@local\"@b", Some("\"odd@local\"@b")),
            ("", None),
            ("@b", None),
            ("a@", None),
            ("a b@c", None),
            ("a\0@b", None),
        ] {
            assert_eq!(normal_email(given).as_deref(), expected, "{given:?}");
        }
        assert_eq!(normal_email(&format!("{}@b", "x".repeat(300))), None);
    }
}
