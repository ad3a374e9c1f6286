//! OTLP logs to events: the log events of coding agents become traces.

use crate::agents::{Log, Statements, claude_code, codex, gemini_cli};
use crate::headers::OtlpFormat;
use crate::limits::{Context, Refusal};
use crate::otlp::protobuf::{self, Malformed};
use crate::otlp::signals::LogRecord;
use crate::otlp::{Budget, Resource, Scope, json};
use crate::otlp_traces::Batch;
use crate::text::{json_body, repair_surrogates};

/// Reads an export request of logs.
///
/// Every event of an agent that we know is a patch of its session's steps; a repeated delivery says the same again. Records that no agent
/// of ours sends are rejected by count: a trace isn't a place for a service's log lines. What agents log beside their events is dropped.
///
/// # Errors
/// 400 when the body isn't an export request of logs, 413 with more than [`crate::Limits::max_spans`] records.
pub fn otlp_logs(body: &[u8], format: OtlpFormat, ctx: &Context<'_>) -> Result<Batch, Refusal> {
    let budget = Budget::new(ctx.limits);
    let mut reader = Reader { ctx, out: Statements::new(ctx), foreign: 0, broken: 0, nested: 0 };
    match format {
        OtlpFormat::Protobuf => read_protobuf(body, &budget, &mut reader)?,
        OtlpFormat::Json => read_json(body, &budget, &mut reader)?,
    }
    let Reader { out, foreign, broken, nested, .. } = reader;
    let mut reasons = Vec::new();
    for (count, reason) in [
        (foreign, "of services that are no coding agent (spans go to /v1/traces)"),
        (broken, "that are not valid protobuf"),
        (nested, "with attribute values that are nested too deeply or too many"),
    ] {
        if count > 0 {
            reasons.push(format!("{count} {reason}"));
        }
    }
    let message = if reasons.is_empty() { String::new() } else { format!("rejected log records: {}", reasons.join(", ")) };
    let (events, mut dropped) = out.finish();
    dropped.attributes += budget.dropped_attributes.get();
    Ok(Batch { events, rejected: foreign + broken + nested, message, dropped })
}

struct Reader<'c> {
    ctx: &'c Context<'c>,
    out: Statements<'c>,
    foreign: u64,
    broken: u64,
    nested: u64,
}

impl Reader<'_> {
    fn add(&mut self, record: &LogRecord<'_>, resource: &Resource<'_>, scope: &Scope<'_>) {
        let log = Log::of(record, resource, self.ctx.now);
        // Records of an agent that name no session are its inner workings.
        if claude_code::owns(&scope.name, &log) {
            claude_code::log(&log, &mut self.out);
        } else if codex::owns(&scope.name, &log) {
            codex::log(&log, &mut self.out);
        } else if gemini_cli::owns(&scope.name, &log) {
            gemini_cli::log(&log, &mut self.out);
        } else if scope.name != "opencode" {
            self.foreign += 1;
        }
    }
}

fn too_many(ctx: &Context<'_>) -> Refusal {
    Refusal::TooLarge(format!("the request holds more than {} log records, or too many values: send smaller batches", ctx.limits.max_spans))
}

fn read_protobuf(body: &[u8], budget: &Budget<'_>, reader: &mut Reader<'_>) -> Result<(), Refusal> {
    let ctx = reader.ctx;
    let request = protobuf::request(body, ctx.limits.max_spans).map_err(|_| {
        Refusal::bad(
            "the body is not an OTLP ExportLogsServiceRequest in protobuf: check that content-type and content-encoding say what is sent, and \
             that nothing cuts the body on its way",
        )
    })?;
    for of_resource in request.ok_or_else(|| too_many(ctx))? {
        let resource = part(of_resource.resource, protobuf::resource, budget);
        for of_scope in of_resource.scopes {
            let scope: Scope<'_> = part(of_scope.scope, protobuf::scope, budget);
            for bytes in of_scope.spans {
                match protobuf::logs::record(bytes, budget) {
                    Ok(record) => reader.add(&record, &resource, &scope),
                    Err(Malformed::Wire) => reader.broken += 1,
                    Err(Malformed::Depth | Malformed::Values) => reader.nested += 1,
                }
                budget.refill();
            }
        }
    }
    Ok(())
}

/// A resource or a scope. A broken one takes its attributes with it, not its records.
pub(crate) fn part<'a, T: Default>(
    bytes: Option<&'a [u8]>,
    read: fn(&'a [u8], &Budget<'_>) -> Result<T, Malformed>,
    budget: &Budget<'_>,
) -> T {
    let found = bytes.map(|bytes| read(bytes, budget)).transpose();
    budget.refill();
    match found {
        Ok(found) => found.unwrap_or_default(),
        Err(_) => {
            budget.drop_attribute();
            T::default()
        }
    }
}

fn read_json(body: &[u8], budget: &Budget<'_>, reader: &mut Reader<'_>) -> Result<(), Refusal> {
    let text = json_body(body);
    let refuse = |cause: &serde_json::Error| {
        if cause.to_string().starts_with(json::TOO_MANY) {
            return too_many(reader.ctx);
        }
        Refusal::bad(format!(
            "the body is not an OTLP export request of logs in JSON: {cause}. Spans go to /v1/traces and metrics to /v1/metrics"
        ))
    };
    let repaired;
    let request = match json::logs::request(&text, budget) {
        Ok(request) => request,
        Err(cause) => {
            repaired = repair_surrogates(&text);
            if matches!(repaired, std::borrow::Cow::Borrowed(_)) {
                return Err(refuse(&cause));
            }
            budget.refill();
            json::logs::request(&repaired, budget).map_err(|cause| refuse(&cause))?
        }
    };
    if request.iter().flat_map(|r| &r.scopes).map(|s| s.items.len()).sum::<usize>() > reader.ctx.limits.max_spans {
        return Err(too_many(reader.ctx));
    }
    for of_resource in &request {
        for of_scope in &of_resource.scopes {
            for record in &of_scope.items {
                if record.too_deep {
                    reader.nested += 1;
                } else {
                    reader.add(record, &of_resource.resource, &of_scope.scope);
                }
            }
        }
    }
    Ok(())
}
