//! The HTTP contract: every operation declared once, with its wire types, by resource.
//!
//! Routing, parsing, authorisation, `openapi.json`, the check on the template's routes and the dashboard's types come from
//! these declarations. Wire types live here and nowhere else; they convert from domain and store types at this edge.

pub mod accounts;
pub mod error;
pub mod filter;
pub mod health;
pub mod ingestion;
pub mod json;
pub mod metrics;
pub mod observations;
pub mod openapi;
pub mod operation;
pub mod paging;
pub mod projects;
pub mod scores;
pub mod sessions;
pub mod traces;

pub use error::{ErrorBody, ErrorName};
pub use json::Json;
pub use operation::{Access, Method, Operation};

/// Every operation there is, by resource.
pub const OPERATIONS: &[&[Operation]] = &[
    ingestion::OPERATIONS,
    traces::OPERATIONS,
    observations::OPERATIONS,
    sessions::OPERATIONS,
    scores::OPERATIONS,
    metrics::OPERATIONS,
    projects::OPERATIONS,
    accounts::OPERATIONS,
    health::OPERATIONS,
];

/// All operations in one list.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().copied().flatten()
}
