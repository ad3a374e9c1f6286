//! `delete_llm_connection`: deletes a connection with its sealed key.

use std::sync::Arc;

use agenttrace_api::traces::MessageAnswer;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;
use crate::upsert_llm_connection::check_role;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    check_role(call.caller()?)?;
    let not_found = || Error::not_found("LLM connection not found");
    let all = state.records.llm_connections(call.project_id()?).await?;
    let connection = all.into_iter().find(|c| c.id == call.request.param("id")).ok_or_else(not_found)?;
    if !state.records.delete_llm_connection(&connection).await? {
        return Err(not_found());
    }
    Ok(Response::json(200, &MessageAnswer { message: "LLM connection successfully deleted".to_owned() }))
}
