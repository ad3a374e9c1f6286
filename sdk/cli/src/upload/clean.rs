//! What is done to everything before it leaves: contents of files that hold secrets are withheld, and secrets in all texts are taken out. What could not
//! be scanned does not leave.

use agenttrace_redact::{HIGH_ENTROPY, redact_json};
use serde_json::Value;

use crate::withhold::{Ignored, withhold, withhold_parts};

/// Keys of ids by which what is told of one call meets: an id is drawn at random and may look like a secret.
const IDS: &[&str] = &[
    "agentId",
    "agent_id",
    "callID",
    "commitSha",
    "conversation_id",
    "generation_id",
    "id",
    "messageID",
    "message_id",
    "observationId",
    "parentAgentId",
    "parentID",
    "parentObservationId",
    "parent_agent_id",
    "partID",
    "prompt_id",
    "sessionID",
    "sessionId",
    "session_id",
    "tool_use_id",
    "traceId",
    "traceparent",
    "turn_id",
    "uuid",
];

/// Of an event and what the hook knew of it.
pub fn clean_hook(envelope: &mut Value, ignored: &Ignored) -> Result<usize, agenttrace_redact::Error> {
    if let Some(event) = envelope.get_mut("event") {
        withhold(event, ignored);
    }
    let told = envelope.clone();
    let found = redact_json(envelope)?;
    if found > 0 {
        keep_ids(&told, envelope);
    }
    Ok(found)
}

/// Of any other body.
pub fn clean(body: &mut Value) -> Result<usize, agenttrace_redact::Error> {
    withhold_parts(body);
    let told = body.clone();
    let found = redact_json(body)?;
    if found > 0 {
        keep_ids(&told, body);
    }
    Ok(found)
}

/// Puts ids back that fell to nothing but their randomness.
fn keep_ids(told: &Value, clean: &mut Value) {
    match (told, clean) {
        (Value::Object(told), Value::Object(clean)) => {
            for (key, item) in clean {
                match (told.get(key), item) {
                    (Some(Value::String(was)), Value::String(is)) if was != is && IDS.contains(&key.as_str()) && is_id(was) => {
                        is.clone_from(was)
                    }
                    (Some(was), is) => keep_ids(was, is),
                    (None, _) => {}
                }
            }
        }
        (Value::Array(told), Value::Array(clean)) => told.iter().zip(clean).for_each(|(was, is)| keep_ids(was, is)),
        _ => {}
    }
}

/// Can it be an id, and looks like a secret for nothing but its randomness?
pub fn is_id(text: &str) -> bool {
    text.len() <= 128
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && agenttrace_redact::find(text.as_bytes()).is_ok_and(|found| found.iter().all(|finding| finding.rule == HIGH_ENTROPY))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_stay_though_they_look_random_and_secrets_go_though_they_stand_as_ids() {
        let random = "call_q8Zr3LkX0vT5nYbW2cJdHs7PfMgEuA1iR9oK4tV6";
        let mut envelope =
            json!({"id": "x", "event": {"tool_use_id": random, "session_id": "AKIAQ3EGRJ5NXW7KD2LM", "prompt": format!("use {random}")}});

        let found = clean_hook(&mut envelope, &Ignored::default()).expect("scanned");

        assert_eq!(found, 3);
        assert_eq!(envelope["event"]["tool_use_id"], random);
        assert!(!envelope.to_string().contains("AKIAQ3EGRJ5NXW7KD2LM"));
        assert_eq!(envelope["event"]["prompt"], "use [redacted:high-entropy]");
    }

    #[test]
    fn a_difference_loses_the_part_of_a_file_of_secrets_in_every_body() {
        let diff = "diff --git a/.env b/.env\n+PLANTED=words\ndiff --git a/x.rs b/x.rs\n+fine\n";
        let mut body = json!({"batch": [{"body": {"output": diff, "input": {"deep": [diff]}}}]});

        clean(&mut body).expect("scanned");

        let told = body.to_string();
        assert!(!told.contains("PLANTED") && told.matches("+fine").count() == 2, "{told}");
    }

    #[test]
    fn a_trace_keeps_its_id_in_every_body() {
        let random = "opencode-ses_dd862be62ffegktT1eCZs12u7Q";
        let mut body = json!({"batch": [{"id": "e", "body": {"id": random, "traceId": random, "parentObservationId": random, "input": format!("see {random}")}}]});

        assert_eq!(clean(&mut body).expect("scanned"), 1, "names are no secrets, and the text may hold one");

        let told = &body["batch"][0]["body"];
        assert_eq!((&told["id"], &told["traceId"], &told["parentObservationId"]), (&json!(random), &json!(random), &json!(random)));
        assert_eq!(told["input"], "see [redacted:high-entropy]");
    }
}
