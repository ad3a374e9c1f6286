//! LLM connections: one for each provider's name in a project. Secrets arrive here sealed.

use std::collections::BTreeSet;

use agenttrace_domain::Timestamp;

use crate::item::{Item, NewItem};
use crate::table::text;
use crate::{Error, Records};

/// More connections in one project are a mistake.
pub const MAX_CONNECTIONS: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LlmConnection {
    /// Stays when the connection is replaced.
    pub id: String,
    pub project_id: String,
    pub provider: String,
    pub adapter: String,
    /// What a list may show of the key.
    pub display_secret: String,
    /// The key and the values of the extra headers, sealed for this project and id.
    pub sealed: String,
    pub base_url: Option<String>,
    pub custom_models: Vec<String>,
    pub with_default_models: bool,
    pub extra_header_keys: BTreeSet<String>,
    /// A JSON object's text.
    pub config: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

fn pk(project_id: &str) -> String {
    format!("LLMCONNECTIONS#{project_id}")
}

const SK_PREFIX: &str = "PROVIDER#";

fn sk(provider: &str) -> String {
    format!("{SK_PREFIX}{provider}")
}

impl LlmConnection {
    fn to_item(&self) -> NewItem {
        let list = |values: Vec<&str>| serde_json::to_string(&values).unwrap_or_default();
        NewItem::new(pk(&self.project_id), sk(&self.provider))
            .text("id", &self.id)
            .text("project_id", &self.project_id)
            .text("provider", &self.provider)
            .text("adapter", &self.adapter)
            .text("display_secret", &self.display_secret)
            .text("sealed", &self.sealed)
            .maybe_text("base_url", self.base_url.as_deref())
            .text("custom_models", list(self.custom_models.iter().map(String::as_str).collect()))
            .number("with_default_models", i64::from(self.with_default_models))
            .text("extra_header_keys", list(self.extra_header_keys.iter().map(String::as_str).collect()))
            .maybe_text("config", self.config.as_deref())
            .number("created_at", self.created_at.0)
            .number("updated_at", self.updated_at.0)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        let list = |name| serde_json::from_str::<Vec<String>>(&item.text(name)?).map_err(|_| item.broken(name));
        Ok(Self {
            id: item.text("id")?,
            project_id: item.text("project_id")?,
            provider: item.text("provider")?,
            adapter: item.text("adapter")?,
            display_secret: item.text("display_secret")?,
            sealed: item.text("sealed")?,
            base_url: item.maybe_text("base_url"),
            custom_models: list("custom_models")?,
            with_default_models: item.number("with_default_models")? != 0,
            extra_header_keys: list("extra_header_keys")?.into_iter().collect(),
            config: item.maybe_text("config"),
            created_at: item.time("created_at")?,
            updated_at: item.time("updated_at")?,
        })
    }
}

impl Records {
    /// The connection of a provider's name.
    pub async fn llm_connection(&self, project_id: &str, provider: &str) -> Result<Option<LlmConnection>, Error> {
        self.read("read an LLM connection", &pk(project_id), &sk(provider)).await?.as_ref().map(LlmConnection::from_item).transpose()
    }

    /// All connections of a project, by provider.
    pub async fn llm_connections(&self, project_id: &str) -> Result<Vec<LlmConnection>, Error> {
        self.list("list LLM connections", &pk(project_id), SK_PREFIX).await?.iter().map(LlmConnection::from_item).collect()
    }

    /// Writes a connection, if its provider's name is free or has this very id. `false` when another request was faster.
    pub async fn put_llm_connection(&self, connection: &LlmConnection) -> Result<bool, Error> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(connection.to_item().into_attributes()))
            .condition_expression("attribute_not_exists(pk) OR id = :id")
            .expression_attribute_values(":id", text(&connection.id));
        match put.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk("write an LLM connection", e)),
        }
    }

    /// Deletes a connection. `false` when it is gone already, or another has its name by now.
    pub async fn delete_llm_connection(&self, connection: &LlmConnection) -> Result<bool, Error> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("pk", text(&pk(&connection.project_id)))
            .key("sk", text(&sk(&connection.provider)))
            .condition_expression("id = :id")
            .expression_attribute_values(":id", text(&connection.id));
        match delete.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk("delete an LLM connection", e)),
        }
    }
}
