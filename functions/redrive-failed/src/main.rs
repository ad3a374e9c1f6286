//! `redrive-failed`: puts the records under `failed/` on the stream again, after whatever stopped them was mended. Invoked by hand
//! (`make redrive`). An object is deleted only when its record is on the stream; a record put twice changes nothing.

mod redrive;

use agenttrace_kit::worker;

fn main() -> agenttrace_kit::Exit {
    worker::run(redrive::State::new, redrive::handle)
}
