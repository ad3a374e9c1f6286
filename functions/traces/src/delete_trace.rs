//! `delete_trace`: orders the deletion of one trace.

use std::sync::Arc;

use agenttrace_api::traces::MessageAnswer;
use agenttrace_domain::DeleteJob;
use agenttrace_kit::{Call, Error, Response, now};

use crate::state::State;

/// An absent trace, and another project's, gives the same answer: there is nothing of it here to delete.
pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?.to_owned();
    let trace_ids = vec![call.request.param("traceId").to_owned()];

    state.delete_traces(DeleteJob::Traces { project_id, trace_ids, ordered_at: now() }).await?;

    Ok(Response::json(200, &MessageAnswer { message: "Trace deleted successfully".to_owned() }))
}
