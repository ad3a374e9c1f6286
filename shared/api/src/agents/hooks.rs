//! What coding agents say in their hooks.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CreatedBatch;
use crate::operation::{Access, Method, Operation, schema};

pub const TELL_AGENT_HOOKS: Operation = Operation::new(
    "tell_agent_hooks",
    Method::Post,
    "/api/public/agents/{agent}/hooks",
    "ingest",
    Access::Project(Scope::Ingest),
    "Take one hook payload as the agent itself posts it (answered 200 with an empty object), or a list of at most 1,000 calls of hooks (207).",
)
.body(schema::<HookBody>)
.answers(207, schema::<CreatedBatch>);

/// A payload of `claude-code`, `codex`, `gemini-cli`, `copilot-cli`, `opencode` or `cursor`, or a list of calls.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum HookBody {
    Calls(Vec<HookCall>),
    Payload(serde_json::Map<String, serde_json::Value>),
}

/// One call of a hook, with what its process knows besides. Other keys are refused.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HookCall {
    /// Of this call, chosen by the client: the answer refers to it.
    pub id: String,
    /// When the hook ran, ISO 8601.
    pub at: Option<String>,
    /// The agent's payload.
    pub event: serde_json::Map<String, serde_json::Value>,
    /// What happened, where the payload doesn't name it.
    pub event_name: Option<String>,
    /// `TRACEPARENT` of the hook's environment.
    pub traceparent: Option<String>,
    pub git: Option<HookGit>,
    pub user_id: Option<String>,
    pub environment: Option<String>,
    pub wrap: Option<HookRun>,
}

/// The work tree in which the hook ran.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HookGit {
    pub repository_url: Option<String>,
    pub branch: Option<String>,
    /// The commit of its HEAD.
    pub commit: Option<String>,
    pub root: Option<String>,
}

/// The run of `agenttrace wrap` in which the hook ran.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HookRun {
    pub trace_id: String,
    pub observation_id: Option<String>,
}
