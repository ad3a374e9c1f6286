//! Tokens and cost from span attributes.
//!
//! Where each source's input count leaves cached tokens:
//!
//! | source | input contains the cache | why |
//! |---|---|---|
//! | `langfuse.observation.usage_details` | see [`crate::usage`] | stated |
//! | Vercel AI SDK, `inputTokenDetails` | no (`noCacheTokens`) | version 6 says it |
//! | Vercel AI SDK, Anthropic and Bedrock | no | passes the provider's own counts on |
//! | Vercel AI SDK, other providers | yes | OpenAI's and Google's counts |
//! | OpenInference `llm.token_count.*` | yes | its specification |
//! | GenAI conventions, dotted names | yes | the conventions |
//! | `…cache_read_input_tokens` on an Anthropic model | no | the provider's own object, passed on |
//! | the same from OpenLLMetry or LiteLLM | yes | they add the cache before |
//! | Pydantic AI `gen_ai.usage.details.input_tokens` | no on Anthropic models | the provider's own object |
//! | Claude Code spans | no | the provider's own counts |

use serde_json::{Map, Value as Json};

use super::keys::{Key, Lookup};
use super::kind::{is_claude_code, vercel_operation};
use super::text_map;
use crate::limits::Dropped;
use crate::otlp::Scope;
use crate::text::MAX_AMOUNT;
use crate::usage::{Buckets, Costs, Counts, amount, cost, cost_details, usage_details};
use crate::value::Value;

const INPUT: &[Key] = &[Key::InputTokens, Key::PromptTokens];
const OUTPUT: &[Key] = &[Key::OutputTokens, Key::CompletionTokens];
const TOTAL: &[Key] = &[Key::TotalTokens, Key::LlmTotalTokens];

const CACHE_READ: &[Key] = &[
    Key::CacheRead,
    Key::CacheReadUnderscore,
    Key::CacheReadShort,
    Key::CachedTokens,
    Key::InputCachedTokens,
    Key::CachedInputTokens,
    Key::InputDetailsCached,
    Key::InputTokensCached,
    Key::PromptDetailsCached,
    Key::DetailsCacheRead,
    Key::DetailsCacheReadShort,
    Key::DetailsCached,
];
const CACHE_WRITE: &[Key] = &[
    Key::CacheCreation,
    Key::CacheCreationUnderscore,
    Key::CacheCreationShort,
    Key::CacheWrite,
    Key::CacheWriteInput,
    Key::CacheWriteUnderscore,
    Key::DetailsCacheCreation,
    Key::DetailsCacheWrite,
];
const REASONING: &[Key] = &[
    Key::Reasoning,
    Key::ReasoningTokens,
    Key::OutputDetailsReasoning,
    Key::CompletionDetailsReasoning,
    Key::CompletionDetailsReasoningShort,
    Key::DetailsReasoning,
    Key::DetailsThoughts,
];
const INPUT_AUDIO: &[Key] = &[Key::InputDetailsAudio, Key::DetailsInputAudio];
const OUTPUT_AUDIO: &[Key] = &[Key::OutputDetailsAudio, Key::DetailsOutputAudio];
/// Anthropic's own names.
const ANTHROPIC_CACHE: &[Key] = &[Key::CacheReadUnderscore, Key::CacheCreationUnderscore];
/// Instrumentations that add the cache to Anthropic's input before they report it.
const ADDING_SCOPES: &[&str] = &["opentelemetry.instrumentation.", "@traceloop/", "litellm"];

/// Reads counts, and counts those that can't be.
struct Reader<'r, 'v, 'a> {
    attributes: &'r Lookup<'v, 'a>,
    dropped: &'r mut Dropped,
}

