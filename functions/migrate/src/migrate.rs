//! What a deployment needs done.

use std::sync::Arc;

use agenttrace_auth::keys::{KeyPair, Pepper};
use agenttrace_auth::password;
use agenttrace_cloud::{Secrets, sdk_config};
use agenttrace_kit::{Error, config, telemetry};
use agenttrace_records::Records;
use agenttrace_records::bootstrap::FirstAccess;
use agenttrace_store::migrate::{Migrator, User};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::custom_resource;

pub struct State {
    secrets: Secrets,
    records: Records,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        Ok(Self { secrets: Secrets::new(&sdk), records: Records::new(&sdk, config::TABLE_NAME.require()?) })
    }
}

/// A plain invocation, or CloudFormation's, which wants its answer at an address of its own.
pub async fn handle(state: Arc<State>, event: Value) -> Result<Value, Error> {
    let Some(request) = custom_resource::Request::of(&event) else { return migrate(&state).await };
    // A stack that goes takes nothing with it: the data is kept.
    let outcome = if request.is_delete() { Ok(json!({})) } else { migrate(&state).await };
    let reason = outcome.as_ref().err().map(|e| telemetry::chain(e));
    request.answer(reason.as_deref()).await?;
    outcome
}

async fn migrate(state: &State) -> Result<Value, Error> {
    let admin = state.secrets.user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
    let migrator =
        Migrator::new(&config::CLICKHOUSE_URL.require()?, &config::CLICKHOUSE_DATABASE.require()?, &admin.username, &admin.password);
    let applied = migrator.run().await?;
    let users_made = match (config::CLICKHOUSE_WRITER_SECRET_ARN.get(), config::CLICKHOUSE_READER_SECRET_ARN.get()) {
        (Some(writer), Some(reader)) => {
            let (writer, reader) = (state.secrets.user(&writer).await?, state.secrets.user(&reader).await?);
            let user = |u: &'_ agenttrace_cloud::secrets::UserSecret| (u.username.clone(), u.password.clone());
            let ((wn, wp), (rn, rp)) = (user(&writer), user(&reader));
            migrator.make_users(&User { name: &wn, password: &wp }, &User { name: &rn, password: &rp }).await?
        }
        _ => false,
    };
    let first = first_access(state).await?;
    tracing::info!(?applied, users_made, first, "migrated");
    Ok(json!({"applied": applied, "usersMade": users_made, "firstAccess": first}))
}

/// The secret `FirstAccess`, as people and `make up` read it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FirstAccessSecret {
    email: String,
    password: String,
    public_key: String,
    secret_key: String,
    #[serde(default)]
    project_id: String,
}

/// Makes the first login and key pair when there is none. `true` when it did.
///
/// The secret is written before the records, so that credentials that work are never lost: a run that was cut off goes on with what it wrote.
async fn first_access(state: &State) -> Result<bool, Error> {
    let arn = config::FIRST_ACCESS_SECRET_ARN.require()?;
    let written = state.secrets.get(&arn).await.ok().and_then(|text| serde_json::from_str::<FirstAccessSecret>(&text).ok());
    if written.as_ref().is_some_and(|w| !w.project_id.is_empty()) {
        return Ok(false);
    }
    let mut secret = match written {
        Some(written) => written,
        None => {
            let keys = KeyPair::generate();
            let fresh = FirstAccessSecret {
                email: config::OWNER_EMAIL.require()?,
                password: password::generate(),
                public_key: keys.public_key,
                secret_key: keys.secret_key,
                project_id: String::new(),
            };
            put(state, &arn, &fresh).await?;
            fresh
        }
    };
    let pepper_text = state.secrets.get(&config::KEY_PEPPER_SECRET_ARN.require()?).await?;
    let pepper =
        Pepper::new(&pepper_text).ok_or_else(|| Error::internal("read the key pepper", anyhow::anyhow!("the secret is too short")))?;
    let first = FirstAccess {
        email: secret.email.clone(),
        password: Some(secret.password.clone()),
        keys: Some(KeyPair { public_key: secret.public_key.clone(), secret_key: secret.secret_key.clone() }),
        ..FirstAccess::default()
    };
    secret.project_id = match state.records.bootstrap(&first, &pepper, agenttrace_kit::now()).await? {
        Some(made) => made.project_id,
        None => match state.records.key(&secret.public_key).await? {
            Some(key) if key.project_id.is_some() => key.project_id.unwrap_or_default(),
            // Someone was here before, with credentials of their own.
            _ => return Ok(false),
        },
    };
    put(state, &arn, &secret).await?;
    Ok(true)
}

async fn put(state: &State, arn: &str, secret: &FirstAccessSecret) -> Result<(), Error> {
    let text = serde_json::to_string(secret).map_err(|e| Error::internal("encode the first access", e))?;
    Ok(state.secrets.put(arn, &text).await?)
}
