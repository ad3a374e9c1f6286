//! Who calls, and may they: project keys from `Authorization`, signed-in users from their cookie.
//!
//! - A key that was found counts for less than 60 s, then it is looked up again: so a revoked one is refused everywhere within a minute. While the
//!   table is away, keys that were found in the last ten minutes go on; unknown ones get 503, never 401.
//! - `Authorization`, when it is there, decides alone: a wrong key is 401 whatever cookies say.
//! - A project is never taken from what a caller sends beside a key. A user names theirs in `X-AgentTrace-Project-Id`.
//! - A cookie counts only for requests that our own pages made ([`refuse_cross_site`]).

use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use agenttrace_api::{Access, Method, Operation};
use agenttrace_auth::credentials::{self, Presented};
use agenttrace_auth::keys::{PUBLIC_PREFIX, Pepper};
use agenttrace_auth::session::{Claims, Signer, cookies::Origin};
use agenttrace_auth::{Caller, Role, Scope};
use agenttrace_cloud::Secrets;
use agenttrace_domain::Timestamp;
use agenttrace_records::{ApiKey, Records, Session};

use crate::limits::{Due, Limiter, Limits};
use crate::{Error, Request, config};

mod cache;
mod managed;

use cache::{Cache, Keep, Known};

/// The header in which a signed-in user names the project.
pub const PROJECT_HEADER: &str = "x-agenttrace-project-id";
/// The header in which a signed-in user names the organization, where an operation concerns one.
pub const ORGANIZATION_HEADER: &str = "x-agenttrace-organization-id";
/// The header with which our own pages mark a request without a JSON body.
pub const CLIENT_HEADER: &str = "x-agenttrace-client";

/// With [`AWAY_MILLIS`] and a slow answer this stays within a minute.
const KEYS: Keep = Keep { fresh: 50_000, stale: 600_000, absent: 5_000 };
const SESSIONS: Keep = Keep { fresh: 30_000, stale: 600_000, absent: 5_000 };
const ROLES: Keep = Keep { fresh: 30_000, stale: 600_000, absent: 5_000 };
/// About 10 MB when full of the longest keys.
const CAPACITY: usize = 10_000;
/// After a failure the table is left alone for so long: known keys are served at once, and unknown ones fail at once.
const AWAY_MILLIS: i64 = 2_000;
/// What is noted beside an answer must not hold the answer up for longer.
const CHORE_WAIT: Duration = Duration::from_millis(150);

/// A public key, and when it was used.
type Touch = (String, Timestamp);

/// A role that was found: the project's organization, and what the user is in the project.
#[derive(Debug, Clone)]
struct Found {
    organization_id: String,
    role: Role,
}

/// A caller who may come in, and what is to be noted of it while the operation runs ([`Authenticator::note`]).
#[derive(Debug)]
pub struct Admitted {
    pub caller: Caller,
    pub chores: Chores,
}

/// What is written beside an answer, never before it.
#[derive(Debug, Default)]
pub struct Chores {
    /// The public key whose use is to be noted.
    touch: Option<Touch>,
    lease: Option<Due>,
}

/// Authenticates callers; one for the life of a function.
#[derive(Debug)]
pub struct Authenticator {
    records: Records,
    secrets: Secrets,
    limiter: Limiter,
    keys: Mutex<Cache<ApiKey>>,
    sessions: Mutex<Cache<Session>>,
    roles: Mutex<Cache<Found>>,
    away_until: AtomicI64,
}

impl Authenticator {
    #[must_use]
    pub fn new(records: Records, secrets: Secrets) -> Self {
        Self {
            records,
            secrets,
            limiter: Limiter::new(Limits::from_environment()),
            keys: Mutex::new(Cache::new(KEYS, CAPACITY)),
            sessions: Mutex::new(Cache::new(SESSIONS, CAPACITY)),
            roles: Mutex::new(Cache::new(ROLES, CAPACITY)),
            away_until: AtomicI64::new(0),
        }
    }

    /// The caller of an operation that not just anyone may call, within its limits, or the refusal.
    pub async fn admit(&self, request: &Request, operation: &Operation) -> Result<Admitted, Error> {
        let (caller, touch) = self.caller(request, operation.access).await?;
        let lease = match caller.public_key() {
            Some(public_key) => self.limiter.admit(&self.records, public_key, operation.rate_class(), crate::now()).await?,
            None => None,
        };
        Ok(Admitted { caller, chores: Chores { touch, lease } })
    }

