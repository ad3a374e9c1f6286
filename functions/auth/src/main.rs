//! `auth`: signing in and out, and who the signed-in user is.

mod change_password;
mod cookies;
mod get_me;
mod refresh_session;
mod sign_in;
mod sign_out;
mod sign_out_everywhere;
mod state;
mod throttle;

use agenttrace_api::accounts as api;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&api::SIGN_IN, sign_in::handle)
        .on(&api::REFRESH_SESSION, refresh_session::handle)
        .on(&api::SIGN_OUT, sign_out::handle)
        .on(&api::SIGN_OUT_EVERYWHERE, sign_out_everywhere::handle)
        .on(&api::GET_ME, get_me::handle)
        .on(&api::CHANGE_PASSWORD, change_password::handle);
    serve(state::State::new, router)
}
