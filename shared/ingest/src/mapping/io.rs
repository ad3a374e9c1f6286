//! Where a step's input and output are, framework by framework.
//!
//! Langfuse's order; the first place where either side says something gives both. Text is kept as it came, structures become
//! compact JSON text.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde_json::value::RawValue;

use super::keys::{Family, KEYS, Key, Lookup};
use super::messages;
use crate::otlp::{Scope, SpanEvent};
use crate::text::json_string;
use crate::value::{Object, Value};

/// Input and output of a step.
pub(crate) type Io = (Option<String>, Option<String>);

/// Frameworks that keep a side in one attribute: the first that says something on each side.
struct Place {
    input: &'static [Key],
    output: &'static [Key],
}

const GENKIT: Place = Place { input: &[Key::GenkitInput], output: &[Key::GenkitOutput] };

const VERCEL: Place = Place {
    input: &[Key::AiPromptMessages, Key::AiPrompt, Key::AiToolArgs, Key::AiValue, Key::AiValues],
    output: &[
        Key::AiResponseText,
        Key::AiResultText,
        Key::AiToolResult,
        Key::AiResponseObject,
        Key::AiResultObject,
        Key::AiResponseToolCalls,
        Key::AiResultToolCalls,
    ],
};

const FLUE: Place = Place {
    input: &[Key::FlueToolArguments, Key::FlueToolCallArguments, Key::FlueTaskPrompt, Key::FlueTurnInput, Key::FlueWorkflowPayload],
    output: &[
        Key::FlueToolResult,
        Key::FlueToolCallResult,
        Key::FlueTaskResult,
        Key::FlueTurnOutput,
        Key::FlueWorkflowResult,
        Key::FlueOperationResult,
    ],
};

const LOGFIRE: Place = Place { input: &[Key::Prompt], output: &[Key::LogfireEvents] };

const LIVEKIT: Place = Place {
    input: &[Key::LkInputText, Key::LkUserTranscript, Key::LkChatContext, Key::LkUserInput, Key::LkToolArguments],
    output: &[Key::LkToolOutput, Key::LkResponseText],
};

/// Those after the attribute `events`, in order.
const PLAIN: &[Place] = &[
    Place { input: &[Key::MlflowInputs], output: &[Key::MlflowOutputs] },
    Place { input: &[Key::TraceloopInput], output: &[Key::TraceloopOutput] },
    Place { input: &[Key::InputValue], output: &[Key::OutputValue] },
    Place { input: &[Key::Input], output: &[Key::Output] },
    Place { input: &[Key::PydanticMessages], output: &[Key::PydanticResult] },
    Place { input: &[Key::PydanticToolArguments], output: &[Key::PydanticToolResponse] },
];

const TOOL_CALL: Place = Place { input: &[Key::ToolArguments], output: &[Key::ToolResult] };

impl Place {
    fn read(&self, attributes: &Lookup<'_, '_>) -> Option<Io> {
        hit((attributes.first(self.input).map(text), attributes.first(self.output).map(text)))
    }
}

fn text(value: &Value<'_>) -> String {
    value.to_text().into_owned()
}

fn hit(io: Io) -> Option<Io> {
    (io.0.is_some() || io.1.is_some()).then_some(io)
}

