//! What a deployment needs done.

use std::sync::Arc;

use agenttrace_cloud::{Secrets, sdk_config};
use agenttrace_kit::{Error, config, telemetry};
use agenttrace_records::Records;
use agenttrace_store::migrate::{Migrator, User};
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
    let migrator = Migrator::new(&config::CLICKHOUSE_URL.require()?, &config::CLICKHOUSE_DATABASE.require()?, &admin.username, &admin.password);
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

/// Makes the first login and key pair when there is none. `true` when it did.
async fn first_access(state: &State) -> Result<bool, Error> {
    let pepper = state.secrets.get(&config::KEY_PEPPER_SECRET_ARN.require()?).await?;
    let Some(made) = state.records.bootstrap(&config::OWNER_EMAIL.require()?, pepper.as_bytes()).await? else { return Ok(false) };
    let text = serde_json::to_string(&made).map_err(|e| Error::internal("encode the first access", e))?;
    state.secrets.put(&config::FIRST_ACCESS_SECRET_ARN.require()?, &text).await?;
    Ok(true)
}