    /// Notes the use of a key and takes more of its limit, at the same time as the operation runs and with what little time it can spare.
    pub async fn note(&self, chores: Chores) {
        let touch = async {
            let Some((public_key, now)) = chores.touch else { return };
            match tokio::time::timeout(CHORE_WAIT, self.records.touch_key(&public_key, now)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(error = crate::telemetry::chain(&error), "the key's last use was not noted"),
                Err(_) => tracing::debug!("the key's last use was not noted in time"),
            }
        };
        let lease = async {
            if let Some(due) = chores.lease {
                self.limiter.lease(&self.records, due, CHORE_WAIT).await;
            }
        };
        tokio::join!(touch, lease);
    }

    async fn caller(&self, request: &Request, access: Access) -> Result<(Caller, Option<Touch>), Error> {
        let presented = credentials::parse(request.header("authorization"));
        let by_key = presented != Presented::Nothing;
        let (scope, public_key_allowed) = match access {
            Access::Anyone | Access::User => return self.user(request, presented).await.map(|c| (c, None)),
            Access::Organization(scope) if by_key => return self.organization_key(request, presented, scope).await,
            Access::OrganizationOrUser if by_key => return self.organization_key(request, presented, Scope::Admin).await,
            Access::OrganizationOrUser => return self.user(request, presented).await.map(|c| (c, None)),
            Access::OrganizationMember(_) if by_key => return self.user(request, presented).await.map(|c| (c, None)),
            Access::Organization(scope) | Access::OrganizationMember(scope) => {
                return self.organization_member(request, scope).await.map(|c| (c, None));
            }
            Access::ManagedProject(scope) if by_key => return self.managing_key(request, presented, scope).await,
            Access::ManagedProject(scope) => return self.managing_member(request, scope).await.map(|c| (c, None)),
            Access::Project(scope) => (scope, false),
            Access::ProjectOrPublicKey(scope) => (scope, true),
        };
        let (caller, touch) = if by_key { self.key_caller(request, presented).await? } else { (self.member(request).await?, None) };
        check(&caller, scope, public_key_allowed)?;
        Ok((caller, touch))
    }

    /// The session that the request's cookie belongs to. The session lives.
    pub async fn session(&self, request: &Request) -> Result<Claims, Error> {
        let Some(token) = request.cookie(origin(request).access_name()).filter(|t| !t.is_empty()) else {
            return Err(Error::unauthorized("Sign in, or send an API key: `Authorization: Basic base64(publicKey:secretKey)`."));
        };
        let seconds = now_millis() / 1_000;
        let claims = self.signer().await?.verify(token, seconds).map_err(|_| signed_out())?;
        refuse_cross_site(request)?;
        let session = self.look_up(&self.sessions, &claims.sid, || self.records.session(&claims.uid, &claims.sid)).await?;
        match session {
            Some(session) if session.user_id == claims.uid && !session.is_over(seconds) => Ok(claims),
            _ => Err(signed_out()),
        }
    }

    /// Forgets what was looked up, after a change that this function made itself. Other functions notice within a minute.
    pub fn forget(&self) {
        lock(&self.keys).clear();
        lock(&self.sessions).clear();
        lock(&self.roles).clear();
    }

    /// The key under which secrets of API keys are hashed.
    pub async fn pepper(&self) -> Result<Pepper, Error> {
        let text = self.secrets.get(&config::KEY_PEPPER_SECRET_ARN.require()?).await?;
        Pepper::new(&text).ok_or_else(|| Error::internal("read the key pepper", anyhow::anyhow!("it has less than 32 bytes")))
    }

    /// What signs session tokens.
    pub async fn signer(&self) -> Result<Signer, Error> {
        let text = self.secrets.get(&config::JWT_SECRET_ARN.require()?).await?;
        Signer::new(&text).ok_or_else(|| Error::internal("read the session secret", anyhow::anyhow!("it has less than 32 bytes")))
    }