/// Input and output of a span.
pub(crate) fn io(attributes: &Lookup<'_, '_>, events: &[SpanEvent<'_>], scope: &Scope<'_>) -> Io {
    langfuse(attributes)
        .or_else(|| if scope.name == "genkit-tracer" { GENKIT.read(attributes) } else { None })
        .or_else(|| if scope.name == "ai" || attributes.has(Key::AiOperation) { vercel(attributes) } else { None })
        .or_else(|| FLUE.read(attributes))
        .or_else(|| if events.is_empty() { None } else { from_events(events) })
        .or_else(|| vertex(attributes))
        .or_else(|| LOGFIRE.read(attributes))
        .or_else(|| LIVEKIT.read(attributes))
        .or_else(|| attributes.some(Key::Events).and_then(events_attribute))
        .or_else(|| PLAIN.iter().find_map(|place| place.read(attributes)))
        .or_else(|| flattened(attributes))
        .or_else(|| gen_ai_messages(attributes))
        .or_else(|| TOOL_CALL.read(attributes))
        .unwrap_or_default()
}

/// Langfuse's own attributes count even when they are empty text.
fn langfuse(attributes: &Lookup<'_, '_>) -> Option<Io> {
    let stated = |key| attributes.get(key).filter(|value| **value != Value::Null).map(text);
    hit((stated(Key::LfInput), stated(Key::LfOutput)))
}

fn vercel(attributes: &Lookup<'_, '_>) -> Option<Io> {
    let (input, mut output) = VERCEL.read(attributes)?;
    if let (Some(said), Some(calls)) = (attributes.get(Key::AiResponseText), attributes.some(Key::AiResponseToolCalls)) {
        let calls = calls.to_text();
        let calls = if is_json(&calls) { calls } else { Cow::Owned(json_string(&calls)) };
        output = Some(format!(r#"{{"role":"assistant","content":{},"tool_calls":{calls}}}"#, json_string(&said.to_text())));
    }
    Some((input, output))
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Google's ADK leaves `{}` where the tool's attributes hold the content.
fn vertex(attributes: &Lookup<'_, '_>) -> Option<Io> {
    let filled = |key| attributes.some(key).filter(|value| value.as_text() != Some("{}"));
    let input = filled(Key::VertexRequest).or_else(|| filled(Key::VertexToolArgs));
    let output = filled(Key::VertexResponse).or_else(|| filled(Key::VertexToolResponse));
    hit((input.map(text), output.map(text)))
}

const MESSAGE_EVENTS: &[(&str, &str)] = &[
    ("gen_ai.system.message", "system"),
    ("gen_ai.user.message", "user"),
    ("gen_ai.assistant.message", "assistant"),
    ("gen_ai.tool.message", "tool"),
];

/// The conventions that put content on span events.
fn from_events(events: &[SpanEvent<'_>]) -> Option<Io> {
    if let Some(details) = events.iter().find(|event| event.name == "gen_ai.client.inference.operation.details")
        && let Some(io) = gen_ai_messages(&Lookup::new(&details.attributes))
    {
        return Some(io);
    }
    let mut input = Vec::new();
    let mut output = Vec::new();
    for event in events {
        if let Some((_, role)) = MESSAGE_EVENTS.iter().find(|(name, _)| event.name == *name) {
            let fields = Object(&event.attributes);
            let fields = serde_json::to_string(&fields).unwrap_or_default();
            let has_role = event.attributes.iter().any(|a| a.key == "role");
            input.push(match (has_role, fields.len()) {
                (true, _) => fields,
                (false, 2) => format!(r#"{{"role":"{role}"}}"#),
                (false, _) => format!(r#"{{"role":"{role}",{}"#, &fields[1..]),
            });
        } else if event.name == "gen_ai.choice" {
            output.push(serde_json::to_string(&Object(&event.attributes)).unwrap_or_default());
        }
    }
    let input = (!input.is_empty()).then(|| format!("[{}]", input.join(",")));
    let output = match output.len() {
        0 => None,
        1 => output.pop(),
        _ => Some(format!("[{}]", output.join(","))),
    };
    hit((input, output)).or_else(|| {
        let content = |name: &str, key: Key| {
            let event = events.iter().find(|event| event.name == name)?;
            let attributes = Lookup::new(&event.attributes);
            attributes.some(key).map(text).or_else(|| serde_json::to_string(&Object(&event.attributes)).ok())
        };
        hit((content("gen_ai.content.prompt", Key::GenAiPrompt), content("gen_ai.content.completion", Key::GenAiCompletion)))
    })
}

/// Pydantic AI's attribute `events`: a JSON list of message events, of which the choice is the output.
fn events_attribute(value: &Value<'_>) -> Option<Io> {
    #[derive(serde::Deserialize)]
    struct Named<'a> {
        #[serde(rename = "event.name", borrow)]
        name: Option<Cow<'a, str>>,
    }
    let json = value.to_text();
    let events: Vec<&RawValue> = serde_json::from_str(&json).ok()?;
    let is_choice = |event: &&&RawValue| {
        serde_json::from_str::<Named<'_>>(event.get()).is_ok_and(|named| named.name.as_deref() == Some("gen_ai.choice"))
    };
    let input: Vec<&str> = events.iter().filter(|event| !is_choice(event)).map(|event| event.get()).collect();
    let output = events.iter().find(is_choice).map(|event| event.get().to_owned());
    hit(((!input.is_empty()).then(|| format!("[{}]", input.join(","))), output))
}

/// `gen_ai.prompt.0.content` and `llm.input_messages.0.message.content`: one attribute per leaf.
fn flattened(attributes: &Lookup<'_, '_>) -> Option<Io> {
    let side = |whole: Option<Key>, family: Family| {
        whole
            .and_then(|key| attributes.some(key).map(text))
            .or_else(|| attributes.has_family(family).then(|| messages::nest(attributes.family(family))))
    };
    hit((side(Some(Key::GenAiPrompt), Family::Prompt), side(Some(Key::GenAiCompletion), Family::Completion)))
        .or_else(|| hit((side(None, Family::InputMessages), side(None, Family::OutputMessages))))
}

/// The current GenAI conventions, with the system's instructions in front as a message.
fn gen_ai_messages(attributes: &Lookup<'_, '_>) -> Option<Io> {
    let input = attributes.some(Key::InputMessages).map(text);
    let output = attributes.some(Key::OutputMessages).map(text);
    let input = match attributes.some(Key::SystemInstructions) {
        Some(instructions) => Some(messages::with_system(&instructions.to_text(), input)),
        None => input,
    };
    hit((input, output))
}

/// Is the attribute a step's content? Then it isn't repeated in the metadata.
pub(crate) fn is_content(key: Key) -> bool {
    static CONTENT: LazyLock<[bool; KEYS.len()]> = LazyLock::new(|| {
        let mut content = [false; KEYS.len()];
        let places = [&GENKIT, &VERCEL, &FLUE, &LOGFIRE, &LIVEKIT, &TOOL_CALL].into_iter().chain(PLAIN);
        for key in places.flat_map(|place| place.input.iter().chain(place.output)).chain(OTHERS) {
            content[*key as usize] = true;
        }
        content
    });
    CONTENT[key as usize]
}

/// Content in more than one attribute, or with rules of its own.
const OTHERS: &[Key] = &[
    Key::VertexRequest,
    Key::VertexResponse,
    Key::VertexToolArgs,
    Key::VertexToolResponse,
    Key::Events,
    Key::GenAiPrompt,
    Key::GenAiCompletion,
    Key::InputMessages,
    Key::OutputMessages,
    Key::SystemInstructions,
];
