//! The model, its parameters and when its answer began.

use agenttrace_domain::Timestamp;
use serde_json::{Map, Value as Json};

use super::keys::{Family, Key, Lookup};
use super::text_map;
use crate::otlp::Scope;
use crate::text::compact;
use crate::value::Value;

const NAMES: &[Key] =
    &[Key::LfModel, Key::ResponseModel, Key::AiModel, Key::RequestModel, Key::LlmResponseModel, Key::LlmModel, Key::Model];

/// The parameters that Vercel's AI SDK has under names of its own.
const VERCEL: &[(&str, &[Key])] = &[
    ("finishReason", &[Key::FinishReasons, Key::LegacyFinishReason]),
    ("maxRetries", &[Key::AiMaxRetries]),
    ("maxSteps", &[Key::AiMaxSteps]),
    ("maxTokens", &[Key::MaxTokens]),
    ("mode", &[Key::AiMode]),
    ("system", &[Key::System, Key::AiModelProvider]),
    ("temperature", &[Key::Temperature]),
    ("toolChoice", &[Key::AiToolChoice]),
];

/// The model's name, as the client gives it.
pub(crate) fn model(attributes: &Lookup<'_, '_>) -> Option<String> {
    if let Some(value) = attributes.first(NAMES) {
        return Some(value.to_text().into_owned());
    }
    let is_model = attributes.text(Key::GenkitSubtype).is_some_and(|subtype| subtype.starts_with("model"));
    let name = attributes.text(Key::GenkitName).filter(|_| is_model)?;
    Some(name.rsplit('/').next().unwrap_or(name).to_owned())
}

/// The model's parameters, as the text of a JSON object.
pub(crate) fn parameters(attributes: &Lookup<'_, '_>, scope: &Scope<'_>) -> Option<String> {
    if let Some(stated) = attributes.some(Key::LfModelParameters) {
        return object_text(stated);
    }
    if scope.name == "ai" || attributes.has(Key::AiOperation) {
        let found = VERCEL.iter().filter_map(|(name, keys)| Some((*name, attributes.first(keys)?)));
        return object(found.map(|(name, value)| (name, json(value))));
    }
    if let Some(stated) = attributes.first(&[Key::InvocationParameters, Key::ModelConfig]).and_then(object_text) {
        return Some(stated);
    }
    if attributes.has_family(Family::GenkitConfig) {
        return object(attributes.family(Family::GenkitConfig).map(|(name, value)| (name, json(value))));
    }
    let named = [("max_tokens", Key::MaxTokens), ("temperature", Key::Temperature)];
    let tier = attributes.first(&[Key::OpenAiResponseTier, Key::OpenAiRequestTier]).map(|value| ("service_tier", json(value)));
    let named = named.into_iter().filter_map(|(name, key)| Some((name, json(attributes.some(key)?))));
    let rest = attributes.family(Family::RequestParameter).map(|(name, value)| (name, json(value)));
    let rest = rest.chain(attributes.family(Family::InvocationParameter).map(|(name, value)| (name, json(value))));
    object(named.chain(tier).chain(rest))
}

fn json(value: &Value<'_>) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}

fn object<'n>(pairs: impl Iterator<Item = (&'n str, Json)>) -> Option<String> {
    let map: Map<String, Json> = pairs.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)).collect();
    (!map.is_empty()).then(|| Json::Object(map).to_string())
}

/// JSON text of an object, or an object: as compact text.
fn object_text(value: &Value<'_>) -> Option<String> {
    let text = value.to_text();
    let trimmed = text.trim_start();
    if !trimmed.starts_with('{') || trimmed.len() <= 2 || text_map(value).is_none_or(|map| map.is_empty()) {
        return None;
    }
    Some(compact(&text))
}

/// When the first token came.
pub(crate) fn completion_start(attributes: &Lookup<'_, '_>, start: Timestamp, scope: &Scope<'_>) -> Option<Timestamp> {
    // Older SDKs send the time as JSON, quotes and all.
    let stated = attributes.text(Key::LfCompletionStart).and_then(|text| Timestamp::parse(text.trim().trim_matches('"')));
    stated.or_else(|| {
        let vercel = attributes.first(&[Key::AiFirstChunk, Key::AiFirstChunkOld]).and_then(Value::as_f64).map(|ms| ms * 1e3);
        let conventions = || attributes.some(Key::FirstChunk).and_then(Value::as_f64).map(|seconds| seconds * 1e6);
        let claude = || {
            attributes.some(Key::ClaudeFirstToken).filter(|_| super::kind::is_claude_code(scope)).and_then(Value::as_f64).map(|ms| ms * 1e3)
        };
        let after = vercel.or_else(conventions).or_else(claude).filter(|micros| (0.0..=1e14).contains(micros))?;
        #[allow(clippy::cast_possible_truncation)]
        let at = start.0.checked_add(after.ceil() as i64)?;
        Some(Timestamp(at)).filter(|at| *at <= Timestamp::MAX)
    })
}
