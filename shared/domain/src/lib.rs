//! The nouns of AgentTrace and the rules that hold between them.
//!
//! Everything here is pure: no I/O, no clock, no randomness. Wire formats turn into these types in `agenttrace-ingest`,
//! tables are written from them in `agenttrace-store`. A field that is `None` was not said; the merge rules in
//! [`merge`] rest on that.

pub mod environment;
pub mod event;
pub mod facts;
pub mod id;
pub mod job;
pub mod merge;
pub mod observation;
pub mod score;
pub mod time;
pub mod trace;
pub mod usd;

pub use environment::Environment;
pub use event::{Envelope, Event, Sdk, Source};
pub use facts::{Facts, Step};
pub use id::{ID_MAX_CHARS, overflow_prefix, trace_hash, valid_id};
pub use job::DeleteJob;
pub use merge::FieldTimes;
pub use observation::{Level, Observation, ObservationType};
pub use score::{Score, ScoreDataType, ScoreSource};
pub use time::Timestamp;
pub use trace::Trace;
pub use usd::Usd;
