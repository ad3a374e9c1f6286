//! `reprice`: computes past costs anew with the prices of now. It looks at steps in slices and sends those whose cost changes to the writer by
//! the stream, so that a trace keeps its one writer. Jobs come from a queue, may come twice, and go on where the last one was.

mod reprice;

use agenttrace_kit::worker;

fn main() -> agenttrace_kit::Exit {
    worker::run(reprice::State::new, reprice::handle)
}
