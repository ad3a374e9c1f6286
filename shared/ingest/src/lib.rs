//! From what clients send to [`agenttrace_domain::Event`]s.
//!
//! Everything here is pure: bytes, headers and a [`Context`] go in, events come out. No I/O, no clock, no randomness. Whatever the
//! bytes are, nothing here panics, memory stays within [`Limits`], and one bad entry doesn't take its neighbours with it.
//!
//! | door | module |
//! |---|---|
//! | OTLP traces, protobuf and JSON | [`otlp_traces()`] |
//! | OTLP logs of coding agents | [`otlp_logs()`] |
//! | OTLP metrics | [`otlp_metrics()`] |
//! | coding agents' hooks | [`agent_hooks()`] |
//! | Langfuse's batch API, `POST /ingestion` | [`batch()`] |
//! | scores | [`scores_request`] |
//! | single creates and updates over HTTP | [`api`] |
//! | GitHub's webhooks | [`github`] |
//!
//! After any of them, [`lift_media`] takes files out of the texts.

mod agents;
pub mod api;
mod batch;
mod body;
mod encoding;
mod entities;
pub mod github;
mod headers;
mod limits;
mod mapping;
pub mod media;
mod otlp;
mod otlp_logs;
mod otlp_metrics;
mod otlp_traces;
mod price;
mod scores;
mod text;
mod usage;
mod value;

pub use agents::hooks::{HookBatch, agent_hooks, hook_agents};
pub use api::{Stated, create_observation, create_trace, patch_observation, patch_score, patch_trace};
pub use batch::{BatchError, BatchOutcome, BatchScope, batch};
pub use encoding::decompress;
pub use headers::{OtlpFormat, otlp_content_type, sdk_from_headers};
pub use limits::{Context, Dropped, Limits, Refusal};
pub use media::{LiftedMedia, lift_media};
pub use otlp::response::{Signal, encode_otlp_response};
pub use otlp_logs::otlp_logs;
pub use otlp_metrics::otlp_metrics;
pub use otlp_traces::{Batch, otlp_traces};
pub use price::{price_observation, price_stored};
pub use scores::{ScoresRequest, score_body, scores_request};
