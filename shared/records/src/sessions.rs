//! Sessions of signed-in users. They lie in the user's partition, so that all of a user's can be listed consistently and ended at once.

use agenttrace_auth::session::refresh::expires_at;
use agenttrace_auth::session::{RefreshToken, StoredRefresh};

use crate::item::{Item, NewItem};
use crate::table::{Action, MAX_ACTIONS, Written, number, text};
use crate::{Error, Records, User, users};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: String,
    pub user_id: String,
    pub refresh: StoredRefresh,
}

fn sk(id: &str) -> String {
    format!("SESSION#{id}")
}

impl Session {
    /// Times in Unix seconds.
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        now >= expires_at(self.refresh.created_at, self.refresh.used_at)
    }

    fn to_item(&self) -> NewItem {
        NewItem::new(users::pk(&self.user_id), sk(&self.id))
            .text("id", &self.id)
            .text("user_id", &self.user_id)
            .text("refresh_hash", &self.refresh.hash)
            .number("rotations", i64::from(self.refresh.rotations))
            .number("created_at", self.refresh.created_at)
            .number("used_at", self.refresh.used_at)
            .number("ttl", expires_at(self.refresh.created_at, self.refresh.used_at))
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            user_id: item.text("user_id")?,
            refresh: StoredRefresh {
                hash: item.text("refresh_hash")?,
                rotations: u32::try_from(item.number("rotations")?).map_err(|_| item.broken("rotations"))?,
                created_at: item.number("created_at")?,
                used_at: item.number("used_at")?,
            },
        })
    }
}

impl Records {
    pub async fn session(&self, user_id: &str, id: &str) -> Result<Option<Session>, Error> {
        self.read("read a session", &users::pk(user_id), &sk(id)).await?.as_ref().map(Session::from_item).transpose()
    }

    /// A user's sessions that live at `now` (Unix seconds), the one used last first.
    pub async fn sessions_of(&self, user_id: &str, now: i64) -> Result<Vec<Session>, Error> {
        let items = self.list("list sessions", &users::pk(user_id), "SESSION#").await?;
        let mut sessions = items.iter().map(Session::from_item).collect::<Result<Vec<_>, _>>()?;
        sessions.retain(|s| !s.is_over(now));
        sessions.sort_by(|a, b| b.refresh.used_at.cmp(&a.refresh.used_at).then_with(|| b.id.cmp(&a.id)));
        Ok(sessions)
    }

    /// Starts a session, if the user's password still is the one that was checked. `false` when it is not.
    pub async fn start_session(&self, user: &User, session: &Session) -> Result<bool, Error> {
        let same =
            Action::Holds { pk: users::pk(&user.id), sk: users::SK.to_owned(), name: users::PASSWORD, text: user.password_hash.clone() };
        Ok(self.write("start a session", &[same, Action::Create(session.to_item())]).await? == Written::Done)
    }

    /// Replaces the refresh token, if it still is the one of `session`. `false` when another renewal was faster, or the session has ended.
    pub async fn rotate_session(&self, session: &Session, next: &RefreshToken, now: i64) -> Result<bool, Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(&users::pk(&session.user_id)))
            .key("sk", text(&sk(&session.id)))
            .update_expression("SET refresh_hash = :next, rotations = :rotations, used_at = :now, #ttl = :ttl")
            .condition_expression("refresh_hash = :old")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":next", text(&next.hash()))
            .expression_attribute_values(":old", text(&session.refresh.hash))
            .expression_attribute_values(":rotations", number(i64::from(session.refresh.rotations) + 1))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":ttl", number(expires_at(session.refresh.created_at, now)));
        match update.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk("renew a session", e)),
        }
    }

    pub async fn end_session(&self, user_id: &str, id: &str) -> Result<(), Error> {
        self.write("end a session", &[Action::Remove { pk: users::pk(user_id), sk: sk(id) }]).await.map(drop)
    }

    /// Ends all sessions of a user, or all but one.
    pub async fn end_sessions(&self, user_id: &str, except: Option<&str>) -> Result<(), Error> {
        let items = self.list("list sessions", &users::pk(user_id), "SESSION#").await?;
        let ids = items.iter().map(|i| i.text("id")).collect::<Result<Vec<_>, _>>()?;
        let ended: Vec<Action> =
            ids.iter().filter(|id| Some(id.as_str()) != except).map(|id| Action::Remove { pk: users::pk(user_id), sk: sk(id) }).collect();
        for batch in ended.chunks(MAX_ACTIONS) {
            self.write("end sessions", batch).await?;
        }
        Ok(())
    }
}
