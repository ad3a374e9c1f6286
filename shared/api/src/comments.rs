//! Comments on traces, observations, sessions and prompts. They are not edited: whoever wrote one may delete it.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ingestion::IdAnswer;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::Page;
use crate::projects::Deleted;

const READ: Access = Access::Project(Scope::Read);
const WRITE: Access = Access::Project(Scope::Write);

pub const LIST_COMMENTS: Operation =
    Operation::new("list_comments", Method::Get, "/api/public/comments", "annotation", READ, "Comments, a numbered page, newest first.")
        .query(schema::<ListCommentsQuery>)
        .answers(200, schema::<Page<Comment>>);
pub const CREATE_COMMENT: Operation = Operation::new(
    "create_comment",
    Method::Post,
    "/api/public/comments",
    "annotation",
    WRITE,
    "Comment on a trace, an observation, a session or a prompt, which must exist.",
)
.body(schema::<CreateCommentBody>)
.answers(200, schema::<IdAnswer>);
pub const GET_COMMENT: Operation =
    Operation::new("get_comment", Method::Get, "/api/public/comments/{commentId}", "annotation", READ, "One comment.")
        .answers(200, schema::<Comment>);
pub const DELETE_COMMENT: Operation = Operation::new(
    "delete_comment",
    Method::Delete,
    "/api/public/comments/{commentId}",
    "annotation",
    WRITE,
    "Delete a comment: one's own, or any as an administrator or with an API key.",
)
.answers(200, schema::<Deleted>);
pub const LIST_COMMENTS_V2: Operation = Operation::new(
    "list_comments_v2",
    Method::Get,
    "/api/public/v2/comments",
    "annotation",
    READ,
    "The comments on one object, oldest first, with their authors' names; at most 1,000.",
)
.query(schema::<ListCommentsV2Query>)
.answers(200, schema::<CommentThread>);

pub const OPERATIONS: &[Operation] = &[LIST_COMMENTS, CREATE_COMMENT, GET_COMMENT, DELETE_COMMENT, LIST_COMMENTS_V2];

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateCommentBody {
    /// The caller's own project.
    pub project_id: String,
    /// TRACE, OBSERVATION, SESSION or PROMPT.
    pub object_type: String,
    pub object_id: String,
    /// 1 to 5,000 characters, Markdown.
    pub content: String,
    /// With an API key: a member of the project. A signed-in user is the author.
    pub author_user_id: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListCommentsQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    /// TRACE, OBSERVATION, SESSION or PROMPT.
    pub object_type: Option<String>,
    /// Needs `objectType`.
    pub object_id: Option<String>,
    pub author_user_id: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListCommentsV2Query {
    pub object_type: String,
    pub object_id: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comment {
    pub id: String,
    pub project_id: String,
    pub created_at: String,
    pub updated_at: String,
    pub object_type: String,
    pub object_id: String,
    pub content: String,
    pub author_user_id: Option<String>,
}

/// The comments on one object.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct CommentThread {
    pub data: Vec<SignedComment>,
}

/// A comment with its author's name.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedComment {
    #[serde(flatten)]
    pub comment: Comment,
    /// `null` when an API key wrote it for nobody, or the user is gone.
    pub author_name: Option<String>,
    /// May the caller delete it?
    pub may_delete: bool,
}
