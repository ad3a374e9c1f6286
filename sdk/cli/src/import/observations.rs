//! Traces with their observations by the later read API, for servers that no longer have traces of their own: a flat list, newest first, whose roots
//! tell what is known of their traces.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::Value;

use super::{Import, convert, media, next_cursor, rows, sink, text};

const LIST: &str = "/api/public/v2/observations";
const FIELDS: &str = "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context";
/// Rows may hold long texts, and an answer must stay within what a server gives.
const PAGE: &str = "100";
/// Where this API cuts the values of metadata that were not asked for by name.
const CUT: usize = 200;

pub fn copy(import: &mut Import<'_>) -> Result<()> {
    let dry_run = import.arguments.dry_run;
    let from = import.state.noted.traces.after.clone().or_else(|| import.arguments.since.clone());
    while !import.state.noted.traces.complete {
        let cursor = import.state.noted.traces.cursor.clone();
        let until = import.state.noted.until.clone();
        let mut query = vec![
            ("fields", if dry_run { "core,basic" } else { FIELDS }),
            ("limit", if dry_run { "1000" } else { PAGE }),
            ("toStartTime", until.as_str()),
        ];
        if let Some(from) = &from {
            query.push(("fromStartTime", from));
        }
        if let Some(cursor) = &cursor {
            query.push(("cursor", cursor));
        }
        let mut answer = import.source.get(LIST, &query)?;
        let cut = cut_keys(&rows(&answer));
        if !cut.is_empty() && !dry_run {
            query.push(("expandMetadata", &cut));
            answer = import.source.get(LIST, &query)?;
        }
        let list = rows(&answer);
        if dry_run {
            import.report.done("observations", list.len() as u64);
            import.report.done("traces", list.iter().filter(|row| is_root(row)).count() as u64);
        } else {
            let events: Vec<sink::Counted> = list.into_iter().flat_map(events).collect();
            let places = media::of_events(&events);
            sink::send(import, events)?;
            media::copy(import, places)?;
        }
        let progress = &mut import.state.noted.traces;
        progress.cursor = next_cursor(LIST, &answer, cursor.as_deref())?;
        progress.complete = progress.cursor.is_none();
        import.save()?;
    }
    Ok(())
}

fn events(row: Value) -> Vec<sink::Counted> {
    let row = convert::with_parsed_texts(row);
    let mut events = Vec::new();
    if is_root(&row) {
        events.push((convert::trace_of_root(&row), Some("traces")));
    }
    events.push((convert::observation(&row), Some("observations")));
    events
}

fn is_root(row: &Value) -> bool {
    row["isRootObservation"].as_bool().unwrap_or_else(|| text(row, "parentObservationId").is_empty())
}

/// Keys of metadata whose values may have been cut, as a list with commas.
fn cut_keys(list: &[Value]) -> String {
    let metadata = list.iter().filter_map(|row| row["metadata"].as_object()).flatten();
    let keys: BTreeSet<&str> =
        metadata.filter(|(_, v)| v.as_str().is_some_and(|t| t.chars().count() >= CUT)).map(|(k, _)| k.as_str()).collect();
    keys.into_iter().filter(|key| !key.contains(',')).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn metadata_that_may_be_cut_is_asked_for_by_name() {
        let long = "x".repeat(CUT);
        let list = [json!({"metadata": {"a": long, "b": "short"}}), json!({"metadata": {"c": long, "a": 1}}), json!({"metadata": null})];

        assert_eq!(cut_keys(&list), "a,c");
    }

    #[test]
    fn roots_tell_of_their_traces() {
        let root = json!({"id": "o", "traceId": "t", "type": "AGENT", "name": "n", "traceName": "trace", "startTime": "2026-01-01T00:00:00.000Z", "userId": "u", "isRootObservation": true});

        let events = events(root);

        assert_eq!(events[0].0["body"], json!({"id": "t", "name": "trace", "timestamp": "2026-01-01T00:00:00.000Z", "userId": "u"}));
        assert_eq!(events[1].0["type"], "agent-create");
        assert!(!is_root(&json!({"parentObservationId": "p"})) && is_root(&json!({"parentObservationId": null})));
    }
}
