//! The attribute keys that mean something, and finding them in a span in one pass.

use std::sync::LazyLock;

use crate::value::{Attribute, Value};

macro_rules! keys {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// An attribute key with a meaning of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Key { $($name),+ }

        /// Every key with its text.
        pub(crate) const KEYS: &[(&str, Key)] = &[$(($text, Key::$name)),+];
    };
}

keys! {
    // Langfuse's SDKs
    LfType = "langfuse.observation.type",
    LfInput = "langfuse.observation.input",
    LfOutput = "langfuse.observation.output",
    LfMetadata = "langfuse.observation.metadata",
    LfLevel = "langfuse.observation.level",
    LfStatusMessage = "langfuse.observation.status_message",
    LfModel = "langfuse.observation.model.name",
    LfModelParameters = "langfuse.observation.model.parameters",
    LfUsage = "langfuse.observation.usage_details",
    LfCost = "langfuse.observation.cost_details",
    LfCompletionStart = "langfuse.observation.completion_start_time",
    LfPromptName = "langfuse.observation.prompt.name",
    LfPromptVersion = "langfuse.observation.prompt.version",
    LfPromptNameShort = "langfuse.prompt.name",
    LfPromptVersionShort = "langfuse.prompt.version",
    LfTraceName = "langfuse.trace.name",
    LfTraceInput = "langfuse.trace.input",
    LfTraceOutput = "langfuse.trace.output",
    LfTraceMetadata = "langfuse.trace.metadata",
    LfTraceTags = "langfuse.trace.tags",
    LfTracePublic = "langfuse.trace.public",
    LfTags = "langfuse.tags",
    LfPublic = "langfuse.public",
    LfUser = "langfuse.user.id",
    LfSession = "langfuse.session.id",
    LfSharedMetadata = "langfuse.metadata",
    LfEnvironment = "langfuse.environment",
    LfRelease = "langfuse.release",
    LfVersion = "langfuse.version",
    LfIsAppRoot = "langfuse.internal.is_app_root",
    LfAsRoot = "langfuse.internal.as_root",
    LfObservationUser = "langfuse.observation.metadata.langfuse_user_id",
    LfTraceUser = "langfuse.trace.metadata.langfuse_user_id",
    LfObservationSession = "langfuse.observation.metadata.langfuse_session_id",
    LfTraceSession = "langfuse.trace.metadata.langfuse_session_id",
    LfObservationTags = "langfuse.observation.metadata.langfuse_tags",
    LfTraceMetadataTags = "langfuse.trace.metadata.langfuse_tags",

    // Resource and general
    User = "user.id",
    Session = "session.id",
    DeploymentName = "deployment.environment.name",
    Deployment = "deployment.environment",
    ServiceVersion = "service.version",
    SdkLanguage = "telemetry.sdk.language",
    Tags = "tag.tags",
    Model = "model",
    ModelConfig = "model_config",
    Input = "input",
    Output = "output",
    Prompt = "prompt",
    Events = "events",

    // OpenTelemetry GenAI
    Operation = "gen_ai.operation.name",
    System = "gen_ai.system",
    Provider = "gen_ai.provider.name",
    Conversation = "gen_ai.conversation.id",
    RequestModel = "gen_ai.request.model",
    ResponseModel = "gen_ai.response.model",
    ResponseId = "gen_ai.response.id",
    FinishReasons = "gen_ai.response.finish_reasons",
    LegacyFinishReason = "gen_ai.finishReason",
    FirstChunk = "gen_ai.response.time_to_first_chunk",
    GenAiPrompt = "gen_ai.prompt",
    GenAiCompletion = "gen_ai.completion",
    InputMessages = "gen_ai.input.messages",
    OutputMessages = "gen_ai.output.messages",
    SystemInstructions = "gen_ai.system_instructions",
    ToolName = "gen_ai.tool.name",
    ToolCallId = "gen_ai.tool.call.id",
    ToolArguments = "gen_ai.tool.call.arguments",
    ToolResult = "gen_ai.tool.call.result",
    ToolDefinitions = "gen_ai.tool.definitions",
    MaxTokens = "gen_ai.request.max_tokens",
    Temperature = "gen_ai.request.temperature",
    OpenAiRequestTier = "gen_ai.openai.request.service_tier",
    OpenAiResponseTier = "gen_ai.openai.response.service_tier",
    Cost = "gen_ai.usage.cost",
    InputTokens = "gen_ai.usage.input_tokens",
    OutputTokens = "gen_ai.usage.output_tokens",
    PromptTokens = "gen_ai.usage.prompt_tokens",
    CompletionTokens = "gen_ai.usage.completion_tokens",
    TotalTokens = "gen_ai.usage.total_tokens",
    LlmTotalTokens = "llm.usage.total_tokens",
    CacheRead = "gen_ai.usage.cache_read.input_tokens",
    CacheReadUnderscore = "gen_ai.usage.cache_read_input_tokens",
    CacheReadShort = "gen_ai.usage.cache_read_tokens",
    CachedTokens = "gen_ai.usage.cached_tokens",
    InputCachedTokens = "gen_ai.usage.input_cached_tokens",
    CachedInputTokens = "gen_ai.usage.cached_input_tokens",
    InputDetailsCached = "gen_ai.usage.input_tokens_details.cached_tokens",
    InputTokensCached = "gen_ai.usage.input_tokens.cached",
    PromptDetailsCached = "gen_ai.usage.prompt_tokens_details.cached_tokens",
    DetailsCacheRead = "gen_ai.usage.details.cache_read_input_tokens",
    DetailsCacheReadShort = "gen_ai.usage.details.cache_read_tokens",
    DetailsCached = "gen_ai.usage.details.cached_tokens",
    CacheCreation = "gen_ai.usage.cache_creation.input_tokens",
    CacheCreationUnderscore = "gen_ai.usage.cache_creation_input_tokens",
    CacheCreationShort = "gen_ai.usage.cache_creation_tokens",
    CacheWrite = "gen_ai.usage.cache_write_tokens",
    CacheWriteInput = "gen_ai.usage.cache_write.input_tokens",
    CacheWriteUnderscore = "gen_ai.usage.cache_write_input_tokens",
    AnthropicWrite5m = "anthropic.usage.cache_creation.ephemeral_5m_input_tokens",
    AnthropicWrite1h = "anthropic.usage.cache_creation.ephemeral_1h_input_tokens",
    DetailsCacheCreation = "gen_ai.usage.details.cache_creation_input_tokens",
    DetailsCacheWrite = "gen_ai.usage.details.cache_write_tokens",
    Reasoning = "gen_ai.usage.reasoning.output_tokens",
    ReasoningTokens = "gen_ai.usage.reasoning_tokens",
    OutputDetailsReasoning = "gen_ai.usage.output_tokens_details.reasoning_tokens",
    CompletionDetailsReasoning = "gen_ai.usage.completion_tokens_details.reasoning_tokens",
    CompletionDetailsReasoningShort = "gen_ai.usage.completion_details.reasoning_tokens",
    DetailsReasoning = "gen_ai.usage.details.reasoning_tokens",
    DetailsThoughts = "gen_ai.usage.details.thoughts_tokens",
    DetailsInput = "gen_ai.usage.details.input_tokens",
    DetailsOutput = "gen_ai.usage.details.output_tokens",
    InputDetailsAudio = "gen_ai.usage.prompt_tokens_details.audio_tokens",
    OutputDetailsAudio = "gen_ai.usage.completion_tokens_details.audio_tokens",
    DetailsInputAudio = "gen_ai.usage.details.input_audio_tokens",
    DetailsOutputAudio = "gen_ai.usage.details.output_audio_tokens",

    // OpenInference
    OiKind = "openinference.span.kind",
    InputValue = "input.value",
    OutputValue = "output.value",
    LlmModel = "llm.model_name",
    LlmResponseModel = "llm.response.model",
    LlmProvider = "llm.provider",
    LlmSystem = "llm.system",
    InvocationParameters = "llm.invocation_parameters",
    LlmCostTotal = "llm.cost.total",
    LlmCostPrompt = "llm.cost.prompt",
    LlmCostCompletion = "llm.cost.completion",
    CountPrompt = "llm.token_count.prompt",
    CountCompletion = "llm.token_count.completion",
    CountTotal = "llm.token_count.total",
    CountCacheRead = "llm.token_count.prompt_details.cache_read",
    CountCacheWrite = "llm.token_count.prompt_details.cache_write",
    CountCacheInput = "llm.token_count.prompt_details.cache_input",
    CountPromptAudio = "llm.token_count.prompt_details.audio",
    CountReasoning = "llm.token_count.completion_details.reasoning",
    CountCompletionAudio = "llm.token_count.completion_details.audio",
    OiMetadata = "metadata",

    // Vercel's AI SDK
    AiOperation = "ai.operationId",
    OperationName = "operation.name",
    AiFunction = "ai.telemetry.functionId",
    AiModel = "ai.model.id",
    AiModelProvider = "ai.model.provider",
    AiPromptMessages = "ai.prompt.messages",
    AiPrompt = "ai.prompt",
    AiPromptTools = "ai.prompt.tools",
    AiToolChoice = "ai.prompt.toolChoice",
    AiValue = "ai.value",
    AiValues = "ai.values",
    AiToolName = "ai.toolCall.name",
    AiToolArgs = "ai.toolCall.args",
    AiToolResult = "ai.toolCall.result",
    AiResponseText = "ai.response.text",
    AiResultText = "ai.result.text",
    AiResponseObject = "ai.response.object",
    AiResultObject = "ai.result.object",
    AiResponseToolCalls = "ai.response.toolCalls",
    AiResultToolCalls = "ai.result.toolCalls",
    AiMaxRetries = "ai.settings.maxRetries",
    AiMaxSteps = "ai.settings.maxSteps",
    AiMode = "ai.settings.mode",
    AiProviderMetadata = "ai.response.providerMetadata",
    AiFirstChunk = "ai.response.msToFirstChunk",
    AiFirstChunkOld = "ai.stream.msToFirstChunk",
    AiTokens = "ai.usage.tokens",
    AiInputTokens = "ai.usage.inputTokens",
    AiPromptTokens = "ai.usage.promptTokens",
    AiOutputTokens = "ai.usage.outputTokens",
    AiCompletionTokens = "ai.usage.completionTokens",
    AiTotalTokens = "ai.usage.totalTokens",
    AiCachedTokens = "ai.usage.cachedInputTokens",
    AiReasoningTokens = "ai.usage.reasoningTokens",
    AiNoCacheTokens = "ai.usage.inputTokenDetails.noCacheTokens",
    AiCacheReadTokens = "ai.usage.inputTokenDetails.cacheReadTokens",
    AiCacheWriteTokens = "ai.usage.inputTokenDetails.cacheWriteTokens",
    AiReasoningDetail = "ai.usage.outputTokenDetails.reasoningTokens",
    AiUser = "ai.telemetry.metadata.userId",
    AiSession = "ai.telemetry.metadata.sessionId",
    AiTags = "ai.telemetry.metadata.tags",
    AiLangfusePrompt = "ai.telemetry.metadata.langfusePrompt",

    // Others, by framework
    GenkitSubtype = "genkit:metadata:subtype",
    GenkitName = "genkit:name",
    GenkitInput = "genkit:input",
    GenkitOutput = "genkit:output",
    GenkitSession = "genkit:sessionId",
    FlueToolName = "flue.tool.name",
    FlueToolCallId = "flue.tool.call_id",
    FlueToolArguments = "flue.tool.arguments",
    FlueToolResult = "flue.tool.result",
    FlueToolCallArguments = "flue.tool.call.arguments",
    FlueToolCallResult = "flue.tool.call.result",
    FlueTaskId = "flue.task.id",
    FlueTaskAgent = "flue.task.agent",
    FlueTaskPrompt = "flue.task.prompt",
    FlueTaskResult = "flue.task.result",
    FlueTurnInput = "flue.turn.input",
    FlueTurnOutput = "flue.turn.output",
    FlueWorkflowPayload = "flue.workflow.payload",
    FlueWorkflowResult = "flue.workflow.result",
    FlueOperationResult = "flue.operation.result",
    VertexRequest = "gcp.vertex.agent.llm_request",
    VertexResponse = "gcp.vertex.agent.llm_response",
    VertexToolArgs = "gcp.vertex.agent.tool_call_args",
    VertexToolResponse = "gcp.vertex.agent.tool_response",
    LogfireMessage = "logfire.msg",
    LogfireEvents = "all_messages_events",
    LkInputText = "lk.input_text",
    LkUserTranscript = "lk.user_transcript",
    LkChatContext = "lk.chat_ctx",
    LkUserInput = "lk.user_input",
    LkToolArguments = "lk.function_tool.arguments",
    LkToolOutput = "lk.function_tool.output",
    LkResponseText = "lk.response.text",
    MlflowInputs = "mlflow.spanInputs",
    MlflowOutputs = "mlflow.spanOutputs",
    TraceloopInput = "traceloop.entity.input",
    TraceloopOutput = "traceloop.entity.output",
    TraceloopKind = "traceloop.span.kind",
    PydanticMessages = "pydantic_ai.all_messages",
    PydanticResult = "final_result",
    PydanticToolArguments = "tool_arguments",
    PydanticToolResponse = "tool_response",
    ClaudeSpanType = "span.type",
    ClaudeInputTokens = "input_tokens",
    ClaudeOutputTokens = "output_tokens",
    ClaudeCacheRead = "cache_read_tokens",
    ClaudeCacheCreation = "cache_creation_tokens",
    ClaudeFirstToken = "ttft_ms",
}

