//! When the statements of a batch count from.
//!
//! The envelope's `timestamp` decides, but not blindly:
//!
//! * A clock that is ahead counts as now, or its statements would win over everything that is said until then.
//! * An update counts after the create of the same entity in the same batch: JavaScript's SDK 3 stamps envelopes when they are encoded,
//!   which is not the order of the calls (a create may be stamped a millisecond after its update).
//! * For the same reason several `trace-create` of one trace, stamped within a second, count in the order of the `timestamp` in their bodies.

use std::collections::HashMap;

use agenttrace_domain::Timestamp;

use super::{Envelope, Type};

/// How far apart stamps of one flush may be, in microseconds.
const FLUSH: i64 = 1_000_000;

/// Corrects the times of the envelopes.
pub(super) fn settle(envelopes: &mut [Envelope<'_>], now: Timestamp) {
    keep_out_of_the_future(envelopes, now);
    order_traces(envelopes);
    order_updates(envelopes);
}

/// Times after `now` become `now`, a microsecond apart so that their order stays.
fn keep_out_of_the_future(envelopes: &mut [Envelope<'_>], now: Timestamp) {
    let mut ahead: Vec<usize> = (0..envelopes.len()).filter(|i| envelopes[*i].at > now).collect();
    ahead.sort_by_key(|i| envelopes[*i].at);
    for (back, i) in ahead.into_iter().rev().enumerate() {
        let back = i64::try_from(back).unwrap_or(i64::MAX);
        envelopes[i].at = Timestamp(now.0.saturating_sub(back));
    }
}

fn entity(envelope: &Envelope<'_>) -> String {
    envelope.body.text("id").ok().flatten().filter(|id| !id.is_empty()).unwrap_or_else(|| envelope.id.clone())
}

fn order_traces(envelopes: &mut [Envelope<'_>]) {
    let mut by_trace: HashMap<String, Vec<(Timestamp, usize)>> = HashMap::new();
    for (i, envelope) in envelopes.iter().enumerate().filter(|(_, e)| e.kind == Type::Trace) {
        if let Ok(Some(called)) = envelope.body.time("timestamp") {
            by_trace.entry(entity(envelope)).or_default().push((called, i));
        }
    }
    for mut calls in by_trace.into_values().filter(|calls| calls.len() > 1) {
        let mut stamps: Vec<Timestamp> = calls.iter().map(|(_, i)| envelopes[*i].at).collect();
        stamps.sort_unstable();
        if stamps.last().zip(stamps.first()).is_some_and(|(last, first)| last.0.saturating_sub(first.0) <= FLUSH) {
            calls.sort_unstable();
            for ((_, i), stamp) in calls.into_iter().zip(stamps) {
                envelopes[i].at = stamp;
            }
        }
    }
}

fn order_updates(envelopes: &mut [Envelope<'_>]) {
    let mut created: HashMap<String, Timestamp> = HashMap::new();
    for envelope in envelopes.iter().filter(|e| matches!(e.kind, Type::Create(_))) {
        let at = created.entry(entity(envelope)).or_insert(envelope.at);
        *at = envelope.at.max(*at);
    }
    let mut updates: Vec<usize> = (0..envelopes.len()).filter(|i| matches!(envelopes[*i].kind, Type::Update(_))).collect();
    updates.sort_by_key(|i| envelopes[*i].at);
    for i in updates {
        // What was moved stays in its order: each takes the place of the last one.
        if let Some(before) = created.get_mut(&entity(&envelopes[i]))
            && envelopes[i].at <= *before
        {
            *before = Timestamp(before.0 + 1);
            envelopes[i].at = *before;
        }
    }
}
