//! `auth`: signing in and out, who the signed-in user is, and becoming one by invitation.

mod accept_invitation;
mod change_password;
mod cookies;
mod end_my_session;
mod get_me;
mod list_my_sessions;
mod look_up_invitation;
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
        .on(&api::CHANGE_PASSWORD, change_password::handle)
        .on(&api::LIST_MY_SESSIONS, list_my_sessions::handle)
        .on(&api::END_MY_SESSION, end_my_session::handle)
        .on(&api::LOOK_UP_INVITATION, look_up_invitation::handle)
        .on(&api::ACCEPT_INVITATION, accept_invitation::handle);
    serve(state::State::new, router)
}
