//! Annotation queues: traces, observations and sessions that people judge one after another, by the score configs of the queue.
//!
//! Beside Langfuse's operations there are those of a working view: take the next item (nobody else gets it meanwhile), add many at once,
//! see how far a queue is and who works on it.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json::stated;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::{Page, PageQuery};
use crate::projects::Deleted;

const READ: Access = Access::Project(Scope::Read);
const WRITE: Access = Access::Project(Scope::Write);

pub const LIST_ANNOTATION_QUEUES: Operation = Operation::new(
    "list_annotation_queues",
    Method::Get,
    "/api/public/annotation-queues",
    "annotation",
    READ,
    "Annotation queues, a numbered page, newest first.",
)
.query(schema::<PageQuery>)
.answers(200, schema::<Page<AnnotationQueue>>);
pub const CREATE_ANNOTATION_QUEUE: Operation = Operation::new(
    "create_annotation_queue",
    Method::Post,
    "/api/public/annotation-queues",
    "annotation",
    WRITE,
    "Create an annotation queue; its name is unique in the project.",
)
.body(schema::<CreateAnnotationQueueBody>)
.answers(200, schema::<AnnotationQueue>);
pub const GET_ANNOTATION_QUEUE: Operation = Operation::new(
    "get_annotation_queue",
    Method::Get,
    "/api/public/annotation-queues/{queueId}",
    "annotation",
    READ,
    "One annotation queue.",
)
.answers(200, schema::<AnnotationQueue>);
pub const UPDATE_ANNOTATION_QUEUE: Operation = Operation::new(
    "update_annotation_queue",
    Method::Patch,
    "/api/public/annotation-queues/{queueId}",
    "annotation",
    WRITE,
    "Change a queue's name, description or score configs.",
)
.body(schema::<UpdateAnnotationQueueBody>)
.answers(200, schema::<AnnotationQueue>);
pub const DELETE_ANNOTATION_QUEUE: Operation = Operation::new(
    "delete_annotation_queue",
    Method::Delete,
    "/api/public/annotation-queues/{queueId}",
    "annotation",
    WRITE,
    "Delete a queue with its items. The scores that were given stay.",
)
.answers(200, schema::<SuccessMessage>);
pub const GET_ANNOTATION_QUEUE_PROGRESS: Operation = Operation::new(
    "get_annotation_queue_progress",
    Method::Get,
    "/api/public/annotation-queues/{queueId}/progress",
    "annotation",
    READ,
    "How many items of a queue wait and how many are done.",
)
.answers(200, schema::<QueueProgress>);
pub const LIST_ANNOTATION_QUEUE_ITEMS: Operation = Operation::new(
    "list_annotation_queue_items",
    Method::Get,
    "/api/public/annotation-queues/{queueId}/items",
    "annotation",
    READ,
    "Items of a queue, a numbered page, newest first.",
)
.query(schema::<ListAnnotationQueueItemsQuery>)
.answers(200, schema::<Page<AnnotationQueueItem>>);
pub const CREATE_ANNOTATION_QUEUE_ITEM: Operation = Operation::new(
    "create_annotation_queue_item",
    Method::Post,
    "/api/public/annotation-queues/{queueId}/items",
    "annotation",
    WRITE,
    "Add an object to a queue. One that is in it already is answered as it is.",
)
.body(schema::<CreateAnnotationQueueItemBody>)
.answers(200, schema::<AnnotationQueueItem>);
pub const CREATE_ANNOTATION_QUEUE_ITEMS: Operation = Operation::new(
    "create_annotation_queue_items",
    Method::Post,
    "/api/public/annotation-queues/{queueId}/items/batch",
    "annotation",
    WRITE,
    "Add up to 200 objects to a queue; those that are in it already stay as they are.",
)
.body(schema::<CreateAnnotationQueueItemsBody>)
.answers(200, schema::<AddedItems>);
pub const TAKE_ANNOTATION_QUEUE_ITEM: Operation = Operation::new(
    "take_annotation_queue_item",
    Method::Post,
    "/api/public/annotation-queues/{queueId}/items/next",
    "annotation",
    WRITE,
    "Take the oldest waiting item that nobody works on. It is the caller's for five minutes; taking it again renews that.",
)
.body(schema::<TakeAnnotationQueueItemBody>)
.answers(200, schema::<TakenItem>);
pub const GET_ANNOTATION_QUEUE_ITEM: Operation = Operation::new(
    "get_annotation_queue_item",
    Method::Get,
    "/api/public/annotation-queues/{queueId}/items/{itemId}",
    "annotation",
    READ,
    "One item of a queue.",
)
.answers(200, schema::<AnnotationQueueItem>);
pub const UPDATE_ANNOTATION_QUEUE_ITEM: Operation = Operation::new(
    "update_annotation_queue_item",
    Method::Patch,
    "/api/public/annotation-queues/{queueId}/items/{itemId}",
    "annotation",
    WRITE,
    "Say that an item is done, or waits again. 409 while another person works on it.",
)
.body(schema::<UpdateAnnotationQueueItemBody>)
.answers(200, schema::<AnnotationQueueItem>);
pub const DELETE_ANNOTATION_QUEUE_ITEM: Operation = Operation::new(
    "delete_annotation_queue_item",
    Method::Delete,
    "/api/public/annotation-queues/{queueId}/items/{itemId}",
    "annotation",
    WRITE,
    "Take an item out of a queue.",
)
.answers(200, schema::<SuccessMessage>);
pub const LIST_ANNOTATION_QUEUE_ASSIGNMENTS: Operation = Operation::new(
    "list_annotation_queue_assignments",
    Method::Get,
    "/api/public/annotation-queues/{queueId}/assignments",
    "annotation",
    READ,
    "Who is assigned to a queue.",
)
.answers(200, schema::<AssigneeList>);
pub const CREATE_ANNOTATION_QUEUE_ASSIGNMENT: Operation = Operation::new(
    "create_annotation_queue_assignment",
    Method::Post,
    "/api/public/annotation-queues/{queueId}/assignments",
    "annotation",
    WRITE,
    "Assign a member of the project to a queue.",
)
.body(schema::<AssignmentBody>)
.answers(200, schema::<Assignment>);
pub const DELETE_ANNOTATION_QUEUE_ASSIGNMENT: Operation = Operation::new(
    "delete_annotation_queue_assignment",
    Method::Delete,
    "/api/public/annotation-queues/{queueId}/assignments",
    "annotation",
    WRITE,
    "End an assignment; it is no error when there is none.",
)
.body(schema::<AssignmentBody>)
.answers(200, schema::<Deleted>);