/// Keys with a free part: everything below a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    ObservationMetadata,
    TraceMetadata,
    SharedMetadata,
    VercelMetadata,
    Experiment,
    RequestParameter,
    InvocationParameter,
    Prompt,
    Completion,
    InputMessages,
    OutputMessages,
    GenkitConfig,
}

/// The prefixes, longest first where one begins another.
pub(crate) const FAMILIES: &[(&str, Family)] = &[
    ("langfuse.observation.metadata.", Family::ObservationMetadata),
    ("langfuse.trace.metadata.", Family::TraceMetadata),
    ("langfuse.metadata.", Family::SharedMetadata),
    ("ai.telemetry.metadata.", Family::VercelMetadata),
    ("langfuse.experiment.", Family::Experiment),
    ("gen_ai.request.", Family::RequestParameter),
    ("llm.invocation_parameters.", Family::InvocationParameter),
    ("gen_ai.prompt.", Family::Prompt),
    ("gen_ai.completion.", Family::Completion),
    ("llm.input_messages.", Family::InputMessages),
    ("llm.output_messages.", Family::OutputMessages),
    ("genkit:metadata:config.", Family::GenkitConfig),
];

/// What one attribute of a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Known(Key),
    Member(Family),
    Other,
}

const LONGEST: usize = 64;

