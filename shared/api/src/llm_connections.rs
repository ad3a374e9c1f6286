//! LLM connections: providers of models and the keys to them. A key goes in and never comes out.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::operation::{Access, Method, Operation, schema};
use crate::paging::{Page, PageQuery};
use crate::traces::MessageAnswer;

const WRITE: Access = Access::Project(Scope::Write);

pub const LIST_LLM_CONNECTIONS: Operation = Operation::new(
    "list_llm_connections",
    Method::Get,
    "/api/public/llm-connections",
    "llm-connections",
    Access::Project(Scope::Read),
    "LLM connections, a numbered page, by provider, without secrets.",
)
.query(schema::<PageQuery>)
.answers(200, schema::<Page<LlmConnection>>);
pub const UPSERT_LLM_CONNECTION: Operation = Operation::new(
    "upsert_llm_connection",
    Method::Put,
    "/api/public/llm-connections",
    "llm-connections",
    WRITE,
    "Create or replace the connection of a provider: 201 when it is new. For administrators and API keys.",
)
.body(schema::<UpsertLlmConnectionBody>)
.answers(200, schema::<LlmConnection>)
.also(&[(201, schema::<LlmConnection>)]);
pub const DELETE_LLM_CONNECTION: Operation = Operation::new(
    "delete_llm_connection",
    Method::Delete,
    "/api/public/llm-connections/{id}",
    "llm-connections",
    WRITE,
    "Delete an LLM connection. For administrators and API keys.",
)
.answers(200, schema::<MessageAnswer>);

pub const OPERATIONS: &[Operation] = &[LIST_LLM_CONNECTIONS, UPSERT_LLM_CONNECTION, DELETE_LLM_CONNECTION];

/// Its secrets stay out of logs: there is no `Debug`.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpsertLlmConnectionBody {
    /// 1 to 100 characters, unique in the project: the connection of this name is replaced.
    pub provider: String,
    /// anthropic, openai, azure, bedrock, google-vertex-ai or google-ai-studio.
    pub adapter: String,
    /// Required for a new provider; when absent the one that is stored stays, with its headers unless those are given.
    pub secret_key: Option<String>,
    /// https, and not an address of a private network.
    #[serde(rename = "baseURL")]
    pub base_url: Option<String>,
    /// At most 200 names.
    pub custom_models: Option<Vec<String>>,
    /// True when absent.
    pub with_default_models: Option<bool>,
    /// At most 20; values are as secret as the key.
    pub extra_headers: Option<BTreeMap<String, String>>,
    /// bedrock: `{"region"}`, required. openai: `{"useResponsesApi"}`. google-vertex-ai: `{"location"}`. Others: none.
    pub config: Option<serde_json::Map<String, serde_json::Value>>,
}

/// A connection without its secrets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LlmConnection {
    pub id: String,
    pub provider: String,
    pub adapter: String,
    /// `...abcd`
    pub display_secret_key: String,
    #[serde(rename = "baseURL")]
    pub base_url: Option<String>,
    pub custom_models: Vec<String>,
    pub with_default_models: bool,
    /// The headers' names.
    pub extra_header_keys: Vec<String>,
    pub config: Option<serde_json::Map<String, serde_json::Value>>,
    pub created_at: String,
    pub updated_at: String,
}
