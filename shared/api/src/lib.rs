//! The HTTP contract: every operation declared once, with its wire types, by resource.
//!
//! Routing, parsing, authorisation, `openapi.json`, the check on the template's routes and the dashboard's types come from
//! these declarations. Wire types live here and nowhere else; they convert from domain and store types at this edge.

pub mod accounts;
pub mod agents;
pub mod annotation_queues;
pub mod comments;
pub mod dataset_items;
pub mod dataset_runs;
pub mod datasets;
pub mod error;
pub mod experiments;
pub mod feedback;
pub mod filter;
pub mod github_webhook;
pub mod health;
pub mod ingestion;
pub mod json;
pub mod llm_connections;
pub mod media;
pub mod metrics;
pub mod models;
pub mod observations;
pub mod openapi;
pub mod operation;
pub mod organizations;
pub mod paging;
pub mod projects;
pub mod prompts;
pub mod score_configs;
pub mod scores;
pub mod sessions;
pub mod traces;

pub use error::{ErrorBody, ErrorName};
pub use json::Json;
pub use operation::{Access, Method, Operation, RateClass};

/// Every operation there is, by resource.
pub const OPERATIONS: &[&[Operation]] = &[
    ingestion::OPERATIONS,
    traces::OPERATIONS,
    observations::OPERATIONS,
    sessions::OPERATIONS,
    scores::OPERATIONS,
    score_configs::OPERATIONS,
    annotation_queues::OPERATIONS,
    comments::OPERATIONS,
    feedback::OPERATIONS,
    llm_connections::OPERATIONS,
    datasets::OPERATIONS,
    dataset_items::OPERATIONS,
    dataset_runs::OPERATIONS,
    experiments::OPERATIONS,
    prompts::OPERATIONS,
    metrics::OPERATIONS,
    agents::OPERATIONS,
    github_webhook::OPERATIONS,
    media::OPERATIONS,
    models::OPERATIONS,
    projects::OPERATIONS,
    organizations::OPERATIONS,
    accounts::OPERATIONS,
    health::OPERATIONS,
];

/// All operations in one list.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().copied().flatten()
}
