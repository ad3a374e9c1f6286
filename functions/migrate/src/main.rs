//! `migrate`: runs at every deployment. Brings ClickHouse's tables up to date and, the first time, makes the first organization,
//! project, owner and key pair, and puts them into the secret `FirstAccess`.

mod custom_resource;
mod migrate;

use agenttrace_kit::worker;

fn main() -> agenttrace_kit::Exit {
    worker::run(migrate::State::new, migrate::handle)
}
