//! ClickHouse: reads, writes and migrations; the only crate that imports `clickhouse`.
//!
//! Reads begin at [`Store::for_project`], so a query without a project does not compile. SQL stands in files next to the module that asks it; what
//! varies in it (filters, order) comes from fixed expressions, and every value is a bound parameter.

mod error;

pub mod agents;
pub mod condition;
pub mod connection;
pub mod metrics;
pub mod migrate;
pub mod observations;
mod places;
pub mod range;
pub mod reprice;
pub mod run_items;
pub mod scores;
pub mod sessions;
pub mod text;
pub mod traces;
mod windows;
pub mod write;

pub use condition::Condition;
pub use connection::{MAX_MEMORY, Project, Store};
pub use error::Error;
pub use range::TimeRange;
