//! Langfuse's batch API, `POST /api/public/ingestion`: typed events, each answered for itself.
//!
//! What all events of a batch share:
//!
//! * The envelope's `id` names the event in the answer. Where the body has no `id`, the entity takes the envelope's, so that a repeated
//!   delivery says the same of the same thing.
//! * Creates go before updates, each by time. Statements count from the envelope's `timestamp`, as far as it can be trusted: [`order`].
//! * Nothing that one event says makes another one fail.

mod order;

use agenttrace_domain::{Event, ObservationType, Timestamp};
use serde_json::value::RawValue;

use crate::body::{Body, deeper_than, string};
use crate::entities::{self, Told};
use crate::limits::{Context, Dropped, Refusal};
use crate::scores;
use crate::text::json_body;

/// Which types the caller may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchScope {
    All,
    /// A public key alone: other types get 401, one by one.
    ScoresOnly,
}

/// What a batch became, and the answer to each of its events.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BatchOutcome {
    /// In the order in which they are to be written.
    pub events: Vec<Event>,
    /// Envelope ids with their status, in the order of the request.
    pub successes: Vec<(String, u16)>,
    pub errors: Vec<BatchError>,
    /// What was left out of the events that are kept.
    pub dropped: Dropped,
}

/// Why one event is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchError {
    /// The envelope's id, empty when it has none.
    pub id: String,
    pub status: u16,
    /// The name of the error's class.
    pub message: String,
    /// What is wrong, in words for the client.
    pub error: String,
}

/// What a type of event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Trace,
    /// A create; without a type of its own the body names it (`observation-create`).
    Create(Option<ObservationType>),
    Update(Option<ObservationType>),
    Score,
    Log,
    RunItem,
}

/// Langfuse's 18 types. `span-update` says nothing of the type: SDKs send it for every kind that isn't a generation.
const TYPES: [(&str, Type); 18] = [
    ("trace-create", Type::Trace),
    ("event-create", Type::Create(Some(ObservationType::Event))),
    ("span-create", Type::Create(Some(ObservationType::Span))),
    ("span-update", Type::Update(None)),
    ("generation-create", Type::Create(Some(ObservationType::Generation))),
    ("generation-update", Type::Update(Some(ObservationType::Generation))),
    ("agent-create", Type::Create(Some(ObservationType::Agent))),
    ("tool-create", Type::Create(Some(ObservationType::Tool))),
    ("chain-create", Type::Create(Some(ObservationType::Chain))),
    ("retriever-create", Type::Create(Some(ObservationType::Retriever))),
    ("evaluator-create", Type::Create(Some(ObservationType::Evaluator))),
    ("embedding-create", Type::Create(Some(ObservationType::Embedding))),
    ("guardrail-create", Type::Create(Some(ObservationType::Guardrail))),
    ("score-create", Type::Score),
    ("sdk-log", Type::Log),
    ("dataset-run-item-create", Type::RunItem),
    ("observation-create", Type::Create(None)),
    ("observation-update", Type::Update(None)),
];

/// One event, read as far as its envelope.
struct Envelope<'a> {
    id: String,
    at: Timestamp,
    kind: Type,
    body: Body<'a>,
}

