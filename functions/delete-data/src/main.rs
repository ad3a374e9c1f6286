//! `delete-data`: deletes traces and scores for good, in ClickHouse and S3. Jobs come from a queue and may come twice.

mod delete;

use agenttrace_kit::worker;

fn main() -> agenttrace_kit::Exit {
    worker::run(delete::State::new, delete::handle)
}
