//! `submit_feedback`: feedback for a vendor, of whom this deployment knows none. What SDKs know as "feedback is not configured".

use std::sync::Arc;

use agenttrace_api::feedback::SubmitFeedbackBody;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

pub async fn handle(_state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: SubmitFeedbackBody = call.request.json()?;
    let texts = [("target", Some(&body.target), 200), ("feedback", Some(&body.feedback), 3_000), ("goal", body.goal.as_ref(), 1_500)];
    for (name, text, max) in texts {
        if text.is_some_and(|text| text.is_empty() || text.chars().count() > max) {
            return Err(Error::bad_request(format!("`{name}` must have 1 to {max} characters.")));
        }
    }
    if body.reference_url.is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
        return Err(Error::bad_request("`referenceUrl` must begin with https:// or http://"));
    }
    Err(Error::conflict("This deployment passes no feedback on to a vendor. Tell whoever runs it."))
}
