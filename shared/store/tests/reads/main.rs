//! The reads against a real ClickHouse, one database a test. `support` says where it comes from.

mod agents;
mod filters;
mod metrics;
mod metrics_query;
mod observations;
mod paging;
mod scores;
mod search;
mod sessions;
mod step_filters;
mod sums;
mod support;
mod tables;
mod tenants;
mod traces;
