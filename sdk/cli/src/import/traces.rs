//! Traces with their observations, oldest first, by the first read API; servers without it are read by [`super::observations`].

use anyhow::Result;
use serde_json::Value;

use super::{Import, at_once, check_progress, convert, is_missing, media, observations, rows, sink, text};
use crate::api::{Api, Failure, segment};

const LIST: &str = "/api/public/traces";
/// Traces of one page.
const PAGE: usize = 50;
/// After so many pages the list begins anew at the time that was reached: deep pages are slow on every server.
const DEEP: u64 = 20;
/// Observations of one page of a trace that is too large for one answer.
const PART: &str = "25";

pub fn copy(import: &mut Import<'_>) -> Result<()> {
    let first = import.source.get(LIST, &[("limit", "1"), ("page", "1")]);
    if is_missing(&first) {
        return observations::copy(import);
    }
    first?;
    if import.arguments.dry_run {
        return count(import);
    }
    let since = import.arguments.since.clone();
    let mut before = Vec::new();
    while !import.state.noted.traces.complete {
        let progress = import.state.noted.traces.clone();
        let (page, until) = (progress.page.max(1), import.state.noted.until.clone());
        let number = page.to_string();
        let mut query = vec![
            ("orderBy", "timestamp.asc"),
            ("toTimestamp", until.as_str()),
            ("page", number.as_str()),
            ("limit", "50"),
            ("fields", "core"),
        ];
        let after = progress.after.clone().or_else(|| since.clone());
        if let Some(after) = &after {
            query.push(("fromTimestamp", after.as_str()));
        }
        let list = rows(&import.source.get(LIST, &query)?);
        check_progress(LIST, &before, &list)?;
        copy_page(import, &list)?;
        let next = &mut import.state.noted.traces;
        next.page = page + 1;
        next.after = after;
        next.complete = list.len() < PAGE;
        let reached = list.last().map(|row| text(row, "timestamp").to_owned());
        if page >= DEEP && reached.is_some() && reached != next.after {
            next.after = reached;
            next.page = 1;
            before = Vec::new();
        } else {
            before = list;
        }
        import.save()?;
    }
    Ok(())
}

fn count(import: &mut Import<'_>) -> Result<()> {
    let since = import.arguments.since.clone();
    let mut query = vec![("limit", "1"), ("page", "1")];
    if let Some(since) = &since {
        query.push(("fromTimestamp", since));
    }
    for (kind, path, from) in [("traces", LIST, "fromTimestamp"), ("observations", "/api/public/observations", "fromStartTime")] {
        let query: Vec<(&str, &str)> =
            query.iter().map(|(name, value)| (if *name == "fromTimestamp" { from } else { *name }, *value)).collect();
        let total = import.source.get(path, &query)?["meta"]["totalItems"].as_u64().unwrap_or(0);
        import.report.done(kind, total);
    }
    Ok(())
}

fn copy_page(import: &mut Import<'_>, list: &[Value]) -> Result<()> {
    let whole = at_once(list, usize::from(import.arguments.concurrency), |row| read(&import.source, text(row, "id")));
    let mut events = Vec::new();
    for trace in whole.into_iter().flatten() {
        // One that was deleted meanwhile is `None`.
        let Some(trace) = trace? else { continue };
        events.push((convert::trace(&trace), Some("traces")));
        let observations = trace["observations"].as_array().into_iter().flatten();
        events.extend(observations.map(|row| (convert::observation(row), Some("observations"))));
    }
    let places = media::of_events(&events);
    sink::send(import, events)?;
    media::copy(import, places)
}

fn read(source: &Api, id: &str) -> Result<Option<Value>, Failure> {
    let path = format!("{LIST}/{}", segment(id));
    match source.get(&path, &[]) {
        Ok(trace) => Ok(Some(trace)),
        Err(failure) if failure.status() == Some(404) => Ok(None),
        // Too large for one answer: what is said of the trace, then its observations in parts.
        Err(failure) if matches!(failure.status(), Some(413 | 422)) => {
            let mut trace = source.get(&path, &[("fields", "core,io")])?;
            let (mut observations, mut before) = (Vec::new(), Vec::new());
            for page in 1.. {
                let answer = source.get("/api/public/observations", &[("traceId", id), ("page", &page.to_string()), ("limit", PART)])?;
                let list = rows(&answer);
                let last = list.is_empty() || list == before || page >= answer["meta"]["totalPages"].as_u64().unwrap_or(0);
                observations.extend_from_slice(&list);
                if last {
                    break;
                }
                before = list;
            }
            trace["observations"] = Value::Array(observations);
            Ok(Some(trace))
        }
        Err(failure) => Err(failure),
    }
}
