//! How often passwords may be tried: per account, per caller's address, and per address that connected to us.
//!
//! The caller's address comes from `X-Forwarded-For`, as the network in front of us reports it. Someone who goes round that network can write
//! anything there; the third count catches them.

use agenttrace_auth::keys::Pepper;
use agenttrace_kit::{Error, Request};
use agenttrace_records::Records;
use agenttrace_records::throttle::{Limit, Permit};

const WINDOW_SECONDS: i64 = 900;
const PER_ACCOUNT: Limit = Limit { attempts: 10, window_seconds: WINDOW_SECONDS };
const PER_ADDRESS: Limit = Limit { attempts: 100, window_seconds: WINDOW_SECONDS };
const PER_PEER: Limit = Limit { attempts: 1_000, window_seconds: WINDOW_SECONDS };

/// One try of a password.
pub struct Attempt<'a> {
    records: &'a Records,
    counts: [(String, Limit); 3],
    now: i64,
}

impl<'a> Attempt<'a> {
    /// Counts the try before it is made, so that many at once count as many. 429 when there were too many.
    pub async fn begin(records: &'a Records, pepper: &Pepper, account: &str, request: &Request, now: i64) -> Result<Self, Error> {
        let counts = [
            (pepper.pseudonym("password-account", account), PER_ACCOUNT),
            (pepper.pseudonym("password-address", address(request)), PER_ADDRESS),
            (pepper.pseudonym("password-peer", &request.source_ip), PER_PEER),
        ];
        let attempt = Self { records, counts, now };
        let [a, b, c] = &attempt.counts;
        let (a, b, c) =
            tokio::try_join!(records.attempt(&a.0, a.1, now), records.attempt(&b.0, b.1, now), records.attempt(&c.0, c.1, now))?;
        let wait = [a, b, c].into_iter().filter_map(|permit| match permit {
            Permit::Granted => None,
            Permit::Denied { retry_after } => Some(retry_after),
        });
        match wait.max() {
            Some(seconds) => Err(Error::too_many("Too many attempts to sign in. Wait a few minutes and try again.", seconds)),
            None => Ok(attempt),
        }
    }

    /// The password was right: the try does not count.
    pub async fn forgive(&self) {
        let [a, b, c] = &self.counts;
        let outcome = tokio::try_join!(
            self.records.forgive(&a.0, a.1, self.now),
            self.records.forgive(&b.0, b.1, self.now),
            self.records.forgive(&c.0, c.1, self.now)
        );
        if let Err(error) = outcome {
            tracing::warn!(error = agenttrace_kit::telemetry::chain(&error), "a good sign-in still counts as an attempt");
        }
    }
}

/// Behind CloudFront the header ends with `<caller>, <CloudFront>`.
fn address(request: &Request) -> &str {
    let forwarded = request.header("x-forwarded-for").unwrap_or_default();
    let mut hops = forwarded.rsplit(',').map(str::trim);
    hops.nth(1).filter(|hop| !hop.is_empty() && hop.len() <= 64).unwrap_or(&request.source_ip)
}