/// Reads a batch.
///
/// # Errors
/// 400 when the body isn't JSON with a list `batch`, 413 with more than [`crate::Limits::max_spans`] events.
pub fn batch(body: &[u8], ctx: &Context<'_>, scope: BatchScope) -> Result<BatchOutcome, Refusal> {
    let text = json_body(body);
    let request = Body::parse(&text).map_err(|cause| Refusal::bad(format!("the body is not a batch of events: {cause}")))?;
    let events: Vec<&RawValue> = request
        .get("batch")
        .and_then(|list| serde_json::from_str(list.get()).ok())
        .ok_or_else(|| Refusal::bad("batch must be a list of events {id, timestamp, type, body}"))?;
    if events.len() > ctx.limits.max_spans {
        return Err(Refusal::TooLarge(format!("the batch holds more than {} events: send smaller batches", ctx.limits.max_spans)));
    }

    let mut outcome = BatchOutcome::default();
    let mut envelopes = Vec::with_capacity(events.len());
    for event in events {
        match envelope(event, ctx, scope) {
            Ok(envelope) => envelopes.push(envelope),
            Err(error) => outcome.errors.push(error),
        }
    }
    order::settle(&mut envelopes, ctx.now);
    let mut told: Vec<(bool, Timestamp, Event)> = Vec::with_capacity(envelopes.len());
    for envelope in &envelopes {
        match read(envelope, ctx, &mut outcome.dropped) {
            Ok(event) => {
                outcome.successes.push((envelope.id.clone(), 201));
                told.extend(event.map(|event| (matches!(envelope.kind, Type::Update(_)), envelope.at, event)));
            }
            Err(error) => outcome.errors.push(invalid(envelope.id.clone(), error)),
        }
    }
    told.sort_by_key(|(update, at, _)| (*update, *at));
    outcome.events = told.into_iter().map(|(_, _, event)| event).collect();
    Ok(outcome)
}

fn invalid(id: String, error: String) -> BatchError {
    BatchError { id, status: 400, message: "InvalidRequestError".to_owned(), error }
}

fn envelope<'a>(event: &'a RawValue, ctx: &Context<'_>, scope: BatchScope) -> Result<Envelope<'a>, BatchError> {
    let envelope = Body::parse(event.get()).map_err(|cause| invalid(String::new(), cause))?;
    let id = envelope.get("id").and_then(string).unwrap_or_default();
    if !agenttrace_domain::valid_id(&id) {
        let id = id.chars().filter(|c| !c.is_control()).take(100).collect();
        return Err(invalid(id, "id of the event must be text of 1 to 800 characters".to_owned()));
    }
    let name = envelope.get("type").and_then(string).unwrap_or_default();
    let Some((_, kind)) = TYPES.iter().find(|(known, _)| *known == name) else {
        let name: String = name.chars().take(40).collect();
        return Err(invalid(id, format!("type {name:?} is not known")));
    };
    if scope == BatchScope::ScoresOnly && *kind != Type::Score {
        return Err(BatchError {
            id,
            status: 401,
            message: "UnauthorizedError".to_owned(),
            error: format!("a public key alone may only create scores: use the secret key for {name}"),
        });
    }
    let at = match envelope.time("timestamp") {
        Ok(at) => at.unwrap_or(ctx.now),
        Err(error) => return Err(invalid(id, error)),
    };
    if event.get().len() > ctx.limits.max_text.saturating_mul(2) {
        let most = ctx.limits.max_text.saturating_mul(2);
        return Err(invalid(id, format!("the event is larger than {most} bytes: send less in one event")));
    }
    if deeper_than(event.get(), ctx.limits.max_depth) {
        return Err(invalid(id, format!("the event is nested deeper than {} levels: send it flatter, or as text", ctx.limits.max_depth)));
    }
    let body = envelope.get("body").map(|body| Body::parse(body.get())).transpose();
    match body {
        Ok(body) => Ok(Envelope { id, at, kind: *kind, body: body.unwrap_or_default() }),
        Err(cause) => Err(invalid(id, format!("body: {cause}"))),
    }
}

fn read(envelope: &Envelope<'_>, ctx: &Context<'_>, dropped: &mut Dropped) -> Result<Option<Event>, String> {
    let Envelope { id, at, kind, body } = envelope;
    let told = match kind {
        Type::Log => return Ok(None),
        Type::RunItem => return Err("dataset-run-item-create is not accepted here: use POST /api/public/dataset-run-items".to_owned()),
        Type::Trace => entities::trace(body, id, *at, ctx, dropped)?,
        Type::Create(kind) => entities::create_observation(*kind, body, id, *at, ctx, dropped)?,
        Type::Update(kind) => entities::update_observation(*kind, body, "id", *at, ctx, dropped)?,
        Type::Score => {
            let score = scores::score(body, id, *at, ctx, dropped)?;
            Told { id: score.id.clone(), event: Event::Score(Box::new(score)) }
        }
    };
    Ok(Some(told.event))
}