impl Reader<'_, '_, '_> {
    fn first(&mut self, keys: &[Key]) -> Option<u64> {
        let value = self.attributes.first(keys)?;
        let found = count(value);
        self.dropped.amounts += u64::from(found.is_none());
        found
    }

    fn or_zero(&mut self, keys: &[Key]) -> u64 {
        self.first(keys).unwrap_or(0)
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn count(value: &Value<'_>) -> Option<u64> {
    let found = match value {
        Value::Int(n) => u64::try_from(*n).ok(),
        Value::Double(f) => (f.fract() == 0.0 && (0.0..=MAX_AMOUNT as f64).contains(f)).then_some(*f as u64),
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    found.filter(|n| *n <= MAX_AMOUNT)
}

/// The usage of a span, as disjoint buckets.
pub(crate) fn usage(attributes: &Lookup<'_, '_>, scope: &Scope<'_>, dropped: &mut Dropped) -> Buckets {
    if let Some(map) = attributes.some(Key::LfUsage).and_then(text_map) {
        return usage_details(&map, dropped);
    }
    if let Some(map) = attributes.some(Key::GenkitOutput).and_then(text_map)
        && let Some(Json::Object(usage)) = map.get("usage")
    {
        return genkit(usage);
    }
    let mut reader = Reader { attributes, dropped };
    if is_claude_code(scope) {
        return claude_code(&mut reader).buckets();
    }
    if scope.name == "ai" || attributes.has(Key::AiOperation) {
        // Operations and the model calls in them both carry tokens: only the calls count.
        if vercel_operation(attributes).is_none() && attributes.first(INPUT).is_none() {
            return Buckets::new();
        }
        return vercel(&mut reader).buckets();
    }
    if attributes.has(Key::CountPrompt) || attributes.has(Key::CountCompletion) || attributes.has(Key::CountTotal) {
        // An OpenInference agent repeats the sum of its model calls.
        if attributes.text(Key::OiKind).is_some_and(|kind| kind.eq_ignore_ascii_case("AGENT")) {
            return Buckets::new();
        }
        return openinference(&mut reader).buckets();
    }
    gen_ai(&mut reader, scope).buckets()
}

fn openinference(reader: &mut Reader<'_, '_, '_>) -> Counts {
    Counts {
        input: reader.first(&[Key::CountPrompt]),
        output: reader.first(&[Key::CountCompletion]),
        total: reader.first(&[Key::CountTotal]),
        cache_read: reader.or_zero(&[Key::CountCacheRead, Key::CountCacheInput]),
        cache_write: reader.or_zero(&[Key::CountCacheWrite]),
        reasoning: reader.or_zero(&[Key::CountReasoning]),
        input_audio: reader.or_zero(&[Key::CountPromptAudio]),
        output_audio: reader.or_zero(&[Key::CountCompletionAudio]),
        ..Counts::default()
    }
}

fn gen_ai(reader: &mut Reader<'_, '_, '_>, scope: &Scope<'_>) -> Counts {
    let anthropic = is_anthropic(reader.attributes);
    let raw_input = if anthropic { reader.first(&[Key::DetailsInput]) } else { None };
    let raw_cache = anthropic
        && reader.attributes.first(ANTHROPIC_CACHE).is_some()
        && !reader.attributes.has(Key::CacheRead)
        && !ADDING_SCOPES.iter().any(|prefix| scope.name.starts_with(prefix));
    Counts {
        input: raw_input.or_else(|| reader.first(INPUT)).or_else(|| reader.first(&[Key::DetailsInput])),
        output: reader.first(OUTPUT).or_else(|| reader.first(&[Key::DetailsOutput])),
        total: reader.first(TOTAL),
        cache_read: reader.or_zero(CACHE_READ),
        cache_write: reader.or_zero(CACHE_WRITE),
        cache_write_5m: reader.or_zero(&[Key::AnthropicWrite5m]),
        cache_write_1h: reader.or_zero(&[Key::AnthropicWrite1h]),
        reasoning: reader.or_zero(REASONING),
        input_audio: reader.or_zero(INPUT_AUDIO),
        output_audio: reader.or_zero(OUTPUT_AUDIO),
        cache_beside_input: raw_input.is_some() || raw_cache,
    }
}

/// Is it Anthropic's API, or a Claude model behind another one?
fn is_anthropic(attributes: &Lookup<'_, '_>) -> bool {
    let contains = |keys: &[Key], word: &str| {
        attributes.first(keys).and_then(Value::as_text).is_some_and(|text| text.to_ascii_lowercase().contains(word))
    };
    contains(&[Key::Provider, Key::System], "anthropic") || contains(&[Key::ResponseModel, Key::RequestModel, Key::LfModel], "claude")
}

fn claude_code(reader: &mut Reader<'_, '_, '_>) -> Counts {
    Counts {
        input: reader.first(&[Key::ClaudeInputTokens]),
        output: reader.first(&[Key::ClaudeOutputTokens]),
        cache_read: reader.or_zero(&[Key::ClaudeCacheRead]),
        cache_write: reader.or_zero(&[Key::ClaudeCacheCreation]),
        cache_beside_input: true,
        ..Counts::default()
    }
}

fn vercel(reader: &mut Reader<'_, '_, '_>) -> Counts {
    let mut counts = Counts {
        input: reader.first(&[Key::PromptTokens, Key::InputTokens, Key::AiInputTokens, Key::AiPromptTokens, Key::AiTokens]),
        output: reader.first(&[Key::CompletionTokens, Key::OutputTokens, Key::AiOutputTokens, Key::AiCompletionTokens]),
        total: reader.first(&[Key::AiTotalTokens, Key::TotalTokens]),
        cache_read: reader.or_zero(&[Key::AiCacheReadTokens, Key::AiCachedTokens, Key::CacheRead]),
        cache_write: reader.or_zero(&[Key::AiCacheWriteTokens, Key::CacheCreation]),
        reasoning: reader.or_zero(&[Key::AiReasoningDetail, Key::AiReasoningTokens]),
        ..Counts::default()
    };
    let provider = reader.attributes.first(&[Key::AiModelProvider, Key::System]).and_then(Value::as_text).unwrap_or_default();
    counts.cache_beside_input = provider.contains("anthropic") || provider.contains("bedrock");
    if let Some(metadata) = reader.attributes.some(Key::AiProviderMetadata).and_then(text_map) {
        provider_metadata(&mut counts, &metadata);
    }
    if let Some(fresh) = reader.first(&[Key::AiNoCacheTokens]) {
        counts.input = Some(fresh);
        counts.cache_beside_input = true;
    }
    counts
}

/// `ai.response.providerMetadata`: what the common counters leave out.
fn provider_metadata(counts: &mut Counts, metadata: &Map<String, Json>) {
    let object = |key: &str| metadata.get(key).and_then(Json::as_object);
    let number = |map: &Map<String, Json>, key: &str| map.get(key).and_then(amount);
    let fill = |slot: &mut u64, found: Option<u64>| {
        if *slot == 0 {
            *slot = found.unwrap_or(0);
        }
    };
    if let Some(openai) = object("openai") {
        fill(&mut counts.cache_read, number(openai, "cachedPromptTokens"));
        fill(&mut counts.reasoning, number(openai, "reasoningTokens"));
    }
    if let Some(anthropic) = object("anthropic") {
        fill(&mut counts.cache_write, number(anthropic, "cacheCreationInputTokens"));
        if let Some(Json::Object(usage)) = anthropic.get("usage") {
            fill(&mut counts.cache_read, number(usage, "cache_read_input_tokens"));
            fill(&mut counts.cache_write, number(usage, "cache_creation_input_tokens"));
            if let Some(Json::Object(creation)) = usage.get("cache_creation") {
                counts.cache_write_5m = number(creation, "ephemeral_5m_input_tokens").unwrap_or(0);
                counts.cache_write_1h = number(creation, "ephemeral_1h_input_tokens").unwrap_or(0);
            }
            if let Some(fresh) = number(usage, "input_tokens") {
                counts.input = Some(fresh);
                counts.cache_beside_input = true;
            }
        }
    }
    if let Some(usage) = object("bedrock").and_then(|bedrock| bedrock.get("usage")).and_then(Json::as_object) {
        fill(&mut counts.cache_read, number(usage, "cacheReadInputTokens"));
        fill(
            &mut counts.cache_write,
            number(usage, "cacheWriteInputTokens").filter(|n| *n > 0).or_else(|| number(usage, "cacheCreationInputTokens")),
        );
        counts.cache_beside_input = true;
    }
}

/// The `usage` of a Genkit model's output; cached content and thoughts are counted as Google does: cache in, thoughts beside.
fn genkit(usage: &Map<String, Json>) -> Buckets {
    let number = |key: &str| usage.get(key).and_then(amount);
    Counts {
        input: number("inputTokens"),
        output: number("outputTokens"),
        total: number("totalTokens"),
        cache_read: number("cachedContentTokens").unwrap_or(0),
        reasoning: number("thoughtsTokens").unwrap_or(0),
        ..Counts::default()
    }
    .buckets()
}

/// The stated cost of a span.
pub(crate) fn stated_cost(attributes: &Lookup<'_, '_>, dropped: &mut Dropped) -> Costs {
    if let Some(map) = attributes.some(Key::LfCost).and_then(text_map) {
        return cost_details(&map, dropped);
    }
    if attributes.text(Key::OiKind).is_some_and(|kind| kind.eq_ignore_ascii_case("AGENT")) {
        return Costs::new();
    }
    let mut costs = Costs::new();
    for (key, places) in
        [("input", &[Key::LlmCostPrompt][..]), ("output", &[Key::LlmCostCompletion]), ("total", &[Key::Cost, Key::LlmCostTotal])]
    {
        let Some(value) = attributes.first(places) else { continue };
        match serde_json::to_value(value).ok().as_ref().and_then(cost) {
            Some(usd) => costs.push((key.to_owned(), usd)),
            None => dropped.amounts += 1,
        }
    }
    costs
}
