//! `delete_traces`: orders the deletion of up to 1000 traces.

use std::sync::Arc;

use agenttrace_api::traces::{DeleteTracesBody, MessageAnswer};
use agenttrace_domain::{DeleteJob, valid_id};
use agenttrace_kit::{Call, Error, Response, now};

use crate::state::State;

const MAX_TRACES: usize = 1_000;
/// Ids of one job together: a message holds 256 KB.
const MAX_JOB_BYTES: usize = 150_000;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: DeleteTracesBody = call.request.json()?;
    if body.trace_ids.is_empty() || body.trace_ids.len() > MAX_TRACES {
        return Err(Error::bad_request(format!("`traceIds` must hold 1 to {MAX_TRACES} ids")));
    }
    if let Some(i) = body.trace_ids.iter().position(|id| !valid_id(id)) {
        return Err(Error::bad_request(format!("`traceIds[{i}]` must be 1 to 800 characters without control characters")));
    }
    for trace_ids in jobs(body.trace_ids) {
        state.delete_traces(DeleteJob::Traces { project_id: call.project_id()?.to_owned(), trace_ids, ordered_at: now() }).await?;
    }
    Ok(Response::json(200, &MessageAnswer { message: "Traces deleted successfully".to_owned() }))
}

fn jobs(ids: Vec<String>) -> Vec<Vec<String>> {
    let mut jobs: Vec<Vec<String>> = Vec::new();
    let mut bytes = MAX_JOB_BYTES;
    for id in ids {
        // JSON may spell a character as six.
        let size = id.len() * 2 + 3;
        if bytes + size > MAX_JOB_BYTES {
            jobs.push(Vec::new());
            bytes = 0;
        }
        bytes += size;
        if let Some(job) = jobs.last_mut() {
            job.push(id);
        }
    }
    jobs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_in_one_job_that_a_message_holds() {
        let ids: Vec<String> = (0..1_000).map(|i| format!("{i:0>800}")).collect();

        let jobs = jobs(ids.clone());

        assert_eq!(jobs.concat(), ids);
        assert!(jobs.iter().all(|job| !job.is_empty() && serde_json::to_string(job).is_ok_and(|text| text.len() < 256_000)));
    }
}
