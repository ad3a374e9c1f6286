//! Ids of steps that no source names alike, made of facts that each of them knows.
//!
//! Codex', Gemini CLI's and OpenCode's telemetry and transcripts give a model call different names or none. What both know are its token
//! counts. An agent sends its whole conversation with every call, so within a session the input grows from call to call, and two calls with
//! the same counts are as good as impossible; times would differ by a millisecond between the two tellings, or be rounded apart.
//!
//! What has no counts, a prompt, a tool call, finds its [twin](super::twins).

use super::step_id;

/// The step of a model call that has no id: of its session and its counts. `None` when the counts say nothing.
#[must_use]
pub fn call_id(session: &str, counts: &[u64]) -> Option<String> {
    counts.iter().any(|count| *count > 0).then(|| {
        let counts: Vec<String> = counts.iter().map(u64::to_string).collect();
        step_id("call", &format!("{session}-{}", counts.join("-")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_its_counts() {
        assert_eq!(call_id("s", &[15_295, 14_872, 74, 0]).as_deref(), Some("call-s-15295-14872-74-0"));
        assert_eq!(call_id("s", &[0, 0]), None, "counts that nobody told make no id");
        assert_ne!(call_id("s", &[1, 23]), call_id("s", &[12, 3]));
    }
}
