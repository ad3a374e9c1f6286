//! OTLP traces to events.

mod repeats;

use std::collections::HashMap;

use agenttrace_domain::merge::merge_trace;
use agenttrace_domain::{Event, FieldTimes, RunItem, Timestamp, Trace};

use crate::agents::{AgentSpans, Statements};
use crate::headers::OtlpFormat;
use crate::limits::{Context, Dropped, Refusal};
use crate::mapping::{Origin, hex, observe};
use crate::otlp::protobuf::{self, Malformed};
use crate::otlp::{Budget, Scope, Span, json};
use crate::text::{json_body, repair_surrogates};

/// What a request became.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// The steps in the order in which they stand in the request, then one statement for each trace of which something was said, then
    /// the tries of experiments that steps are.
    pub events: Vec<Event>,
    /// Spans that are not kept.
    pub rejected: u64,
    /// Why, in words for the client; empty when nothing was rejected.
    pub message: String,
    /// What was left out of the spans that are kept.
    pub dropped: Dropped,
}

/// Reads an export request of traces.
///
/// Every span is one [`Event::Observation`]. What spans say of their trace as a whole (`langfuse.trace.*`, user, session, tags …) is
/// merged into one [`Event::Trace`] per trace and request. A statement counts from the end of its span (at most `ctx.now`): attributes
/// are final then, and a repeated delivery says the same at the same time.
///
/// Spans of coding agents are patches of their sessions' steps ([`crate::otlp_logs`] tells the same steps).
///
/// A span that can't be used (its ids, its encoding, its nesting) is rejected alone.
///
/// # Errors
/// 400 when the body isn't an export request or when none of its spans has usable ids (logs and metrics look like that), 413 with
/// more than [`crate::Limits::max_spans`] spans.
pub fn otlp_traces(body: &[u8], format: OtlpFormat, ctx: &Context<'_>) -> Result<Batch, Refusal> {
    let budget = Budget::new(ctx.limits);
    let mut collector = Collector::new(ctx);
    match format {
        OtlpFormat::Protobuf => read_protobuf(body, &budget, &mut collector)?,
        OtlpFormat::Json => read_json(body, &budget, &mut collector)?,
    }
    collector.dropped.attributes += budget.dropped_attributes.get();
    collector.finish()
}

fn too_many(ctx: &Context<'_>) -> Refusal {
    Refusal::TooLarge(format!("the request holds more than {} spans, or too many values: send smaller batches", ctx.limits.max_spans))
}

fn read_protobuf(body: &[u8], budget: &Budget<'_>, collector: &mut Collector<'_>) -> Result<(), Refusal> {
    let ctx = collector.ctx;
    let request = protobuf::request(body, ctx.limits.max_spans).map_err(|_| {
        Refusal::bad(
            "the body is not an OTLP ExportTraceServiceRequest in protobuf: check that content-type and content-encoding say what is sent, and \
             that nothing cuts the body on its way",
        )
    })?;
    for resource_spans in request.ok_or_else(|| too_many(ctx))? {
        let resource = part(resource_spans.resource, protobuf::resource, budget, collector);
        for scope_spans in resource_spans.scopes {
            let scope: Scope<'_> = part(scope_spans.scope, protobuf::scope, budget, collector);
            let origin = Origin::new(&resource, &scope, ctx);
            for bytes in scope_spans.spans {
                match protobuf::span(bytes, budget) {
                    Ok(span) => collector.add(&span, &origin),
                    Err(Malformed::Wire) => collector.reject(Reason::Encoding),
                    Err(Malformed::Depth | Malformed::Values) => collector.reject(Reason::Nesting),
                }
                budget.refill();
            }
        }
    }
    Ok(())
}

/// A resource or a scope. A broken one takes its attributes with it, not its spans.
fn part<'a, T: Default>(
    bytes: Option<&'a [u8]>,
    read: fn(&'a [u8], &Budget<'_>) -> Result<T, Malformed>,
    budget: &Budget<'_>,
    collector: &mut Collector<'_>,
) -> T {
    let found = bytes.map(|bytes| read(bytes, budget)).transpose();
    budget.refill();
    found
        .unwrap_or_else(|_| {
            collector.dropped.attributes += 1;
            None
        })
        .unwrap_or_default()
}

