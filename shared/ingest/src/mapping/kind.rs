//! What type of step a span is.
//!
//! Rules in Langfuse's order (its ObservationTypeMapper): the first that applies decides, else it is a span. One addition before
//! the last: Claude Code names its spans in `span.type`, Traceloop in `traceloop.span.kind`.

use agenttrace_domain::ObservationType::{self, *};

use super::keys::{Key, Lookup};
use crate::headers::version_of;
use crate::otlp::{Resource, Scope};

/// `openinference.span.kind`
const OPENINFERENCE: &[(&str, ObservationType)] = &[
    ("CHAIN", Chain),
    ("RETRIEVER", Retriever),
    ("LLM", Generation),
    ("EMBEDDING", Embedding),
    ("AGENT", Agent),
    ("TOOL", Tool),
    ("GUARDRAIL", Guardrail),
    ("EVALUATOR", Evaluator),
];

/// `gen_ai.operation.name`
const OPERATIONS: &[(&str, ObservationType)] = &[
    ("chat", Generation),
    ("completion", Generation),
    ("text_completion", Generation),
    ("generate_content", Generation),
    ("generate", Generation),
    ("embeddings", Embedding),
    ("invoke_agent", Agent),
    ("create_agent", Agent),
    ("execute_tool", Tool),
];

/// `genkit:metadata:subtype`; a version suffix (`tool.v2`) doesn't matter.
const GENKIT: &[(&str, ObservationType)] = &[
    ("model", Generation),
    ("tool", Tool),
    ("agent", Agent),
    ("flow", Chain),
    ("retriever", Retriever),
    ("embedder", Embedding),
    ("evaluator", Evaluator),
];

/// `ai.operationId` or the beginning of `operation.name`, on spans that name a model.
const VERCEL: &[(&str, ObservationType)] = &[
    ("ai.generateText.doGenerate", Generation),
    ("ai.streamText.doStream", Generation),
    ("ai.generateObject.doGenerate", Generation),
    ("ai.streamObject.doStream", Generation),
    ("ai.embedMany.doEmbed", Embedding),
    ("ai.embed.doEmbed", Embedding),
];

/// Span names below the scope `livekit-agents`.
const LIVEKIT: &[(&str, ObservationType)] = &[("agent_turn", Agent), ("start_agent_activity", Agent), ("function_tool", Tool)];

/// `span.type` of Claude Code's own tracing.
const CLAUDE_CODE: &[(&str, ObservationType)] = &[("interaction", Agent), ("llm_request", Generation), ("tool", Tool)];

/// `traceloop.span.kind`
const TRACELOOP: &[(&str, ObservationType)] = &[("workflow", Chain), ("task", Span), ("agent", Agent), ("tool", Tool)];

const VERCEL_MODELS: &[Key] = &[Key::LfModel, Key::AiModel, Key::RequestModel, Key::ResponseModel];
const MODELS: &[Key] = &[Key::LfModel, Key::RequestModel, Key::ResponseModel, Key::LlmModel, Key::LlmResponseModel, Key::Model];
const GENERATION_ONLY: &[Key] =
    &[Key::LfModel, Key::LfCost, Key::LfUsage, Key::LfCompletionStart, Key::LfModelParameters, Key::LfPromptName, Key::LfPromptVersion];

fn find(table: &[(&str, ObservationType)], text: &str) -> Option<ObservationType> {
    table.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind)
}

/// The type of a span.
pub(crate) fn kind(span_name: &str, attributes: &Lookup<'_, '_>, scope: &Scope<'_>, resource: &Resource<'_>) -> ObservationType {
    old_python(attributes, scope, resource)
        .or_else(|| attributes.text(Key::LfType).and_then(ObservationType::parse))
        .or_else(|| find(OPENINFERENCE, &attributes.text(Key::OiKind)?.to_ascii_uppercase()))
        .or_else(|| find(OPERATIONS, attributes.text(Key::Operation)?))
        .or_else(|| find(GENKIT, attributes.text(Key::GenkitSubtype)?.split('.').next()?))
        .or_else(|| vercel(attributes))
        .or_else(|| (attributes.has(Key::ToolName) || attributes.has(Key::ToolCallId)).then_some(Tool).filter(|_| !is_claude_code(scope)))
        .or_else(|| flue(attributes))
        .or_else(|| if scope.name == "livekit-agents" { find(LIVEKIT, span_name) } else { None })
        .or_else(
            || if is_claude_code(scope) { Some(find(CLAUDE_CODE, attributes.text(Key::ClaudeSpanType)?).unwrap_or(Span)) } else { None },
        )
        .or_else(|| find(TRACELOOP, attributes.text(Key::TraceloopKind)?))
        .unwrap_or_else(|| if attributes.first(MODELS).is_some() { Generation } else { Span })
}

/// Is this the tracing that Claude Code brings along?
pub(crate) fn is_claude_code(scope: &Scope<'_>) -> bool {
    scope.name == "com.anthropic.claude_code.tracing"
}

/// Python's SDK up to 3.3 says `span` of a generation too.
fn old_python(attributes: &Lookup<'_, '_>, scope: &Scope<'_>, resource: &Resource<'_>) -> Option<ObservationType> {
    let stated = attributes.text(Key::LfType)?;
    let python = || resource.attributes.iter().any(|a| a.key == "telemetry.sdk.language" && a.value.as_text() == Some("python"));
    let old = || version_of(&scope.version).is_none_or(|version| version <= (3, 3));
    (stated == "span" && scope.name == "langfuse-sdk" && old() && python() && attributes.first(GENERATION_ONLY).is_some())
        .then_some(Generation)
}

/// Is this operation of Vercel's AI SDK one of `table`? Its name may be followed by a function id.
pub(crate) fn vercel_operation(attributes: &Lookup<'_, '_>) -> Option<ObservationType> {
    let id = attributes.text(Key::AiOperation).and_then(|id| find(VERCEL, id));
    id.or_else(|| {
        let name = attributes.text(Key::OperationName)?;
        VERCEL.iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, kind)| *kind)
    })
}

fn vercel(attributes: &Lookup<'_, '_>) -> Option<ObservationType> {
    if attributes.first(VERCEL_MODELS).is_some()
        && let Some(kind) = vercel_operation(attributes)
    {
        return Some(kind);
    }
    let tool = attributes.text(Key::AiOperation) == Some("ai.toolCall")
        || attributes.text(Key::OperationName).is_some_and(|name| name.starts_with("ai.toolCall"));
    if tool {
        return Some(Tool);
    }
    None
}

fn flue(attributes: &Lookup<'_, '_>) -> Option<ObservationType> {
    if attributes.has(Key::FlueToolName) || attributes.has(Key::FlueToolCallId) {
        return Some(Tool);
    }
    (attributes.has(Key::FlueTaskId) || attributes.has(Key::FlueTaskAgent)).then_some(Agent)
}
