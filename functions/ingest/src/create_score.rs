//! `create_score`: one score, or a list of them as Python's SDK 5 sends it.

use std::sync::Arc;

use agenttrace_api::agents::RefusedRow;
use agenttrace_api::ingestion::{IdAnswer, ScoresAnswer};
use agenttrace_api::traces::MessageAnswer;
use agenttrace_domain::{Event, Source};
use agenttrace_ingest::{ScoresRequest, decompress, scores_request};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_pricing::OwnModels;

use crate::accept::{Arrival, accept, refused};
use crate::score_configs::Named;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let arrival = Arrival::of(request)?;
    let body = decompress(&request.body, request.header("content-encoding"), &state.limits).map_err(refused)?;
    let mut configs = Named::of(&state, call.project_id()?);
    let scores = loop {
        if let Some(scores) = configs.read(&arrival, OwnModels::none(), |ctx| scores_request(&body, ctx)) {
            break scores.map_err(refused)?;
        }
        configs.ask().await?;
    };
    match scores {
        ScoresRequest::Single(score) => {
            let score = score.map_err(|message| Error::bad_request(format!("Invalid request data: {message}")))?;
            let id = score.id.clone();
            accept(&state, &call, &arrival, Source::Api, vec![Event::Score(score)]).await?;
            Ok(Response::json(200, &IdAnswer { id }))
        }
        ScoresRequest::Many(scores) => {
            let (mut events, mut errors) = (Vec::with_capacity(scores.len()), Vec::new());
            for (index, score) in (0u64..).zip(scores) {
                match score {
                    Ok(score) => events.push(Event::Score(score)),
                    Err(message) => errors.push(RefusedRow { index, message }),
                }
            }
            let accepted = events.len();
            accept(&state, &call, &arrival, Source::Api, events).await?;
            Ok(if errors.is_empty() {
                Response::json(202, &MessageAnswer { message: "Accepted".to_owned() })
            } else {
                Response::json(207, &ScoresAnswer { accepted, rejected: errors.len(), errors })
            })
        }
    }
}