    async fn user(&self, request: &Request, presented: Presented) -> Result<Caller, Error> {
        if presented != Presented::Nothing {
            self.key_caller(request, presented).await?;
            return Err(Error::forbidden("An API key can't do this. Sign in as a user."));
        }
        let claims = self.session(request).await?;
        Ok(Caller::User { user_id: claims.uid })
    }

    async fn member(&self, request: &Request) -> Result<Caller, Error> {
        let user_id = self.session(request).await?.uid;
        let project_id = request.header(PROJECT_HEADER).map(str::trim).filter(|id| !id.is_empty());
        let project_id =
            project_id.ok_or_else(|| Error::bad_request("Name the project in the header X-AgentTrace-Project-Id."))?.to_owned();
        self.member_of(user_id, project_id).await
    }

    async fn member_of(&self, user_id: String, project_id: String) -> Result<Caller, Error> {
        // Ids of users are ours and hold no blank, so the pair is unambiguous.
        let pair = format!("{user_id} {project_id}");
        let found = self.look_up(&self.roles, &pair, || self.find_role(&user_id, &project_id)).await?;
        match found {
            Some(Found { organization_id, role }) if role != Role::None => {
                Ok(Caller::Member { project_id, organization_id, user_id, role })
            }
            _ => Err(no_such_project()),
        }
    }

    async fn find_role(&self, user_id: &str, project_id: &str) -> Result<Option<Found>, agenttrace_records::Error> {
        let Some(project) = self.records.project(project_id).await? else { return Ok(None) };
        let membership = self.records.membership(&project.organization_id, user_id).await?;
        Ok(membership.map(|m| Found { role: m.role_in(project_id), organization_id: project.organization_id }))
    }

    async fn key_caller(&self, request: &Request, presented: Presented) -> Result<(Caller, Option<Touch>), Error> {
        let pepper = self.pepper().await?;
        let (place, key, with_secret) = match presented {
            Presented::Pair { public_key, secret_key } => {
                let (place, key) = self.by_public_key(&public_key).await?;
                // The same work whether or not there is such a key.
                let verified = pepper.verify_secret(&secret_key, key.as_ref().map(|k| &k.secret_hash));
                (place, key.filter(|_| verified), true)
            }
            Presented::Bearer(token) if token.starts_with(PUBLIC_PREFIX) || token.starts_with("pk-lf-") => {
                match self.by_public_key(&token).await? {
                    (place, Some(key)) => (place, Some(key), false),
                    _ => self.by_secret(&pepper, &token).await.map(|(place, key)| (place, key, true))?,
                }
            }
            Presented::Bearer(token) => match self.by_secret(&pepper, &token).await? {
                (place, Some(key)) => (place, Some(key), true),
                _ => self.by_public_key(&token).await.map(|(place, key)| (place, key, false))?,
            },
            Presented::Nothing | Presented::Unreadable => return Err(wrong_key()),
        };
        let now = crate::now();
        let key = key.filter(|k| !k.is_expired(now)).ok_or_else(wrong_key)?;
        let touch = self.due_touch(&place, &key, now);
        let ApiKey { project_id, organization_id, public_key, .. } = key;
        let Some(project_id) = project_id else {
            return if with_secret { Ok((Caller::OrganizationKey { organization_id, public_key }, touch)) } else { Err(wrong_key()) };
        };
        if request.header(PROJECT_HEADER).is_some_and(|id| id.trim() != project_id) {
            return Err(Error::forbidden(
                "The API key belongs to another project than X-AgentTrace-Project-Id names. Leave the header out.",
            ));
        }
        let caller = if with_secret {
            Caller::Key { project_id, organization_id, public_key }
        } else {
            Caller::PublicKey { project_id, public_key }
        };
        Ok((caller, touch))
    }

    async fn by_public_key(&self, public_key: &str) -> Result<(String, Option<ApiKey>), Error> {
        let place = format!("public {public_key}");
        let key = self.look_up(&self.keys, &place, || self.records.key(public_key)).await?;
        Ok((place, key))
    }

    async fn by_secret(&self, pepper: &Pepper, secret_key: &str) -> Result<(String, Option<ApiKey>), Error> {
        let hash = pepper.hash_secret(secret_key);
        let place = format!("secret {}", hash.to_hex());
        let key = self.look_up(&self.keys, &place, || self.records.key_by_secret(&hash)).await?;
        let verified = pepper.verify_secret(secret_key, key.as_ref().map(|k| &k.secret_hash));
        Ok((place, key.filter(|_| verified)))
    }

