//! Feedback about the product itself, which assistants send to its vendor (Langfuse's `POST /feedback`).

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ingestion::IdAnswer;
use crate::operation::{Access, Method, Operation, schema};

pub const SUBMIT_FEEDBACK: Operation = Operation::new(
    "submit_feedback",
    Method::Post,
    "/api/public/feedback",
    "annotation",
    Access::Project(Scope::Write),
    "Feedback about the product itself. 409: it is the team's own deployment, and passes nothing on to a vendor.",
)
.body(schema::<SubmitFeedbackBody>)
.answers(201, schema::<IdAnswer>);

pub const OPERATIONS: &[Operation] = &[SUBMIT_FEEDBACK];

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubmitFeedbackBody {
    pub target_type: FeedbackTarget,
    /// What of that kind: 1 to 200 characters.
    pub target: String,
    /// 1 to 3,000 characters.
    pub feedback: String,
    /// 1 to 1,500 characters.
    pub goal: Option<String>,
    /// An http or https address.
    pub reference_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FeedbackTarget {
    Skill,
    McpTool,
    Cli,
    Docs,
    PublicApi,
    Other,
}