fn read_json(body: &[u8], budget: &Budget<'_>, collector: &mut Collector<'_>) -> Result<(), Refusal> {
    let text = json_body(body);
    let refuse = |cause: &serde_json::Error| {
        if cause.to_string().starts_with(json::TOO_MANY) {
            return too_many(collector.ctx);
        }
        Refusal::bad(format!("the body is not an OTLP export request in JSON: {cause}. Logs go to /v1/logs and metrics to /v1/metrics"))
    };
    // JavaScript cuts emoji in half; the parser won't have it, so the halves are replaced and the text is read again.
    let repaired;
    let request = match json::request(&text, budget) {
        Ok(request) => request,
        Err(cause) => {
            repaired = repair_surrogates(&text);
            if matches!(repaired, std::borrow::Cow::Borrowed(_)) {
                return Err(refuse(&cause));
            }
            budget.refill();
            json::request(&repaired, budget).map_err(|cause| refuse(&cause))?
        }
    };
    let spans = request.iter().flat_map(|r| &r.scopes).map(|s| s.spans.len()).sum::<usize>();
    if spans > collector.ctx.limits.max_spans {
        return Err(too_many(collector.ctx));
    }
    for resource_spans in &request {
        for scope_spans in &resource_spans.scopes {
            let origin = Origin::new(&resource_spans.resource, &scope_spans.scope, collector.ctx);
            for span in &scope_spans.spans {
                if span.too_deep {
                    collector.reject(Reason::Nesting);
                } else {
                    collector.add(span, &origin);
                }
            }
        }
    }
    Ok(())
}

/// Why a span is rejected.
#[derive(Clone, Copy)]
enum Reason {
    Ids,
    Encoding,
    Nesting,
}

struct Collector<'c> {
    ctx: &'c Context<'c>,
    events: Vec<Event>,
    traces: Vec<(Timestamp, Trace, FieldTimes)>,
    by_id: HashMap<[u8; 16], usize>,
    /// Spans that are the tries of experiments.
    run_items: Vec<RunItem>,
    /// Model calls by the provider's id of the answer: where they stand in `events`.
    responses: Vec<(String, usize)>,
    /// Spans of coding agents, which tell of their sessions' steps.
    agents: AgentSpans,
    sessions: Statements<'c>,
    rejected: [u64; 3],
    dropped: Dropped,
}

impl<'c> Collector<'c> {
    fn new(ctx: &'c Context<'c>) -> Self {
        Self {
            ctx,
            events: Vec::new(),
            traces: Vec::new(),
            by_id: HashMap::new(),
            run_items: Vec::new(),
            responses: Vec::new(),
            agents: AgentSpans::default(),
            sessions: Statements::new(ctx),
            rejected: [0; 3],
            dropped: Dropped::default(),
        }
    }

    fn reject(&mut self, reason: Reason) {
        self.rejected[reason as usize] += 1;
    }

    fn add(&mut self, span: &Span<'_>, origin: &Origin<'_, '_>) {
        let (Some(trace_id), Some(id)) = (span.trace_id, span.id) else { return self.reject(Reason::Ids) };
        if let Some(agent) = origin.agent
            && self.agents.add(agent, span, origin.resource, &mut self.sessions)
        {
            return;
        }
        let told = observe(hex(&trace_id), hex(&id), span, origin, self.ctx, &mut self.dropped);
        self.responses.extend(told.response_id.map(|response| (response, self.events.len())));
        self.events.push(Event::Observation(Box::new(told.observation)));
        self.run_items.extend(told.run_item);
        let Some((at, patch)) = told.trace else { return };
        let slot = *self.by_id.entry(trace_id).or_insert_with(|| {
            self.traces.push((at, Trace { id: patch.id.clone(), ..Trace::default() }, FieldTimes::default()));
            self.traces.len() - 1
        });
        let (latest, row, times) = &mut self.traces[slot];
        *latest = at.max(*latest);
        merge_trace(row, times, patch, at);
    }

    fn finish(self) -> Result<Batch, Refusal> {
        let Self { agents, mut sessions, mut dropped, .. } = self;
        let [ids, encoding, nesting] = self.rejected;
        let rejected = ids + encoding + nesting;
        let nothing = self.events.is_empty() && sessions.is_empty() && agents.internal == 0;
        if nothing && ids + encoding > 0 {
            return Err(Refusal::bad(format!(
                "none of the {rejected} spans has a trace id of 16 bytes and a span id of 8. If these are logs or metrics, they came to the \
                 traces route by mistake: send logs to /v1/logs and metrics to /v1/metrics"
            )));
        }
        let mut reasons = Vec::new();
        for (count, reason) in [
            (ids, "without a usable trace id (16 bytes, not all zero) or span id (8 bytes, not all zero)"),
            (encoding, "that are not valid protobuf"),
            (nesting, "with attribute values that are nested too deeply or too many"),
        ] {
            if count > 0 {
                reasons.push(format!("{count} {reason}"));
            }
        }
        let message = if reasons.is_empty() { String::new() } else { format!("rejected spans: {}", reasons.join(", ")) };
        let mut events = self.events;
        repeats::forget(&mut events, &self.responses);
        agents.finish(&mut sessions);
        let (of_agents, left_out) = sessions.finish();
        dropped.attributes += left_out.attributes;
        dropped.texts += left_out.texts;
        dropped.amounts += left_out.amounts;
        events.extend(of_agents);
        events.extend(self.traces.into_iter().map(|(at, patch, _)| Event::Trace { at, patch: Box::new(patch) }));
        events.extend(self.run_items.into_iter().map(|item| Event::RunItem(Box::new(item))));
        Ok(Batch { events, rejected, message, dropped })
    }
}
