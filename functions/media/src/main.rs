//! `media`: files of traces and dataset items. It signs addresses; the bytes never pass through it.

mod create_media;
mod get_media;
mod report_media_upload;
mod state;

use agenttrace_api::media as api;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&api::CREATE_MEDIA, create_media::handle)
        .on(&api::GET_MEDIA, get_media::handle)
        .on(&api::REPORT_MEDIA_UPLOAD, report_media_upload::handle);
    serve(state::State::new, router)
}
