//! From what clients send to [`agenttrace_domain::Event`]s.
//!
//! Everything here is pure: bytes, headers and a [`Context`] go in, events come out. No I/O, no clock, no randomness. Whatever the
//! bytes are, nothing here panics, memory stays within [`Limits`], and one bad entry doesn't take its neighbours with it.
//!
//! | door | module |
//! |---|---|
//! | OTLP traces, protobuf and JSON | [`otlp_traces()`] |
//! | Langfuse's batch API, `POST /ingestion` | [`batch()`] |
//! | scores | [`scores_request`] |
//! | single creates and updates over HTTP | [`api`] |

pub mod api;
mod batch;
mod body;
mod encoding;
mod entities;
mod headers;
mod limits;
mod mapping;
mod otlp;
mod otlp_traces;
mod price;
mod scores;
mod text;
mod usage;
mod value;

pub use api::{Stated, create_observation, create_trace, patch_observation, patch_score, patch_trace};
pub use batch::{BatchError, BatchOutcome, BatchScope, batch};
pub use encoding::decompress;
pub use headers::{OtlpFormat, otlp_content_type, sdk_from_headers};
pub use limits::{Context, Dropped, Limits, Refusal};
pub use otlp::response::encode_otlp_response;
pub use otlp_traces::{Batch, otlp_traces};
pub use price::price_observation;
pub use scores::{ScoresRequest, score_body, scores_request};
