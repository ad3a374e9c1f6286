//! From a span to an observation and to what it says of its trace.
//!
//! The rules are Langfuse's, by area: [`kind`], [`io`], [`model`], [`usage`], [`metadata`], [`experiment`]; each lists its keys in order of precedence.

pub(crate) mod experiment;
pub(crate) mod io;
pub(crate) mod keys;
pub(crate) mod kind;
pub(crate) mod messages;
pub(crate) mod metadata;
pub(crate) mod model;
pub(crate) mod usage;

use agenttrace_domain::{Environment, Level, Observation, ObservationType, RunItem, Timestamp, Trace};
use serde_json::{Map, Value as Json};

use crate::headers::encodes_metadata;
use crate::limits::{Context, Dropped};
use crate::otlp::{Resource, Scope, Span};
use crate::text::{json_string, long, short, short_some};
use crate::value::{Object, Value};
use keys::{Key, Lookup};
use metadata::{Collector, Spelling};

const NAMES: &[Key] = &[Key::ToolName, Key::GenkitName, Key::LogfireMessage, Key::AiToolName];
const USERS: &[Key] = &[Key::LfUser, Key::User, Key::LfObservationUser, Key::LfTraceUser, Key::AiUser];
const SESSIONS: &[Key] =
    &[Key::LfSession, Key::Session, Key::Conversation, Key::LfObservationSession, Key::LfTraceSession, Key::AiSession, Key::GenkitSession];
const TAGS: &[Key] = &[Key::LfTraceTags, Key::LfTags, Key::LfObservationTags, Key::LfTraceMetadataTags, Key::AiTags, Key::Tags];
const ENVIRONMENTS: &[Key] = &[Key::LfEnvironment, Key::DeploymentName, Key::Deployment];
const PUBLIC: &[Key] = &[Key::LfTracePublic, Key::LfPublic];
const PROVIDERS: &[Key] = &[Key::Provider, Key::System, Key::AiModelProvider, Key::LlmProvider, Key::LlmSystem];
/// Operations that repeat the sums of the model calls below them.
const SUMMING_OPERATIONS: &[&str] = &["invoke_agent", "agent_step"];
/// Steps of LiveKit that only matter to its makers.
const LIVEKIT_DEBUG: &[&str] = &[
    "user_speaking",
    "eou_detection",
    "llm_request_run",
    "tts_node",
    "tts_request",
    "tts_request_run",
    "tts_stream_adapter",
    "agent_speaking",
    "drain_agent_activity",
    "on_exit",
    "on_enter",
    "llm_fallback_adapter",
    "tts_fallback_adapter",
    "start_agent_activity",
];
/// Most tags of one statement.
const MAX_TAGS: usize = 1_000;

/// Where spans came from, made ready once for all of them.
pub(crate) struct Origin<'o, 'a> {
    /// The coding agent whose own tracing this is.
    pub agent: Option<crate::agents::Source>,
    pub resource: &'o Resource<'a>,
    scope: &'o Scope<'a>,
    of_resource: Lookup<'o, 'a>,
    resource_text: Option<String>,
    scope_text: Option<String>,
    is_langfuse_sdk: bool,
    spelling: Spelling,
}

impl<'o, 'a> Origin<'o, 'a> {
    pub fn new(resource: &'o Resource<'a>, scope: &'o Scope<'a>, ctx: &Context<'_>) -> Self {
        Self {
            agent: crate::agents::Source::of(resource, scope),
            resource,
            scope,
            of_resource: Lookup::new(&resource.attributes),
            resource_text: metadata::object_text(&resource.attributes),
            scope_text: scope_text(scope),
            is_langfuse_sdk: scope.name.starts_with("langfuse-sdk"),
            spelling: if encodes_metadata(ctx.sdk) { Spelling::Json } else { Spelling::Bare },
        }
    }
}

