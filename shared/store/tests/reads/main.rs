//! The reads against a real ClickHouse, one database a test. `support` says where it comes from.

mod filters;
mod metrics;
mod observations;
mod paging;
mod scores;
mod search;
mod sessions;
mod support;
mod tenants;
mod traces;
