//! Labels that members may neither move nor delete. Administrators may, and so may API keys: pipelines promote with them, as with Langfuse.

use agenttrace_auth::{Caller, Scope};
use agenttrace_kit::{Call, Error};

use crate::state::State;

/// The protected labels, or none when they do not bind the caller.
pub async fn binding(state: &State, call: &Call) -> Result<Vec<String>, Error> {
    match call.caller()? {
        caller @ Caller::Member { .. } if !caller.allows(Scope::Admin) => {
            Ok(state.records.protected_prompt_labels(call.project_id()?).await?)
        }
        _ => Ok(Vec::new()),
    }
}

/// Refuses to move or delete a label that binds the caller.
pub fn check<'a>(binding: &[String], touched: impl IntoIterator<Item = &'a String>) -> Result<(), Error> {
    match touched.into_iter().find(|label| binding.contains(label)) {
        None => Ok(()),
        Some(label) => {
            Err(Error::forbidden(format!("The label '{label}' is protected. Ask an administrator of the project to move or delete it.")))
        }
    }
}