/// Keys by length: a bucket holds a handful, so finding one costs a few comparisons and no hash.
static BY_LENGTH: LazyLock<Vec<Vec<(&'static str, Key)>>> = LazyLock::new(|| {
    let mut buckets = vec![Vec::new(); LONGEST];
    for (text, key) in KEYS {
        buckets[text.len()].push((*text, *key));
    }
    buckets
});

/// What a key is.
pub(crate) fn classify(key: &str) -> Class {
    if let Some(bucket) = BY_LENGTH.get(key.len())
        && let Some((_, known)) = bucket.iter().find(|(text, _)| *text == key)
    {
        return Class::Known(*known);
    }
    if !matches!(key.as_bytes().first(), Some(b'l' | b'a' | b'g')) {
        return Class::Other;
    }
    match FAMILIES.iter().find(|(prefix, _)| key.starts_with(prefix)) {
        Some((_, family)) => Class::Member(*family),
        None => Class::Other,
    }
}

/// A span's attributes, found by key. Of a key that stands twice the last one counts.
#[derive(Debug)]
pub(crate) struct Lookup<'v, 'a> {
    all: &'v [Attribute<'a>],
    classes: Vec<Class>,
    slots: [u16; KEYS.len()],
    families: u16,
}

impl<'v, 'a> Lookup<'v, 'a> {
    pub fn new(attributes: &'v [Attribute<'a>]) -> Self {
        let mut lookup = Self { all: attributes, classes: Vec::with_capacity(attributes.len()), slots: [0; KEYS.len()], families: 0 };
        for (i, attribute) in attributes.iter().enumerate() {
            let class = classify(&attribute.key);
            match class {
                // Slots hold index + 1; beyond 65,534 attributes nothing is found, and limits are far below.
                Class::Known(key) => lookup.slots[key as usize] = u16::try_from(i + 1).unwrap_or(0),
                Class::Member(family) => lookup.families |= 1 << family as u16,
                Class::Other => {}
            }
            lookup.classes.push(class);
        }
        lookup
    }

    /// The value, whatever it is.
    pub fn get(&self, key: Key) -> Option<&'v Value<'a>> {
        let slot = usize::from(self.slots[key as usize]);
        self.all.get(slot.checked_sub(1)?).map(|attribute| &attribute.value)
    }

    /// The value, when there is something in it.
    pub fn some(&self, key: Key) -> Option<&'v Value<'a>> {
        self.get(key).filter(|value| value.is_meaningful())
    }

    pub fn has(&self, key: Key) -> bool {
        self.some(key).is_some()
    }

    /// The first of `keys` that says something.
    pub fn first(&self, keys: &[Key]) -> Option<&'v Value<'a>> {
        keys.iter().find_map(|key| self.some(*key))
    }

    pub fn text(&self, key: Key) -> Option<&'v str> {
        self.some(key)?.as_text()
    }

    pub fn has_family(&self, family: Family) -> bool {
        self.families & (1 << family as u16) != 0
    }

    /// The attributes below a prefix, with the rest of their keys.
    pub fn family(&self, family: Family) -> impl Iterator<Item = (&'v str, &'v Value<'a>)> + '_ {
        let prefix = FAMILIES.iter().find(|(_, f)| *f == family).map_or(0, |(prefix, _)| prefix.len());
        let any = self.has_family(family);
        self.with_class()
            .take_while(move |_| any)
            .filter(move |(class, _)| *class == Class::Member(family))
            .map(move |(_, attribute)| (&attribute.key[prefix..], &attribute.value))
    }

    /// Every attribute with what it is.
    pub fn with_class(&self) -> impl Iterator<Item = (Class, &'v Attribute<'a>)> + '_ {
        self.classes.iter().copied().zip(self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_finds_itself_and_no_other() {
        for (text, key) in KEYS {
            assert!(text.len() < LONGEST, "{text}");
            assert_eq!(classify(text), Class::Known(*key), "{text}");
        }
        for (i, (text, _)) in KEYS.iter().enumerate() {
            assert!(KEYS[i + 1..].iter().all(|(other, _)| other != text), "{text} stands twice");
        }
        assert!(KEYS.len() < 256 && FAMILIES.len() <= 16);
    }

    #[test]
    fn families_take_what_is_below_their_prefix() {
        for (key, expected) in [
            ("langfuse.trace.metadata.a.b", Class::Member(Family::TraceMetadata)),
            ("langfuse.observation.metadata.__proto__", Class::Member(Family::ObservationMetadata)),
            ("gen_ai.prompt.0.content", Class::Member(Family::Prompt)),
            ("gen_ai.prompts", Class::Other),
            ("", Class::Other),
            ("constructor.prototype", Class::Other),
        ] {
            assert_eq!(classify(key), expected, "{key}");
        }
    }
}
