//! Bodies of traces and observations as the batch API and the HTTP routes send them.

use agenttrace_domain::{Environment, Event, Level, Observation, ObservationType, Timestamp, Trace, valid_id};

use crate::body::Body;
use crate::limits::{Context, Dropped};
use crate::mapping::metadata::{Collector, Metadata};
use crate::mapping::tag_set;
use crate::text::{compact, long, short, short_some};
use crate::usage::{Buckets, Costs, cost, cost_details, usage_details};

/// An event and the id of what it is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub id: String,
    pub event: Event,
}

/// An id that a client chose.
pub(crate) fn checked_id(name: &str, id: String) -> Result<String, String> {
    if valid_id(&id) { Ok(id) } else { Err(format!("{name} must be text of 1 to 800 characters, without control characters")) }
}

pub(crate) fn optional_id(body: &Body<'_>, key: &str) -> Result<Option<String>, String> {
    match body.text(key)? {
        Some(id) if !id.is_empty() => checked_id(key, id).map(Some),
        _ => Ok(None),
    }
}

fn short_text(body: &Body<'_>, key: &str, dropped: &mut Dropped) -> Result<Option<String>, String> {
    Ok(body.text(key)?.and_then(|text| short_some(&text, dropped)))
}

fn content(body: &Body<'_>, keys: &[&str], ctx: &Context<'_>, dropped: &mut Dropped) -> Option<String> {
    keys.iter().find_map(|key| body.content(key)).map(|text| long(text, ctx.limits, dropped))
}

pub(crate) fn metadata(body: &Body<'_>, ctx: &Context<'_>, dropped: &mut Dropped) -> Metadata {
    let mut collector = Collector::new(ctx.limits, dropped);
    body.metadata("metadata", &mut collector);
    collector.finish()
}

pub(crate) fn environment(body: &Body<'_>) -> Option<Environment> {
    let text = body.text("environment").ok().flatten()?;
    Some(Environment::normalise(&text))
}

/// A statement about a trace; without an `id` in the body it is `fallback_id`.
pub(crate) fn trace(body: &Body<'_>, fallback_id: &str, at: Timestamp, ctx: &Context<'_>, dropped: &mut Dropped) -> Result<Told, String> {
    let id = optional_id(body, "id")?.unwrap_or_else(|| fallback_id.to_owned());
    let patch = trace_fields(body, id.clone(), ctx, dropped)?;
    Ok(Told { id, event: Event::Trace { at, patch: Box::new(patch) } })
}

/// A trace's fields. `timestamp` is only what the body says: an update doesn't move the trace.
pub(crate) fn trace_fields(body: &Body<'_>, id: String, ctx: &Context<'_>, dropped: &mut Dropped) -> Result<Trace, String> {
    Ok(Trace {
        timestamp: body.time("timestamp")?,
        name: short_text(body, "name", dropped)?,
        user_id: short_text(body, "userId", dropped)?,
        session_id: short_text(body, "sessionId", dropped)?,
        input: content(body, &["input"], ctx, dropped),
        output: content(body, &["output"], ctx, dropped),
        metadata: metadata(body, ctx, dropped),
        tags: tag_set(body.texts("tags")?.unwrap_or_default(), dropped),
        replace_tags: None,
        public: body.flag("public")?,
        bookmarked: body.flag("bookmarked")?,
        release: short_text(body, "release", dropped)?,
        version: short_text(body, "version", dropped)?,
        environment: environment(body),
        id,
    })
}

/// A create. Without a `traceId` the observation makes a trace of its own, whose id is the observation's.
pub(crate) fn create_observation(
    kind: Option<ObservationType>,
    body: &Body<'_>,
    fallback_id: &str,
    at: Timestamp,
    ctx: &Context<'_>,
    dropped: &mut Dropped,
) -> Result<Told, String> {
    let id = optional_id(body, "id")?.unwrap_or_else(|| fallback_id.to_owned());
    let mut observation = observation_fields(body, id.clone(), ctx, dropped)?;
    observation.kind = kind.or(stated_kind(body)?).or(Some(ObservationType::Span));
    observation.start_time = observation.start_time.or(Some(at));
    Ok(told(id, observation, at))
}

/// An update of the observation that `id_key` names (`id`; `spanId` and `generationId` on the oldest routes).
pub(crate) fn update_observation(
    kind: Option<ObservationType>,
    body: &Body<'_>,
    id_key: &str,
    at: Timestamp,
    ctx: &Context<'_>,
    dropped: &mut Dropped,
) -> Result<Told, String> {
    let id = optional_id(body, id_key)?.ok_or_else(|| format!("{id_key} is missing: it names the observation to update"))?;
    patch_observation(kind, body, id, at, ctx, dropped)
}

/// An update of the observation `id`.
pub(crate) fn patch_observation(
    kind: Option<ObservationType>,
    body: &Body<'_>,
    id: String,
    at: Timestamp,
    ctx: &Context<'_>,
    dropped: &mut Dropped,
) -> Result<Told, String> {
    let mut observation = observation_fields(body, id.clone(), ctx, dropped)?;
    observation.kind = kind.or(stated_kind(body)?);
    Ok(told(id, observation, at))
}

