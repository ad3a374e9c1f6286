//! To be written.
use crate::operation::Operation;
pub const OPERATIONS: &[Operation] = &[];
