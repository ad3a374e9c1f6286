//! Token counts as disjoint buckets, and stated costs.
//!
//! Sources count differently, and adding a cached token twice is the classic error of this field. The rule, decided once here:
//!
//! * A bucket map in Langfuse's own words (`input`, `output`, any other key) is taken as it is: the client says it is disjoint.
//! * OpenAI's two usage objects (`prompt_tokens` with `prompt_tokens_details`, `input_tokens` with `input_tokens_details`) contain
//!   their details: `input_<k>` and `output_<k>` are taken out of `input` and `output`.
//! * Anthropic's usage object (`input_tokens` beside `cache_read_input_tokens`) doesn't contain the cache: nothing is taken out.
//! * Counters of an instrumentation ([`Counts`]) contain the cache unless the source is known not to, or the numbers say so: a cache
//!   larger than the whole, or a stated total that only adds up when the parts are separate.
//!
//! Counts that can't be (negative, fractional, beyond 2^53, not numbers) are left out and counted, never a failure.

use agenttrace_domain::Usd;
use serde_json::{Map, Value};

use crate::limits::Dropped;
use crate::text::{MAX_AMOUNT, short};

/// Usage buckets: key to count. Sorted by key, keys once.
pub(crate) type Buckets = Vec<(String, u64)>;
/// Costs by usage key. Sorted by key, keys once.
pub(crate) type Costs = Vec<(String, Usd)>;

/// Most buckets of one step.
const MAX_BUCKETS: usize = 100;

/// A count as JSON has it: an integer, a float without fraction or a text of digits.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub(crate) fn amount(value: &Value) -> Option<u64> {
    let found = match value {
        Value::Number(n) => {
            n.as_u64().or_else(|| n.as_f64().filter(|f| f.fract() == 0.0 && (0.0..=MAX_AMOUNT as f64).contains(f)).map(|f| f as u64))
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    found.filter(|n| *n <= MAX_AMOUNT)
}

/// The first of `keys` in the map, as a count. What can't be a count is dropped.
fn take(map: &Map<String, Value>, keys: &[&str], dropped: &mut Dropped) -> Option<u64> {
    let value = keys.iter().find_map(|key| map.get(*key).filter(|value| !value.is_null()))?;
    let found = amount(value);
    dropped.amounts += u64::from(found.is_none());
    found
}

/// Spellings of the three totals in the objects that providers and SDKs pass on.
const INPUT: &[&str] = &["prompt_tokens", "input_tokens", "promptTokens", "inputTokens"];
const OUTPUT: &[&str] = &["completion_tokens", "output_tokens", "completionTokens", "outputTokens"];
const TOTAL: &[&str] = &["total_tokens", "totalTokens"];

/// Details by OpenAI's two names, with the side they belong to.
const DETAILS: &[(&str, &str)] = &[
    ("prompt_tokens_details", "input"),
    ("input_tokens_details", "input"),
    ("completion_tokens_details", "output"),
    ("output_tokens_details", "output"),
];

/// A `usageDetails` object (or the `usage_details` attribute) as buckets.
pub(crate) fn usage_details(map: &Map<String, Value>, dropped: &mut Dropped) -> Buckets {
    let mut buckets = Buckets::new();
    // In Langfuse's own words nothing is renamed; `input_tokens` beside `input` would be a bucket of its own.
    let own_words = map.contains_key("input") || map.contains_key("output");
    let sides = [("input", INPUT), ("output", OUTPUT), ("total", TOTAL)];
    for (side, names) in sides {
        if (!own_words || side == "total")
            && !map.contains_key(side)
            && let Some(count) = take(map, names, dropped)
        {
            buckets.push((side.to_owned(), count));
        }
    }
    for (key, value) in map {
        if buckets.len() >= MAX_BUCKETS {
            dropped.amounts += 1;
            continue;
        }
        let is_total = |names: &[&str]| names.contains(&key.as_str());
        if (!own_words && (is_total(INPUT) || is_total(OUTPUT))) || is_total(TOTAL) || key == "unit" {
            continue;
        }
        match (value, DETAILS.iter().find(|(name, _)| name == key)) {
            (Value::Object(details), Some((_, side))) => subtract_details(&mut buckets, side, details, dropped),
            // Anthropic's `server_tool_use`, `service_tier` and the like aren't tokens.
            (Value::Null | Value::Object(_) | Value::Bool(_), _) => {}
            (Value::String(text), _) if text.parse::<f64>().is_err() => {}
            (value, _) => match amount(value) {
                Some(count) => put(&mut buckets, &short(key, dropped), count),
                None => dropped.amounts += 1,
            },
        }
    }
    if let Some(Value::Object(creation)) = map.get("cache_creation") {
        split_cache_creation(&mut buckets, map, creation, dropped);
    }
    sorted(buckets)
}

fn put(buckets: &mut Buckets, key: &str, count: u64) {
    match buckets.iter_mut().find(|(known, _)| known == key) {
        Some((_, old)) => *old = count,
        None => buckets.push((key.to_owned(), count)),
    }
}

fn subtract_details(buckets: &mut Buckets, side: &str, details: &Map<String, Value>, dropped: &mut Dropped) {
    for (name, value) in details {
        if value.is_null() {
            continue;
        }
        let Some(count) = amount(value) else {
            dropped.amounts += 1;
            continue;
        };
        if let Some((_, whole)) = buckets.iter_mut().find(|(key, _)| key == side) {
            *whole = whole.saturating_sub(count);
        }
        if buckets.len() < MAX_BUCKETS {
            put(buckets, &format!("{side}_{}", short(name, dropped)), count);
        }
    }
}

/// Anthropic's cache writes by lifetime; what they leave of the sum stays under its own name.
fn split_cache_creation(buckets: &mut Buckets, map: &Map<String, Value>, creation: &Map<String, Value>, dropped: &mut Dropped) {
    let mut parts = 0;
    for (name, key) in [("ephemeral_5m_input_tokens", "input_cache_creation_5m"), ("ephemeral_1h_input_tokens", "input_cache_creation_1h")]
    {
        if let Some(count) = take(creation, &[name], dropped) {
            put(buckets, key, count);
            parts += count;
        }
    }
    if let Some(whole) = take(map, &["cache_creation_input_tokens"], dropped) {
        put(buckets, "cache_creation_input_tokens", whole.saturating_sub(parts));
    }
}

fn sorted(mut buckets: Buckets) -> Buckets {
    buckets.sort_by(|a, b| a.0.cmp(&b.0));
    buckets.dedup_by(|later, first| later.0 == first.0);
    buckets
}

/// Counters as instrumentations send them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub input: Option<u64>,
    pub output: Option<u64>,
    pub total: Option<u64>,
    pub cache_read: u64,
    pub cache_write: u64,
    /// Parts of `cache_write`.
    pub cache_write_5m: u64,
    pub cache_write_1h: u64,
    pub reasoning: u64,
    pub input_audio: u64,
    pub output_audio: u64,
    /// The source is known to count the cache beside `input`, not in it.
    pub cache_beside_input: bool,
}