pub const OPERATIONS: &[Operation] = &[
    LIST_ANNOTATION_QUEUES,
    CREATE_ANNOTATION_QUEUE,
    GET_ANNOTATION_QUEUE,
    UPDATE_ANNOTATION_QUEUE,
    DELETE_ANNOTATION_QUEUE,
    GET_ANNOTATION_QUEUE_PROGRESS,
    LIST_ANNOTATION_QUEUE_ITEMS,
    CREATE_ANNOTATION_QUEUE_ITEM,
    CREATE_ANNOTATION_QUEUE_ITEMS,
    TAKE_ANNOTATION_QUEUE_ITEM,
    GET_ANNOTATION_QUEUE_ITEM,
    UPDATE_ANNOTATION_QUEUE_ITEM,
    DELETE_ANNOTATION_QUEUE_ITEM,
    LIST_ANNOTATION_QUEUE_ASSIGNMENTS,
    CREATE_ANNOTATION_QUEUE_ASSIGNMENT,
    DELETE_ANNOTATION_QUEUE_ASSIGNMENT,
];

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateAnnotationQueueBody {
    /// 1 to 100 characters, unique in the project.
    pub name: String,
    /// At most 2,000 characters.
    pub description: Option<String>,
    /// 1 to 50 configs of this project.
    pub score_config_ids: Vec<String>,
}

/// What is absent stays; `null` takes the description away.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateAnnotationQueueBody {
    pub name: Option<String>,
    #[serde(default, deserialize_with = "stated")]
    pub description: Option<Option<String>>,
    pub score_config_ids: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnnotationQueue {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub score_config_ids: Vec<String>,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct QueueProgress {
    pub pending: u64,
    pub completed: u64,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListAnnotationQueueItemsQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    /// PENDING or COMPLETED; both when absent.
    pub status: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateAnnotationQueueItemBody {
    pub object_id: String,
    /// TRACE, OBSERVATION or SESSION.
    pub object_type: String,
    /// PENDING (when absent) or COMPLETED.
    pub status: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct CreateAnnotationQueueItemsBody {
    /// 1 to 200.
    pub objects: Vec<QueuedObject>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueuedObject {
    pub object_id: String,
    /// TRACE, OBSERVATION or SESSION.
    pub object_type: String,
}

/// How many objects became items, and how many were items already.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct AddedItems {
    pub added: u64,
    pub existing: u64,
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TakeAnnotationQueueItemBody {
    /// Items to pass over, at most 100: those of them that are the caller's are given back.
    pub skip: Option<Vec<String>>,
}

/// The item to work on.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TakenItem {
    /// `null` when nothing waits that nobody works on.
    pub item: Option<AnnotationQueueItem>,
    /// Until when it is the caller's.
    pub locked_until: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct UpdateAnnotationQueueItemBody {
    /// PENDING or COMPLETED.
    pub status: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnnotationQueueItem {
    pub id: String,
    pub queue_id: String,
    pub object_id: String,
    /// TRACE, OBSERVATION or SESSION.
    pub object_type: String,
    /// PENDING or COMPLETED.
    pub status: String,
    pub completed_at: Option<String>,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct SuccessMessage {
    pub success: bool,
    pub message: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentBody {
    pub user_id: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    pub user_id: String,
    pub queue_id: String,
    pub project_id: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct AssigneeList {
    pub data: Vec<Assignee>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Assignee {
    pub user_id: String,
    pub name: String,
    pub email: String,
}