    /// Whether the key's use is to be noted: about once a minute.
    fn due_touch(&self, place: &str, key: &ApiKey, now: Timestamp) -> Option<Touch> {
        if key.last_used_at.is_some_and(|at| now.0 - at.0 < agenttrace_records::keys::TOUCH_MICROS) {
            return None;
        }
        lock(&self.keys).change(place, |k| k.last_used_at = Some(now));
        Some((key.public_key.clone(), now))
    }

    /// From memory while fresh, else from the table, else (while the table is away) from memory all the same.
    async fn look_up<V, L, F>(&self, memory: &Mutex<Cache<V>>, key: &str, load: L) -> Result<Option<V>, Error>
    where
        V: Clone,
        L: FnOnce() -> F,
        F: Future<Output = Result<Option<V>, agenttrace_records::Error>>,
    {
        let known = lock(memory).get(key, now_millis());
        let stale = match known {
            Known::Fresh(value) => return Ok(Some(value)),
            Known::Absent => return Ok(None),
            Known::Stale(value) => Some(value),
            Known::Nothing => None,
        };
        if now_millis() < self.away_until.load(Ordering::Relaxed) {
            return stale.map(Some).ok_or_else(|| Error::unavailable("look up a caller", anyhow::anyhow!("the table failed a moment ago")));
        }
        match load().await {
            Ok(value) => {
                lock(memory).put(key, value.clone(), now_millis());
                Ok(value)
            }
            Err(error) if error.is_temporary() => {
                self.away_until.store(now_millis() + AWAY_MILLIS, Ordering::Relaxed);
                match stale {
                    Some(value) => {
                        tracing::warn!(error = crate::telemetry::chain(&error), "the table is away: a caller is let in from memory");
                        Ok(Some(value))
                    }
                    None => Err(error.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Refuses a request with side effects that another site's page may have caused.
///
/// Cookies are `SameSite=Strict`, which keeps them from other sites' requests. This is the second wall: the browser says that the request is
/// our own page's (`Sec-Fetch-Site`), or the request carries what no form of another site can set: a JSON body's content type, our project
/// header, or `X-AgentTrace-Client`.
pub fn refuse_cross_site(request: &Request) -> Result<(), Error> {
    let refused = || Error::forbidden("The request seems to come from another site. Send JSON, or the header X-AgentTrace-Client.");
    match request.header("sec-fetch-site") {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return Err(refused()),
        None => {}
    }
    let json = request.header("content-type").is_some_and(|t| t.trim().to_ascii_lowercase().starts_with("application/json"));
    let marked = [PROJECT_HEADER, CLIENT_HEADER].into_iter().any(|h| request.header(h).is_some());
    if request.method == Some(Method::Get) || json || marked { Ok(()) } else { Err(refused()) }
}

/// Which cookies the request's origin has.
#[must_use]
pub fn origin(request: &Request) -> Origin {
    if request.is_https() { Origin::Tls } else { Origin::Plain }
}

fn now_millis() -> i64 {
    crate::now().0 / 1_000
}

/// May the caller do this? The project is theirs already, so a refusal here tells nothing of others'.
fn check(caller: &Caller, scope: Scope, public_key_allowed: bool) -> Result<(), Error> {
    let refusal = match caller {
        Caller::OrganizationKey { .. } => "This needs a project's API key; the one sent belongs to an organization.",
        Caller::PublicKey { .. } if !public_key_allowed => "A public key alone can only create scores. Send the secret key too.",
        _ if caller.allows(scope) => return Ok(()),
        Caller::Key { .. } => "An API key can't do this. Sign in as an administrator of the project.",
        _ => "Your role in this project does not allow this. Ask an administrator.",
    };
    Err(Error::forbidden(refusal))
}

fn wrong_key() -> Error {
    Error::unauthorized("Invalid credentials. Check the public key, the secret key and the host.")
}

fn signed_out() -> Error {
    Error::unauthorized("The session has ended. Sign in again.")
}

/// The same for a project that does not exist and for one of others.
#[must_use]
pub fn no_such_project() -> Error {
    Error::not_found("Project not found")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