impl Counts {
    /// Disjoint buckets. Parts of 0 are left out.
    pub fn buckets(self) -> Buckets {
        let cached = self.cache_read.saturating_add(self.cache_write);
        let input = self.input.unwrap_or(0);
        let output = self.output.unwrap_or(0);
        let adds_up = |parts: u64| parts > 0 && self.total == input.checked_add(output).and_then(|sum| sum.checked_add(parts));
        let cache_beside = self.cache_beside_input
            || cached > input
            || adds_up(cached)
            || (self.reasoning > 0 && adds_up(cached.saturating_add(self.reasoning)));
        let fresh = if cache_beside { input } else { input - cached };
        let whole = if cache_beside { input.saturating_add(cached) } else { input };
        let reasoning_beside = self.reasoning > output
            || (self.reasoning > 0 && self.total == whole.checked_add(output).and_then(|sum| sum.checked_add(self.reasoning)));
        let answer = if reasoning_beside { output } else { output - self.reasoning };

        let mut buckets = Buckets::new();
        let mut push = |key: &str, count: Option<u64>| {
            if let Some(count) = count {
                buckets.push((key.to_owned(), count));
            }
        };
        let some = |count: u64| (count > 0).then_some(count);
        let other_writes = self.cache_write.saturating_sub(self.cache_write_5m).saturating_sub(self.cache_write_1h);
        push("input", self.input.map(|_| fresh.saturating_sub(self.input_audio)));
        push("input_audio_tokens", some(self.input_audio));
        push("input_cache_creation", some(other_writes));
        push("input_cache_creation_1h", some(self.cache_write_1h));
        push("input_cache_creation_5m", some(self.cache_write_5m));
        push("input_cached_tokens", some(self.cache_read));
        push("output", self.output.map(|_| answer.saturating_sub(self.output_audio)));
        push("output_audio_tokens", some(self.output_audio));
        push("output_reasoning_tokens", some(self.reasoning));
        push("total", self.total);
        buckets
    }
}

/// A map of costs in USD. What can't be paid is dropped.
pub(crate) fn cost_details(map: &Map<String, Value>, dropped: &mut Dropped) -> Costs {
    let mut costs = Costs::new();
    for (key, value) in map {
        if value.is_null() {
            continue;
        }
        match cost(value).filter(|_| costs.len() < MAX_BUCKETS) {
            Some(usd) => costs.push((short(key, dropped), usd)),
            None => dropped.amounts += 1,
        }
    }
    costs.sort_by(|a, b| a.0.cmp(&b.0));
    costs.dedup_by(|later, first| later.0 == first.0);
    costs
}

/// A cost in USD, as a number or as text.
pub(crate) fn cost(value: &Value) -> Option<Usd> {
    let dollars = match value {
        Value::Number(n) => n.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    Usd::from_f64(dollars)
}
