//! One model call that is told twice counts once.
//!
//! Provider SDKs trace themselves by now (Anthropic's does), and instrumentations around them tell the same call again, with the same
//! counts. Two cases are certain enough: a call inside a call with equal counts, and two calls with the same response id and equal
//! counts from different scopes. Of the two the outer one, or the one that has content, keeps tokens and cost.
//!
//! Only spans of one request are compared: the two ends of such a call are milliseconds apart and nearly always travel together.

use std::collections::HashMap;

use agenttrace_domain::{Event, Observation, ObservationType};

/// Takes tokens and cost off calls that others tell too. `responses` are places in `events` by response id.
pub(super) fn forget(events: &mut [Event], responses: &[(String, usize)]) {
    let mut repeated = inside_others(events);
    repeated.extend(same_response(events, responses));
    for i in repeated {
        if let Some(Event::Observation(o)) = events.get_mut(i) {
            o.usage.clear();
            o.stated_cost.clear();
            o.cost.clear();
        }
    }
}

/// The model call with counts at a place.
fn call(event: &Event) -> Option<&Observation> {
    match event {
        Event::Observation(o) if o.kind == Some(ObservationType::Generation) && !o.usage.is_empty() => Some(o),
        _ => None,
    }
}

fn inside_others(events: &[Event]) -> Vec<usize> {
    let calls: Vec<(usize, &Observation)> = events.iter().enumerate().filter_map(|(i, event)| Some((i, call(event)?))).collect();
    if calls.iter().all(|(_, o)| o.parent_id.is_none()) {
        return Vec::new();
    }
    let by_id: HashMap<(&str, &str), &Observation> = calls.iter().map(|(_, o)| ((o.trace_id.as_str(), o.id.as_str()), *o)).collect();
    let is_inside = |o: &Observation| {
        let parent = o.parent_id.as_deref().and_then(|parent| by_id.get(&(o.trace_id.as_str(), parent)));
        parent.is_some_and(|parent| same_counts(parent, o))
    };
    calls.iter().filter(|(_, o)| is_inside(o)).map(|(i, _)| *i).collect()
}

fn same_response(events: &[Event], responses: &[(String, usize)]) -> Vec<usize> {
    let mut kept: HashMap<&str, usize> = HashMap::new();
    let mut repeated = Vec::new();
    for (response, i) in responses {
        let Some(this) = call(&events[*i]) else { continue };
        let Some(other_at) = kept.get(response.as_str()).copied() else {
            kept.insert(response, *i);
            continue;
        };
        let Some(other) = call(&events[other_at]) else { continue };
        if other.scope_name == this.scope_name || !same_counts(other, this) {
            continue;
        }
        let loser = if other.input.is_none() && this.input.is_some() { other_at } else { *i };
        if loser == other_at {
            kept.insert(response, *i);
        }
        repeated.push(loser);
    }
    repeated
}

/// The same sums on both sides; one telling may know more parts than the other.
fn same_counts(a: &Observation, b: &Observation) -> bool {
    let cache = |o: &Observation| o.usage.iter().filter(|(key, _)| key.contains("cache")).map(|(_, n)| *n).fold(0, u64::saturating_add);
    a.input_tokens() == b.input_tokens() && a.output_tokens() == b.output_tokens() && cache(a) == cache(b)
}
