//! Media: images, sound and files that belong to traces and dataset items. The bytes go straight between the client and the bucket,
//! by addresses that this API signs; texts hold a reference (`agenttrace_domain::media`) in their place.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};

pub const CREATE_MEDIA: Operation = Operation::new(
    "create_media",
    Method::Post,
    "/api/public/media",
    "media",
    Access::Project(Scope::Ingest),
    "Announce a file of a trace or dataset item; gives its id and, unless the same bytes are there already, where to PUT it.",
)
.body(schema::<CreateMediaBody>)
.answers(201, schema::<CreatedMedia>);
pub const GET_MEDIA: Operation = Operation::new(
    "get_media",
    Method::Get,
    "/api/public/media/{mediaId}",
    "media",
    Access::Project(Scope::Read),
    "A file with an address to download it from. 404 until its upload was reported.",
)
.answers(200, schema::<Media>);
pub const REPORT_MEDIA_UPLOAD: Operation = Operation::new(
    "report_media_upload",
    Method::Patch,
    "/api/public/media/{mediaId}",
    "media",
    Access::Project(Scope::Ingest),
    "Report how the upload went. The file can be downloaded once the bucket holds exactly the announced bytes.",
)
.body(schema::<ReportMediaUploadBody>)
.status(204);
pub const LIST_TRACE_MEDIA: Operation = Operation::new(
    "list_trace_media",
    Method::Get,
    "/api/public/v2/traces/{traceId}/media",
    "traces",
    Access::Project(Scope::Read),
    "The files of a trace and of its steps that can be downloaded, up to 500.",
)
.answers(200, schema::<TraceMediaList>);

pub const OPERATIONS: &[Operation] = &[CREATE_MEDIA, GET_MEDIA, REPORT_MEDIA_UPLOAD, LIST_TRACE_MEDIA];

/// Either `traceId` (and `observationId`) or `datasetId` and `datasetItemId`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateMediaBody {
    pub trace_id: Option<String>,
    pub observation_id: Option<String>,
    pub dataset_id: Option<String>,
    /// Need not exist yet.
    pub dataset_item_id: Option<String>,
    /// One of Langfuse's 52 types.
    pub content_type: String,
    /// In bytes.
    pub content_length: u64,
    /// Base64 of the SHA-256 of the bytes.
    pub sha256_hash: String,
    /// `input`, `output` or `metadata` of a trace; `input`, `expectedOutput` or `metadata` of a dataset item.
    pub field: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatedMedia {
    /// The first 22 characters of the hash, with `-` for `+` and `_` for `/`.
    pub media_id: String,
    /// PUT the bytes there within an hour, with the announced `Content-Type` and `x-amz-checksum-sha256`. `null` when they are there already.
    pub upload_url: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportMediaUploadBody {
    pub uploaded_at: String,
    /// What the bucket answered.
    pub upload_http_status: u16,
    pub upload_http_error: Option<String>,
    pub upload_time_ms: Option<f64>,
}

/// A file that can be downloaded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Media {
    pub media_id: String,
    pub content_type: String,
    /// In bytes.
    pub content_length: u64,
    /// Good until `urlExpiry`.
    pub url: String,
    pub url_expiry: String,
    pub uploaded_at: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TraceMediaList {
    pub data: Vec<TraceMedia>,
}

/// A file and where in the trace it belongs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceMedia {
    /// `null` when it belongs to the trace itself.
    pub observation_id: Option<String>,
    /// `input`, `output` or `metadata`.
    pub field: String,
    #[serde(flatten)]
    pub media: Media,
}

/// A reference in a dataset item's text with the file that it names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MediaReference {
    /// `input`, `expectedOutput` or `metadata`.
    pub field: String,
    /// As it stands in the text.
    pub reference_string: String,
    /// Where in the field's value, such as `$['gallery'][0]`.
    pub json_path: String,
    pub media: ReferencedMedia,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferencedMedia {
    pub media_id: String,
    pub content_type: String,
    /// In bytes.
    pub content_length: u64,
    pub url: String,
    pub url_expiry: String,
}
