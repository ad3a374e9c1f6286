//! Prompts: versioned texts with labels. Langfuse's own operations under `/api/public/v2/prompts`, the same under `/api/public/prompts`,
//! and what the dashboard needs beside them.
//!
//! A name may hold `/` (folders); clients send it as one encoded segment. `latest` is on the newest version by itself; any other label is on
//! at most one version of a name.

use std::collections::BTreeMap;

use agenttrace_auth::Scope;
use agenttrace_domain::prompt::{Content, PromptType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::json::Json;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::{Page, PageMeta};

const READ: Access = Access::Project(Scope::Read);
const WRITE: Access = Access::Project(Scope::Write);
const ADMIN: Access = Access::Project(Scope::Admin);

pub const LIST_PROMPTS_V2: Operation =
    Operation::new("list_prompts_v2", Method::Get, "/api/public/v2/prompts", "prompts", READ, "Prompts by name, a numbered page.")
        .query(schema::<ListPromptsQuery>)
        .answers(200, schema::<Page<PromptMeta>>);
pub const CREATE_PROMPT_V2: Operation = Operation::new(
    "create_prompt_v2",
    Method::Post,
    "/api/public/v2/prompts",
    "prompts",
    WRITE,
    "Create a prompt, or the next version of it.",
)
.body(schema::<CreatePromptBody>)
.answers(201, schema::<Prompt>);
pub const GET_PROMPT_V2: Operation = Operation::new(
    "get_prompt_v2",
    Method::Get,
    "/api/public/v2/prompts/{promptName}",
    "prompts",
    READ,
    "One version of a prompt, by version or label (`production` when neither is given).",
)
.query(schema::<GetPromptQuery>)
.answers(200, schema::<ResolvedPrompt>);
pub const DELETE_PROMPT_V2: Operation = Operation::new(
    "delete_prompt_v2",
    Method::Delete,
    "/api/public/v2/prompts/{promptName}",
    "prompts",
    WRITE,
    "Delete a prompt, or its version with this number or label.",
)
.query(schema::<DeletePromptQuery>)
.status(204);
pub const UPDATE_PROMPT_LABELS: Operation = Operation::new(
    "update_prompt_labels",
    Method::Patch,
    "/api/public/v2/prompts/{promptName}/versions/{promptVersion}",
    "prompts",
    WRITE,
    "Put labels on a version; they leave the versions they were on. Labels it has already stay.",
)
.body(schema::<UpdatePromptLabelsBody>)
.answers(200, schema::<Prompt>);
pub const SET_PROMPT_LABELS: Operation = Operation::new(
    "set_prompt_labels",
    Method::Put,
    "/api/public/v2/prompts/{promptName}/versions/{promptVersion}/labels",
    "prompts",
    WRITE,
    "Give a version exactly these labels.",
)
.body(schema::<SetPromptLabelsBody>)
.answers(200, schema::<Prompt>);
pub const LIST_PROMPT_VERSIONS_V2: Operation = Operation::new(
    "list_prompt_versions_v2",
    Method::Get,
    "/api/public/v2/prompts/{promptName}/versions",
    "prompts",
    READ,
    "A prompt's versions, newest first, a numbered page.",
)
.query(schema::<ListPromptVersionsQuery>)
.answers(200, schema::<PromptHistory>);
pub const SET_PROMPT_TAGS: Operation = Operation::new(
    "set_prompt_tags",
    Method::Put,
    "/api/public/v2/prompts/{promptName}/tags",
    "prompts",
    WRITE,
    "Give a prompt exactly these tags, on all its versions.",
)
.body(schema::<SetPromptTagsBody>)
.answers(200, schema::<PromptMeta>);
pub const DUPLICATE_PROMPT: Operation = Operation::new(
    "duplicate_prompt",
    Method::Post,
    "/api/public/v2/prompts/{promptName}/duplicate",
    "prompts",
    WRITE,
    "Copy a prompt under a new name: all versions, or one as version 1.",
)
.body(schema::<DuplicatePromptBody>)
.answers(201, schema::<Prompt>);
pub const LIST_PROMPT_DEPENDENTS: Operation = Operation::new(
    "list_prompt_dependents",
    Method::Get,
    "/api/public/v2/prompts/{promptName}/dependents",
    "prompts",
    READ,
    "The prompt versions that include this prompt.",
)
.answers(200, schema::<PromptDependents>);
pub const LIST_PROMPT_FOLDER: Operation = Operation::new(
    "list_prompt_folder",
    Method::Get,
    "/api/public/v2/prompt-folders",
    "prompts",
    READ,
    "What lies in a folder: its folders, and a numbered page of its prompts.",
)
.query(schema::<ListPromptFolderQuery>)
.answers(200, schema::<PromptFolder>);
pub const GET_PROMPT_FACETS: Operation = Operation::new(
    "get_prompt_facets",
    Method::Get,
    "/api/public/v2/prompt-facets",
    "prompts",
    READ,
    "The labels and tags of the project's prompts, each with its number of prompts.",
)
.answers(200, schema::<PromptFacets>);
pub const SET_PROTECTED_PROMPT_LABELS: Operation = Operation::new(
    "set_protected_prompt_labels",
    Method::Put,
    "/api/public/v2/protected-prompt-labels",
    "prompts",
    ADMIN,
    "The labels that members may neither move nor delete; administrators and API keys may.",
)
.body(schema::<ProtectedPromptLabels>)
.answers(200, schema::<ProtectedPromptLabels>);

pub const LIST_PROMPTS: Operation =
    Operation::new("list_prompts", Method::Get, "/api/public/prompts", "prompts", READ, "The same as `list_prompts_v2`.")
        .query(schema::<ListPromptsQuery>)
        .answers(200, schema::<Page<PromptMeta>>);
pub const CREATE_PROMPT: Operation =
    Operation::new("create_prompt", Method::Post, "/api/public/prompts", "prompts", WRITE, "The same as `create_prompt_v2`.")
        .body(schema::<CreatePromptBody>)
        .answers(201, schema::<Prompt>);
pub const GET_PROMPT: Operation =
    Operation::new("get_prompt", Method::Get, "/api/public/prompts/{promptName}", "prompts", READ, "The same as `get_prompt_v2`.")
        .query(schema::<GetPromptQuery>)
        .answers(200, schema::<ResolvedPrompt>);
pub const LIST_PROMPT_VERSIONS: Operation = Operation::new(
    "list_prompt_versions",
    Method::Get,
    "/api/public/prompts/{promptName}/versions",
    "prompts",
    READ,
    "The same as `list_prompt_versions_v2`.",
)
.query(schema::<ListPromptVersionsQuery>)
.answers(200, schema::<PromptHistory>);
pub const GET_PROMPT_VERSION: Operation = Operation::new(
    "get_prompt_version",
    Method::Get,
    "/api/public/prompts/{promptName}/versions/{promptVersion}",
    "prompts",
    READ,
    "One version of a prompt, by its number.",
)
.query(schema::<GetPromptVersionQuery>)
.answers(200, schema::<ResolvedPrompt>);

pub const OPERATIONS: &[Operation] = &[
    LIST_PROMPTS_V2,
    CREATE_PROMPT_V2,
    GET_PROMPT_V2,
    DELETE_PROMPT_V2,
    UPDATE_PROMPT_LABELS,
    SET_PROMPT_LABELS,
    LIST_PROMPT_VERSIONS_V2,
    SET_PROMPT_TAGS,
    DUPLICATE_PROMPT,
    LIST_PROMPT_DEPENDENTS,
    LIST_PROMPT_FOLDER,
    GET_PROMPT_FACETS,
    SET_PROTECTED_PROMPT_LABELS,
    LIST_PROMPTS,
    CREATE_PROMPT,
    GET_PROMPT,
    LIST_PROMPT_VERSIONS,
    GET_PROMPT_VERSION,
];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListPromptsQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 10 when absent.
    pub limit: Option<u64>,
    /// Exactly this name.
    pub name: Option<String>,
    /// Only versions with this label: `versions`, `labels` and `lastConfig` are then theirs.
    pub label: Option<String>,
    pub tag: Option<String>,
    /// Only versions that were changed from this time on.
    pub from_updated_at: Option<String>,
    /// Only versions that were changed before this time.
    pub to_updated_at: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GetPromptQuery {
    /// Not together with `label`.
    pub version: Option<u32>,
    /// `production` when absent.
    pub label: Option<String>,
    /// `false` leaves references to other prompts as they are.
    pub resolve: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GetPromptVersionQuery {
    /// `false` leaves references to other prompts as they are.
    pub resolve: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletePromptQuery {
    /// Not together with `label`.
    pub version: Option<u32>,
    pub label: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListPromptVersionsQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    /// `true` adds `prompt` and `config` to each version; `limit` is then at most 20.
    pub bodies: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListPromptFolderQuery {
    /// Without slashes around it. The top when absent.
    pub folder: Option<String>,
    /// A part of a name or tag, in the folder and all below it; folders are not listed then.
    pub search: Option<String>,
    pub label: Option<String>,
    pub tag: Option<String>,
    /// `text` or `chat`.
    pub r#type: Option<String>,
    /// `<column>.asc` or `<column>.desc` of name, lastUpdatedAt. `name.asc` when absent.
    pub order_by: Option<String>,
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
}

/// How [`PromptType`] looks on the wire.
#[derive(Debug, Clone, Copy, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PromptKind {
    Text,
    Chat,
}

/// How [`Content`] looks on the wire: a text, or messages.
#[derive(Debug, Clone, JsonSchema)]
#[serde(untagged)]
pub enum PromptContent {
    Text(String),
    Chat(Vec<PromptMessage>),
}

/// A message, or the place where the caller puts messages.
#[derive(Debug, Clone, JsonSchema)]
#[serde(untagged)]
pub enum PromptMessage {
    Message { role: String, content: String },
    Placeholder { r#type: PlaceholderKind, name: String },
}

#[derive(Debug, Clone, Copy, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlaceholderKind {
    Placeholder,
}

/// A new prompt, or the next version of one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatePromptBody {
    /// 1 to 255 characters, with `/` for folders; without `|` and HTML.
    pub name: String,
    /// A text, or for `chat` a list of `{role, content}` and `{type: "placeholder", name}`.
    #[schemars(with = "PromptContent")]
    pub prompt: Box<RawValue>,
    /// `text` when absent. All versions of a prompt have the same.
    #[schemars(with = "Option<PromptKind>")]
    pub r#type: Option<PromptType>,
    /// 1 to 36 of a-z, 0-9, `_`, `-`, `.` each.
    pub labels: Option<Vec<String>>,
    /// Replaces the tags of all versions; they stay as they are when absent.
    pub tags: Option<Vec<String>>,
    /// Any JSON; an empty object when absent.
    #[schemars(with = "Option<serde_json::Value>")]
    pub config: Option<Box<RawValue>>,
    /// At most 500 characters.
    pub commit_message: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdatePromptLabelsBody {
    /// Without `latest`.
    pub new_labels: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct SetPromptLabelsBody {
    /// Without `latest`.
    pub labels: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct SetPromptTagsBody {
    /// At most 100, of at most 200 characters each.
    pub tags: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct DuplicatePromptBody {
    /// No prompt may have it yet.
    pub name: String,
    /// Only this version, as version 1. All versions when absent.
    pub version: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProtectedPromptLabels {
    /// At most 50, without `latest`.
    pub labels: Vec<String>,
}

/// One version of a prompt as Langfuse shows it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Prompt {
    /// Of this version.
    pub id: String,
    pub created_at: String,
    /// Labels and tags count as changes.
    pub updated_at: String,
    pub project_id: String,
    /// A user's id, or `API`.
    pub created_by: String,
    #[schemars(with = "PromptContent")]
    pub prompt: Content,
    pub name: String,
    pub version: u32,
    #[schemars(with = "PromptKind")]
    pub r#type: PromptType,
    /// Langfuse's first version had it; always `null`.
    pub is_active: Option<bool>,
    pub config: Json,
    pub tags: Vec<String>,
    pub labels: Vec<String>,
    pub commit_message: Option<String>,
}

/// A prompt with the prompts that it includes put in.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedPrompt {
    #[serde(flatten)]
    pub prompt: Prompt,
    /// What was put in where. `null` when it includes nothing, and with `resolve=false`.
    pub resolution_graph: Option<ResolutionGraph>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ResolutionGraph {
    pub root: ResolutionNode,
    /// By the including version's id.
    pub dependencies: BTreeMap<String, Vec<ResolutionNode>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ResolutionNode {
    pub name: String,
    pub version: u32,
    pub id: String,
}

/// A prompt in a list.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PromptMeta {
    pub name: String,
    #[schemars(with = "PromptKind")]
    pub r#type: PromptType,
    pub versions: Vec<u32>,
    pub labels: Vec<String>,
    pub tags: Vec<String>,
    pub last_updated_at: String,
    /// Of the newest of these versions.
    pub last_config: Json,
}

/// A prompt's versions, and what they have in common.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PromptHistory {
    pub name: String,
    #[schemars(with = "PromptKind")]
    pub r#type: PromptType,
    pub tags: Vec<String>,
    /// Every label with its version, `latest` too.
    pub labels: BTreeMap<String, u32>,
    /// Of the project.
    pub protected_labels: Vec<String>,
    pub data: Vec<PromptVersionRow>,
    pub meta: PageMeta,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PromptVersionRow {
    pub id: String,
    pub version: u32,
    pub labels: Vec<String>,
    pub commit_message: Option<String>,
    pub created_at: String,
    pub updated_at: String,
    /// A user's id, or `API`.
    pub created_by: String,
    /// The user's name, or e-mail address; `null` for `API` and for users who are gone.
    pub created_by_name: Option<String>,
    /// Only with `bodies=true`, unresolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<PromptContent>")]
    pub prompt: Option<Content>,
    /// Only with `bodies=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Json>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PromptDependents {
    pub data: Vec<PromptDependent>,
}

/// A version of another prompt that includes this one, by version or by label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PromptDependent {
    pub name: String,
    pub version: u32,
    pub referenced_version: Option<u32>,
    pub referenced_label: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PromptFolder {
    /// Empty at the top.
    pub folder: String,
    /// At most 1,000, by name.
    pub folders: Vec<PromptFolderEntry>,
    /// Prompts right in the folder; with `search` also those below it.
    pub data: Vec<PromptMeta>,
    pub meta: PageMeta,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PromptFolderEntry {
    /// The last segment.
    pub name: String,
    /// From the top.
    pub path: String,
    /// Prompts in it and below.
    pub prompts: u64,
    pub last_updated_at: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PromptFacets {
    pub labels: Vec<PromptLabelFacet>,
    pub tags: Vec<PromptTagFacet>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PromptLabelFacet {
    pub value: String,
    pub count: u64,
    pub protected: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PromptTagFacet {
    pub value: String,
    pub count: u64,
}