fn told(id: String, observation: Observation, at: Timestamp) -> Told {
    Told { id, event: Event::ObservationPatch { at, patch: Box::new(observation) } }
}

fn stated_kind(body: &Body<'_>) -> Result<Option<ObservationType>, String> {
    let Some(text) = body.text("type")? else { return Ok(None) };
    let kinds = || ObservationType::ALL.map(ObservationType::as_str).join(", ");
    ObservationType::parse(&text).map(Some).ok_or_else(|| format!("type must be one of {}", kinds()))
}

fn observation_fields(body: &Body<'_>, id: String, ctx: &Context<'_>, dropped: &mut Dropped) -> Result<Observation, String> {
    let level = body.text("level")?.filter(|level| !level.is_empty());
    let level = level.map(|level| Level::parse(&level).ok_or("level must be one of DEBUG, DEFAULT, WARNING, ERROR")).transpose()?;
    let (prompt_name, prompt_version) = prompt(body, dropped)?;
    let (usage, stated_cost) = usage(body, dropped)?;
    let mut observation = Observation {
        // What a step repeats of its trace, so that what is read alone (a command, a file) knows it.
        session_id: short_text(body, "sessionId", dropped).unwrap_or_default(),
        user_id: short_text(body, "userId", dropped).unwrap_or_default(),
        trace_name: short_text(body, "traceName", dropped).unwrap_or_default(),
        tags: tag_set(body.texts("tags").ok().flatten().unwrap_or_default(), dropped),
        trace_id: optional_id(body, "traceId")?.unwrap_or_else(|| id.clone()),
        parent_id: optional_id(body, "parentObservationId")?.filter(|parent| *parent != id),
        name: short_text(body, "name", dropped)?,
        start_time: body.time("startTime")?,
        end_time: body.time("endTime")?,
        completion_start_time: body.time("completionStartTime")?,
        level,
        status_message: content(body, &["statusMessage"], ctx, dropped),
        version: short_text(body, "version", dropped)?,
        environment: environment(body),
        // The first SDKs called a generation's texts `prompt` and `completion`.
        input: content(body, &["input", "prompt"], ctx, dropped),
        output: content(body, &["output", "completion"], ctx, dropped),
        metadata: metadata(body, ctx, dropped),
        model: short_text(body, "model", dropped)?,
        model_parameters: model_parameters(body, ctx, dropped),
        usage,
        stated_cost,
        prompt_name,
        prompt_version,
        id,
        ..Observation::default()
    };
    crate::price::price_observation(&mut observation, ctx.prices, ctx.now);
    Ok(observation)
}

fn model_parameters(body: &Body<'_>, ctx: &Context<'_>, dropped: &mut Dropped) -> Option<String> {
    let parameters = body.get("modelParameters").filter(|value| value.get().starts_with('{'))?;
    let parameters = compact(parameters.get());
    (parameters != "{}").then(|| long(parameters, ctx.limits, dropped))
}

fn prompt(body: &Body<'_>, dropped: &mut Dropped) -> Result<(Option<String>, Option<u32>), String> {
    let name = short_text(body, "promptName", dropped)?;
    let version = body.get("promptVersion").map(|version| version.get().trim_matches('"').parse::<u32>());
    match (name, version) {
        (None, None) => Ok((None, None)),
        (Some(name), Some(Ok(version))) => Ok((Some(name), Some(version))),
        _ => Err("promptName and promptVersion (a whole number) go together: send both or neither".to_owned()),
    }
}

/// `usageDetails` and `costDetails`, else the older `usage`, which holds both.
fn usage(body: &Body<'_>, dropped: &mut Dropped) -> Result<(Buckets, Costs), String> {
    let older = body.object("usage")?;
    let buckets = match (body.object("usageDetails")?, &older) {
        (Some(details), _) => usage_details(&details, dropped),
        (None, Some(usage)) => {
            let mut counts = usage.clone();
            counts.retain(|key, _| !OLDER_COSTS.iter().any(|(name, _)| name == key));
            usage_details(&counts, dropped)
        }
        (None, None) => Buckets::new(),
    };
    let costs = match (body.object("costDetails")?, &older) {
        (Some(details), _) => cost_details(&details, dropped),
        (None, Some(usage)) => {
            let mut costs = Costs::new();
            for (name, key) in OLDER_COSTS {
                let Some(value) = usage.get(name).filter(|value| !value.is_null()) else { continue };
                match cost(value) {
                    Some(usd) => costs.push((key.to_owned(), usd)),
                    None => dropped.amounts += 1,
                }
            }
            costs
        }
        (None, None) => Costs::new(),
    };
    Ok((buckets, costs))
}

const OLDER_COSTS: [(&str, &str); 3] = [("inputCost", "input"), ("outputCost", "output"), ("totalCost", "total")];

/// A short text for a field that may be cleared by an empty one.
pub(crate) fn clearable(body: &Body<'_>, key: &str, dropped: &mut Dropped) -> Result<Option<String>, String> {
    Ok(body.text(key)?.map(|text| short(&text, dropped)))
}
