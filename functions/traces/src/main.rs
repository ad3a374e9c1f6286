//! `traces`: everything that is read of traces, observations, sessions and scores, and the orders to delete them.

mod count_traces_v2;
mod delete_score;
mod delete_trace;
mod delete_traces;
mod get_observation;
mod get_score;
mod get_score_v2;
mod get_session;
mod get_session_v2;
mod get_trace;
mod get_trace_v2;
mod list_observations;
mod list_observations_v2;
mod list_scores;
mod list_scores_v2;
mod list_scores_v3;
mod list_sessions;
mod list_sessions_v2;
mod list_trace_facets;
mod list_trace_media;
mod list_traces;
mod list_traces_v2;
mod prompt_ids;
mod query;
mod score_query;
mod state;

use agenttrace_api::{media, observations, scores, sessions, traces};
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&traces::LIST_TRACES, list_traces::handle)
        .on(&traces::GET_TRACE, get_trace::handle)
        .on(&traces::DELETE_TRACE, delete_trace::handle)
        .on(&traces::DELETE_TRACES, delete_traces::handle)
        .on(&traces::LIST_TRACES_V2, list_traces_v2::handle)
        .on(&traces::COUNT_TRACES_V2, count_traces_v2::handle)
        .on(&traces::LIST_TRACE_FACETS, list_trace_facets::handle)
        .on(&traces::GET_TRACE_V2, get_trace_v2::handle)
        .on(&media::LIST_TRACE_MEDIA, list_trace_media::handle)
        .on(&observations::LIST_OBSERVATIONS, list_observations::handle)
        .on(&observations::GET_OBSERVATION, get_observation::handle)
        .on(&observations::LIST_OBSERVATIONS_V2, list_observations_v2::handle)
        .on(&sessions::LIST_SESSIONS, list_sessions::handle)
        .on(&sessions::GET_SESSION, get_session::handle)
        .on(&sessions::LIST_SESSIONS_V2, list_sessions_v2::handle)
        .on(&sessions::GET_SESSION_V2, get_session_v2::handle)
        .on(&scores::LIST_SCORES, list_scores::handle)
        .on(&scores::GET_SCORE, get_score::handle)
        .on(&scores::DELETE_SCORE, delete_score::handle)
        .on(&scores::LIST_SCORES_V2, list_scores_v2::handle)
        .on(&scores::GET_SCORE_V2, get_score_v2::handle)
        .on(&scores::LIST_SCORES_V3, list_scores_v3::handle);
    serve(state::State::new, router)
}
