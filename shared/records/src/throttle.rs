//! Counted attempts: so many per subject in a window of time. Attempts are counted before they are made, so a hundred at once count as a hundred.

use aws_sdk_dynamodb::types::ReturnValue;

use crate::table::{number, text};
use crate::{Error, Records};

/// A limit: at most `attempts` in each window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub attempts: u32,
    pub window_seconds: i64,
}

/// Whether an attempt may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    Granted,
    /// Try again after so many seconds.
    Denied {
        retry_after: u32,
    },
}

impl Limit {
    fn pk(self, subject: &str, now: i64) -> String {
        format!("THROTTLE#{subject}#{}", now.div_euclid(self.window_seconds))
    }

    fn permit(self, attempts: i64, now: i64) -> Permit {
        if attempts <= i64::from(self.attempts) {
            return Permit::Granted;
        }
        let left = self.window_seconds - now.rem_euclid(self.window_seconds);
        Permit::Denied { retry_after: u32::try_from(left.max(1)).unwrap_or(u32::MAX) }
    }
}

/// One minute (or another stretch of time) of a rate limit.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    /// The kind of request.
    pub class: &'a str,
    /// Whose: a public key.
    pub subject: &'a str,
    /// Which stretch, counted from 1970.
    pub number: i64,
    /// Its length.
    pub seconds: i64,
}

impl Records {
    /// Takes `lot` requests of a window at once; gives how many have been taken in it by then, these included.
    pub async fn take(&self, window: Window<'_>, lot: i64) -> Result<i64, Error> {
        let Window { class, subject, number: window, seconds } = window;
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(&format!("RATE#{class}#{window}#{subject}")))
            .key("sk", text("RATE"))
            .update_expression("ADD taken :lot SET #ttl = :ttl, v = :v")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":lot", number(lot))
            .expression_attribute_values(":ttl", number((window + 2) * seconds))
            .expression_attribute_values(":v", number(1))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(|e| Error::from_sdk("count requests", e))?;
        let taken = answer.attributes.as_ref().and_then(|a| a.get("taken")?.as_n().ok()?.parse().ok());
        taken.ok_or_else(|| Error::permanent("count requests", "DynamoDB gave back no count"))
    }

    /// Counts one attempt of a subject at `now` (Unix seconds). Subjects are pseudonyms: no addresses of people in keys.
    pub async fn attempt(&self, subject: &str, limit: Limit, now: i64) -> Result<Permit, Error> {
        let attempts = self.count(subject, limit, now, 1).await?;
        Ok(limit.permit(attempts, now))
    }

    /// Takes back an attempt that turned out well.
    pub async fn forgive(&self, subject: &str, limit: Limit, now: i64) -> Result<(), Error> {
        self.count(subject, limit, now, -1).await.map(drop)
    }

    async fn count(&self, subject: &str, limit: Limit, now: i64, change: i64) -> Result<i64, Error> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(&limit.pk(subject, now)))
            .key("sk", text("THROTTLE"))
            .update_expression("ADD attempts :change SET #ttl = :ttl, v = :v")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":change", number(change))
            .expression_attribute_values(":ttl", number(now + 2 * limit.window_seconds))
            .expression_attribute_values(":v", number(1))
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .map_err(|e| Error::from_sdk("count an attempt", e))?;
        let attempts = answer.attributes.as_ref().and_then(|a| a.get("attempts")?.as_n().ok()?.parse().ok());
        attempts.ok_or_else(|| Error::permanent("count an attempt", "DynamoDB gave back no count"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_beyond_the_limit_wait_for_the_next_window() {
        let limit = Limit { attempts: 3, window_seconds: 900 };

        assert_eq!(limit.permit(3, 900), Permit::Granted);
        assert_eq!(limit.permit(4, 900), Permit::Denied { retry_after: 900 });
        assert_eq!(limit.permit(4, 1_799), Permit::Denied { retry_after: 1 });
        assert_ne!(limit.pk("a", 899), limit.pk("a", 900));
        assert_eq!(limit.pk("a", 900), limit.pk("a", 1_799));
    }
}
