//! ClickHouse: reads, writes and migrations; the only crate that imports `clickhouse`.

mod error;
pub mod migrate;
pub mod write;

pub use error::Error;
