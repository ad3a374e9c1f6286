//! Scores of traces, observations, sessions and runs, by whichever of the three read APIs the server has.

use anyhow::Result;
use serde_json::Value;

use super::{Import, check_progress, convert, is_missing, next_cursor, rows, sink};

const SECOND: &str = "/api/public/v2/scores";
const THIRD: &str = "/api/public/v3/scores";
/// Only scores of traces.
const FIRST: &str = "/api/public/scores";

pub fn copy(import: &mut Import<'_>) -> Result<()> {
    let second = import.source.get(SECOND, &[("limit", "1")]);
    if !is_missing(&second) {
        second?;
        return by_page(import, SECOND);
    }
    let third = import.source.get(THIRD, &[("limit", "1")]);
    if !is_missing(&third) {
        third?;
        return by_cursor(import);
    }
    by_page(import, FIRST)
}

/// Newest first up to a fixed time, so that new ones shift no page.
fn by_page(import: &mut Import<'_>, path: &str) -> Result<()> {
    let from = import.state.noted.scores.after.clone().or_else(|| import.arguments.since.clone());
    let mut before = Vec::new();
    while !import.state.noted.scores.complete {
        let (page, until) = (import.state.noted.scores.page.max(1), import.state.noted.until.clone());
        let number = page.to_string();
        let limit = if import.arguments.dry_run { "1" } else { "100" };
        let mut query = vec![("toTimestamp", until.as_str()), ("page", number.as_str()), ("limit", limit)];
        if let Some(from) = &from {
            query.push(("fromTimestamp", from));
        }
        let answer = import.source.get(path, &query)?;
        if import.arguments.dry_run {
            import.report.done("scores", answer["meta"]["totalItems"].as_u64().unwrap_or(0));
            return Ok(());
        }
        let list = rows(&answer);
        check_progress(path, &before, &list)?;
        send(import, &list)?;
        import.state.noted.scores.page = page + 1;
        import.state.noted.scores.complete = list.is_empty() || page >= answer["meta"]["totalPages"].as_u64().unwrap_or(0);
        import.save()?;
        before = list;
    }
    Ok(())
}

fn by_cursor(import: &mut Import<'_>) -> Result<()> {
    let from = import.state.noted.scores.after.clone().or_else(|| import.arguments.since.clone());
    while !import.state.noted.scores.complete {
        let (cursor, until) = (import.state.noted.scores.cursor.clone(), import.state.noted.until.clone());
        let mut query = vec![("fields", "details,subject,annotation"), ("limit", "100"), ("toTimestamp", until.as_str())];
        if let Some(from) = &from {
            query.push(("fromTimestamp", from));
        }
        if let Some(cursor) = &cursor {
            query.push(("cursor", cursor));
        }
        let answer = import.source.get(THIRD, &query)?;
        let list = rows(&answer);
        if import.arguments.dry_run {
            import.report.done("scores", list.len() as u64);
        } else {
            send(import, &list)?;
        }
        import.state.noted.scores.cursor = next_cursor(THIRD, &answer, cursor.as_deref())?;
        import.state.noted.scores.complete = import.state.noted.scores.cursor.is_none();
        import.save()?;
    }
    Ok(())
}

fn send(import: &mut Import<'_>, list: &[Value]) -> Result<()> {
    let noted = &import.state.noted;
    let ids = convert::Ids { configs: &noted.config_ids, runs: &noted.run_ids, queues: &noted.queue_ids };
    let events = list.iter().map(|row| (convert::score(row, &ids), Some("scores"))).collect();
    sink::send(import, events)
}
