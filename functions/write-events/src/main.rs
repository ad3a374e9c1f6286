//! `write-events`: reads the stream in order of trace, merges, and inserts into ClickHouse so that a redelivery changes nothing.
//!
//! There is one writer per trace at a time (a shard's batches come one after another), which is what lets it read, merge and write. A
//! record that can never be stored goes to `failed/` in the data bucket with its reason; a store that is away fails the batch, which comes again.

mod event;
mod fold;
mod store;
mod write;

use agenttrace_kit::worker;

fn main() -> agenttrace_kit::Exit {
    worker::run(write::State::new, write::handle)
}