fn scope_text(scope: &Scope<'_>) -> Option<String> {
    if scope.name.is_empty() && scope.version.is_empty() && scope.attributes.is_empty() {
        return None;
    }
    let mut json = format!(r#"{{"name":{},"version":{}"#, json_string(&scope.name), json_string(&scope.version));
    if !scope.attributes.is_empty() {
        json.push_str(",\"attributes\":");
        json.push_str(&serde_json::to_string(&Object(&scope.attributes)).unwrap_or_default());
    }
    json.push('}');
    Some(json)
}

/// What a span says: the step, and, when it says anything of the whole trace, that and since when it holds.
pub(crate) struct Told {
    pub observation: Observation,
    pub trace: Option<(Timestamp, Trace)>,
    /// The try of an experiment that the span is.
    pub run_item: Option<RunItem>,
    /// The provider's id of the answer, on model calls.
    pub response_id: Option<String>,
}

/// Maps one span. `trace_id` and `id` are its ids as text.
pub(crate) fn observe(
    trace_id: String,
    id: String,
    span: &Span<'_>,
    origin: &Origin<'_, '_>,
    ctx: &Context<'_>,
    dropped: &mut Dropped,
) -> Told {
    let attributes = Lookup::new(&span.attributes);
    let limits = ctx.limits;
    let kind = kind::kind(&span.name, &attributes, origin.scope, origin.resource);
    let (start, end) = (time(span.start), time(span.end));
    let start_time = start.or(end).unwrap_or(ctx.now);
    let (input, output) = io::io(&attributes, &span.events, origin.scope);
    let sums = attributes.text(Key::Operation).is_some_and(|operation| SUMMING_OPERATIONS.contains(&operation));
    let mut text = |value: Option<&Value<'_>>| value.and_then(|value| short_some(&value.to_text(), dropped));

    let name = match span_name(&attributes) {
        Some(name) => name,
        None => span.name.clone().into_owned(),
    };
    let user_id = text(attributes.first(USERS));
    let session_id = text(attributes.first(SESSIONS));
    let trace_name = text(attributes.some(Key::LfTraceName));
    let release = text(attributes.some(Key::LfRelease).or_else(|| origin.of_resource.some(Key::LfRelease)));
    let version = text(attributes.some(Key::LfVersion).or_else(|| origin.of_resource.some(Key::ServiceVersion)));
    let environment = ENVIRONMENTS
        .iter()
        .find_map(|key| attributes.some(*key).or_else(|| origin.of_resource.some(*key)))
        .map(|value| Environment::normalise(&value.to_text()));
    let model = if sums { None } else { model::model(&attributes).and_then(|model| short_some(&model, dropped)) };
    let (prompt_name, prompt_version) = if kind == ObservationType::Generation { prompt(&attributes, dropped) } else { (None, None) };
    let app_root = [Key::LfIsAppRoot, Key::LfAsRoot].into_iter().find_map(|key| attributes.get(key)?.as_bool()).filter(|root| *root);
    let parent_id = span.parent_id.filter(|parent| Some(*parent) != span.id).map(|parent| hex(&parent));
    let is_root = parent_id.is_none() || app_root.is_some();
    let tags = tags(&attributes, dropped);

    let mut observation = Observation {
        kind: Some(kind),
        name: Some(short(&name, dropped)),
        start_time: Some(start_time),
        end_time: end,
        completion_start_time: model::completion_start(&attributes, start_time, origin.scope),
        level: Some(level(span, &attributes, origin.scope)),
        status_message: status_message(span, &attributes).map(|message| long(message, limits, dropped)),
        version,
        environment: Some(environment.clone().unwrap_or_default()),
        input: input.map(|text| long(text, limits, dropped)),
        output: output.map(|text| long(text, limits, dropped)),
        model_parameters: if sums { None } else { model::parameters(&attributes, origin.scope).map(|text| long(text, limits, dropped)) },
        usage: if sums { Vec::new() } else { usage::usage(&attributes, origin.scope, dropped) },
        stated_cost: if sums { Vec::new() } else { usage::stated_cost(&attributes, dropped) },
        model,
        prompt_name,
        prompt_version,
        app_root,
        parent_id,
        user_id,
        session_id,
        trace_name,
        tags,
        release,
        scope_name: Some(short(&origin.scope.name, dropped)).filter(|name| !name.is_empty()),
        trace_id,
        id,
        ..Observation::default()
    };

    let mut of_trace = Collector::new(limits, dropped);
    metadata::of_trace(&attributes, origin.spelling, &mut of_trace);
    let trace_metadata = of_trace.finish();
    let mut of_observation = Collector::new(limits, dropped);
    if !origin.is_langfuse_sdk
        && let Some(rest) = metadata::remaining(&attributes)
    {
        of_observation.put("attributes", rest);
    }
    for (key, text) in [("resourceAttributes", &origin.resource_text), ("scope", &origin.scope_text)] {
        if let Some(text) = text {
            of_observation.put(key, text.clone());
        }
    }
    for (key, value) in &trace_metadata {
        of_observation.put(key, value.clone());
    }
    metadata::of_observation(&attributes, origin.spelling, &mut of_observation);
    observation.metadata = of_observation.finish();
    let provider = attributes.first(PROVIDERS).and_then(Value::as_text);
    crate::price::price_by_provider(&mut observation, provider, ctx.prices, ctx.now);

    let content = |key| attributes.get(key).filter(|value| **value != Value::Null).map(|value| value.to_text().into_owned());
    let patch = Trace {
        name: observation.trace_name.clone(),
        user_id: observation.user_id.clone(),
        session_id: observation.session_id.clone(),
        input: content(Key::LfTraceInput).map(|text| long(text, limits, dropped)),
        output: content(Key::LfTraceOutput).map(|text| long(text, limits, dropped)),
        metadata: trace_metadata,
        tags: observation.tags.clone(),
        public: PUBLIC.iter().find_map(|key| attributes.get(*key)?.as_bool()),
        release: observation.release.clone(),
        // The same attribute is a step's version and the trace's: only the root's is meant for the trace. Where none is stated, that of the service
        // that began the trace stands for both.
        version: observation.version.clone().filter(|_| is_root),
        environment,
        ..Trace::default()
    };
    let trace = (patch != Trace::default()).then(|| {
        let at = end.unwrap_or(start_time).min(ctx.now);
        (at, Trace { id: observation.trace_id.clone(), ..patch })
    });
    let run_item = experiment::run_item(&attributes, &observation, limits, dropped);
    let response_id = attributes.text(Key::ResponseId).filter(|_| !observation.usage.is_empty()).map(str::to_owned);
    Told { observation, trace, run_item, response_id }
}

/// Text of a JSON object as a map.
pub(crate) fn text_map(value: &Value<'_>) -> Option<Map<String, Json>> {
    match value {
        Value::Text(text) => serde_json::from_str(text).or_else(|_| serde_json::from_str(&crate::text::repair_surrogates(text))).ok(),
        Value::Map(_) => serde_json::from_str(&value.to_json()).ok(),
        _ => None,
    }
}

/// Lower-case hex, as W3C writes ids.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// A time of a span. A clock that counts seconds, milliseconds or microseconds where nanoseconds belong would land in the first days
/// of 1970; it is read as what it is.
fn time(nanos: u64) -> Option<Timestamp> {
    let scale = match nanos {
        0..100_000_000_000 => 1_000_000_000,
        100_000_000_000..100_000_000_000_000 => 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000,
        _ => 1,
    };
    Timestamp::from_unix_nanos(nanos.checked_mul(scale)?)
}

fn span_name(attributes: &Lookup<'_, '_>) -> Option<String> {
    if let Some(name) = attributes.first(NAMES) {
        return Some(name.to_text().into_owned());
    }
    let operation = attributes.some(Key::AiOperation)?.to_text();
    Some(match attributes.some(Key::AiFunction) {
        Some(function) => format!("{}:{operation}", function.to_text()),
        None => operation.into_owned(),
    })
}

fn level(span: &Span<'_>, attributes: &Lookup<'_, '_>, scope: &Scope<'_>) -> Level {
    let debug = || scope.name == "livekit-agents" && LIVEKIT_DEBUG.contains(&span.name.as_ref());
    match attributes.text(Key::LfLevel).and_then(Level::parse) {
        Some(level) => level,
        None if span.status_code == 2 => Level::Error,
        None if debug() => Level::Debug,
        None => Level::Default,
    }
}

/// The stated message, the status's, or the exception that made it an error.
fn status_message(span: &Span<'_>, attributes: &Lookup<'_, '_>) -> Option<String> {
    if let Some(stated) = attributes.some(Key::LfStatusMessage) {
        return Some(stated.to_text().into_owned());
    }
    if !span.status_message.is_empty() {
        return Some(span.status_message.clone().into_owned());
    }
    if span.status_code != 2 {
        return None;
    }
    let exception = span.events.iter().rev().find(|event| event.name == "exception")?;
    let read = |key: &str| exception.attributes.iter().find(|a| a.key == key).and_then(|a| a.value.as_text()).filter(|t| !t.is_empty());
    read("exception.message").or_else(|| read("exception.type")).map(str::to_owned)
}

fn prompt(attributes: &Lookup<'_, '_>, dropped: &mut Dropped) -> (Option<String>, Option<u32>) {
    let name = attributes.first(&[Key::LfPromptName, Key::LfPromptNameShort]);
    let version = attributes.first(&[Key::LfPromptVersion, Key::LfPromptVersionShort]);
    if let Some(name) = name {
        let version = version.and_then(Value::as_f64).filter(|v| v.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(v));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        return (short_some(&name.to_text(), dropped), version.map(|v| v as u32));
    }
    let Some(linked) = attributes.some(Key::AiLangfusePrompt).and_then(text_map) else { return (None, None) };
    let name = linked.get("name").and_then(Json::as_str).and_then(|name| short_some(name, dropped));
    (name, linked.get("version").and_then(crate::usage::amount).and_then(|version| u32::try_from(version).ok()))
}

/// A list, a JSON list, a comma list or a single tag. Sorted, each once.
fn tags(attributes: &Lookup<'_, '_>, dropped: &mut Dropped) -> Vec<String> {
    let Some(value) = attributes.first(TAGS) else { return Vec::new() };
    let said: Vec<String> = match value {
        Value::List(items) => items.iter().map(|item| item.to_text().into_owned()).collect(),
        other => {
            let text = other.to_text();
            match serde_json::from_str::<Vec<Json>>(&text) {
                Ok(items) => items.into_iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect(),
                Err(_) => text.split(',').map(|tag| tag.trim().to_owned()).collect(),
            }
        }
    };
    tag_set(said, dropped)
}

/// Tags as a set: sorted, each once, no empty ones, at most [`MAX_TAGS`].
pub(crate) fn tag_set(said: Vec<String>, dropped: &mut Dropped) -> Vec<String> {
    dropped.attributes += said.len().saturating_sub(MAX_TAGS) as u64;
    let mut tags: Vec<String> = said.iter().take(MAX_TAGS).filter_map(|tag| short_some(tag, dropped)).collect();
    tags.sort_unstable();
    tags.dedup();
    tags
}
