//! The nouns of AgentTrace and the rules that hold between them.
//!
//! Everything here is pure: no I/O, no clock, no randomness. Wire formats turn into these types in `agenttrace-ingest`,
//! tables are written from them in `agenttrace-store`. A field that is `None` was not said; the merge rules in
//! [`merge`] rest on that.

pub mod agent;
pub mod environment;
pub mod event;
pub mod facts;
pub mod id;
pub mod job;
pub mod media;
pub mod merge;
pub mod observation;
pub mod outbound;
pub mod prompt;
pub mod run_item;
pub mod score;
pub mod score_config;
pub mod time;
pub mod tools;
pub mod trace;
pub mod usd;
pub mod vcs;

pub use environment::Environment;
pub use event::{Envelope, Event, Sdk, Source};
pub use facts::{Facts, Step};
pub use id::{ID_MAX_CHARS, overflow_prefix, text_hash, trace_hash, valid_id};
pub use job::DeleteJob;
pub use merge::FieldTimes;
pub use observation::{Level, Observation, ObservationType};
pub use run_item::{RunItem, RunTelling, run_item_id};
pub use score::{Score, ScoreDataType, ScoreSource};
pub use score_config::{ScoreConfig, ScoreRule};
pub use time::Timestamp;
pub use tools::Tools;
pub use trace::Trace;
pub use usd::Usd;
pub use vcs::repository_url;
