//! `apply-retention`: once a day, orders the deletion of what projects no longer want to keep. `delete-data` does it. An order given twice, or for a
//! project that has nothing old, changes nothing.

mod retention;

use agenttrace_kit::worker;

fn main() -> agenttrace_kit::Exit {
    worker::run(retention::State::new, retention::handle)
}
