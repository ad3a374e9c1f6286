//! Is the stack alive, and can it serve?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};

pub const GET_HEALTH: Operation =
    Operation::new("get_health", Method::Get, "/api/public/health", "health", Access::Anyone, "Alive, and which version.")
        .answers(200, schema::<Health>);
pub const GET_READY: Operation = Operation::new(
    "get_ready",
    Method::Get,
    "/api/public/ready",
    "health",
    Access::Anyone,
    "Able to serve: the stores answer. 503 otherwise.",
)
.answers(200, schema::<Health>);

pub const OPERATIONS: &[Operation] = &[GET_HEALTH, GET_READY];

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Health {
    /// `OK`, or `UNAVAILABLE` with 503.
    pub status: String,
    pub version: String,
}
