//! Events on their way into the target: gathered into requests that it takes, each answered before the next is sent.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::Import;

/// A request's body stays well below the 4.5 MB that Langfuse's own servers take.
const MAX_BYTES: usize = 2_500_000;
const MAX_EVENTS: usize = 500;

/// An event with the kind that it is counted as; `None` for what belongs to something counted already.
pub type Counted = (Value, Option<&'static str>);

/// Sends events in order.
pub fn send(import: &mut Import<'_>, events: Vec<Counted>) -> Result<()> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    for event in events {
        let size = event.0.to_string().len();
        if !batch.is_empty() && (bytes + size > MAX_BYTES || batch.len() >= MAX_EVENTS) {
            send_batch(import, std::mem::take(&mut batch))?;
            bytes = 0;
        }
        bytes += size;
        batch.push(event);
    }
    send_batch(import, batch)
}

fn send_batch(import: &mut Import<'_>, batch: Vec<Counted>) -> Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let events: Vec<&Value> = batch.iter().map(|(event, _)| event).collect();
    let answer = match import.target.send("POST", "/api/public/ingestion", &json!({"batch": events})) {
        Ok(answer) => answer,
        // One that is too large on its own is the only thing that a smaller request can't mend.
        Err(failure) if failure.status() == Some(413) && batch.len() > 1 => {
            for event in batch {
                send_batch(import, vec![event])?;
            }
            return Ok(());
        }
        Err(failure) if matches!(failure.status(), Some(400 | 413 | 422)) => {
            for (event, kind) in &batch {
                import.report.refused(kind.unwrap_or("events"), event["body"]["id"].as_str().unwrap_or_default(), &failure.to_string());
            }
            return Ok(());
        }
        Err(failure) => return Err(failure.into()),
    };
    let errors = answer["errors"].as_array().context("the target answered no list of errors")?;
    for (event, kind) in &batch {
        match errors.iter().find(|e| e["id"] == event["id"]) {
            None => {
                if let Some(kind) = kind {
                    import.report.done(kind, 1);
                }
            }
            Some(error) => {
                let why = error["message"].as_str().or(error["error"].as_str()).unwrap_or("refused");
                import.report.refused(kind.unwrap_or("events"), event["body"]["id"].as_str().unwrap_or_default(), why);
            }
        }
    }
    Ok(())
}
