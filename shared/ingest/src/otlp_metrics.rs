//! OTLP metrics to events: each point is kept, delta and cumulative alike.

use agenttrace_domain::agent::{AgentRecord, MetricKind, MetricPoint};
use agenttrace_domain::{Event, Timestamp};

use crate::agents::Said;
use crate::headers::OtlpFormat;
use crate::limits::{Context, Refusal};
use crate::otlp::protobuf;
use crate::otlp::signals::{Metric, Point, Shape};
use crate::otlp::{Budget, Resource, Scope, json};
use crate::otlp_logs::part;
use crate::otlp_traces::Batch;
use crate::text::{json_body, metadata_string, repair_surrogates, short};

/// Most attributes of a point that are kept.
const MAX_ATTRIBUTES: usize = 64;
/// A resource's attributes that tell one sender from another: with a point's own they make the series.
const SENDER: &[&str] = &["service.name", "service.instance.id", "session.id", "host.name"];
/// Services and the agents they are.
const AGENTS: &[(&str, &str)] = &[
    ("claude-code", "claude-code"),
    ("codex", "codex"),
    ("gemini-cli", "gemini-cli"),
    ("github-copilot", "copilot-cli"),
    ("copilot-chat", "copilot-chat"),
    ("opencode", "opencode"),
];

/// Reads an export request of metrics. A point that can't be used (no time, no number) is rejected alone.
///
/// # Errors
/// 400 when the body isn't an export request of metrics, 413 with more than [`crate::Limits::max_spans`] points.
pub fn otlp_metrics(body: &[u8], format: OtlpFormat, ctx: &Context<'_>) -> Result<Batch, Refusal> {
    let budget = Budget::new(ctx.limits);
    let mut batch = Batch::default();
    match format {
        OtlpFormat::Protobuf => {
            let request = protobuf::request(body, ctx.limits.max_spans)
                .map_err(|_| {
                    Refusal::bad(
                        "the body is not an OTLP ExportMetricsServiceRequest in protobuf: check that content-type and content-encoding say what is sent",
                    )
                })?
                .ok_or_else(|| too_many(ctx))?;
            for of_resource in request {
                let resource = part(of_resource.resource, protobuf::resource, &budget);
                for of_scope in of_resource.scopes {
                    let _scope: Scope<'_> = part(of_scope.scope, protobuf::scope, &budget);
                    for bytes in of_scope.spans {
                        match protobuf::metrics::metric(bytes, &budget) {
                            Ok(metric) => add(&metric, &resource, ctx, &mut batch)?,
                            Err(_) => batch.rejected += 1,
                        }
                        budget.refill();
                    }
                }
            }
        }
        OtlpFormat::Json => {
            let text = json_body(body);
            let text = repair_surrogates(&text);
            let request = json::metrics::request(&text, &budget).map_err(|cause| {
                if cause.to_string().starts_with(json::TOO_MANY) {
                    return too_many(ctx);
                }
                Refusal::bad(format!(
                    "the body is not an OTLP export request of metrics in JSON: {cause}. Spans go to /v1/traces and logs to /v1/logs"
                ))
            })?;
            for of_resource in &request {
                for metric in of_resource.scopes.iter().flat_map(|scope| &scope.items) {
                    add(metric, &of_resource.resource, ctx, &mut batch)?;
                }
            }
        }
    }
    batch.dropped.attributes += budget.dropped_attributes.get();
    if batch.rejected > 0 {
        batch.message = format!("rejected data points: {} without a usable time, number or name", batch.rejected);
    }
    Ok(batch)
}

fn too_many(ctx: &Context<'_>) -> Refusal {
    Refusal::TooLarge(format!("the request holds more than {} data points, or too many values: send smaller batches", ctx.limits.max_spans))
}

fn add(metric: &Metric<'_>, resource: &Resource<'_>, ctx: &Context<'_>, batch: &mut Batch) -> Result<(), Refusal> {
    batch.rejected += metric.broken;
    let kind = match metric.shape {
        Shape::Sum => MetricKind::Sum,
        Shape::Gauge => MetricKind::Gauge,
        Shape::Histogram => MetricKind::Histogram,
        // A kind of a version to come.
        Shape::Unknown => return Ok(()),
    };
    if metric.name.is_empty() {
        batch.rejected += metric.points.len() as u64;
        return Ok(());
    }
    if batch.events.len() + metric.points.len() > ctx.limits.max_spans {
        return Err(too_many(ctx));
    }
    for point in &metric.points {
        match read(metric, kind, point, Said(&resource.attributes), ctx, batch) {
            Some(point) => batch.events.push(Event::Agent(AgentRecord::Metric(Box::new(point)))),
            None => batch.rejected += 1,
        }
    }
    Ok(())
}

fn read(
    metric: &Metric<'_>,
    kind: MetricKind,
    point: &Point<'_>,
    resource: Said<'_, '_>,
    ctx: &Context<'_>,
    batch: &mut Batch,
) -> Option<MetricPoint> {
    let value = point.value.filter(|v| v.is_finite() && !point.too_deep)?;
    let time = if point.time == 0 { ctx.now } else { Timestamp::from_unix_nanos(point.time)? };
    let start = if point.start == 0 { Timestamp(0) } else { Timestamp::from_unix_nanos(point.start)? };
    let said = Said(&point.attributes);
    let session = ["session.id", "gen_ai.conversation.id", "conversation.id"].into_iter().find_map(|key| said.owned(key));
    let session_id = session.or_else(|| resource.owned("session.id")).unwrap_or_default();
    let service = resource.text("service.name").unwrap_or_default();
    let agent = AGENTS.iter().find(|(prefix, _)| service.starts_with(prefix)).map_or(service.as_ref(), |(_, agent)| *agent);
    let mut attributes: Vec<(String, String)> = point
        .attributes
        .iter()
        .filter(|a| a.value.is_meaningful())
        .take(MAX_ATTRIBUTES)
        .map(|a| (short(&a.key, &mut batch.dropped), short(&metadata_string(&a.value.to_text()), &mut batch.dropped)))
        .collect();
    batch.dropped.attributes += point.attributes.len().saturating_sub(MAX_ATTRIBUTES) as u64;
    attributes.sort_unstable();
    attributes.dedup_by(|later, first| later.0 == first.0);
    let sender = SENDER.iter().map(|key| resource.owned(key).unwrap_or_default());
    let parts: Vec<String> = sender.chain(attributes.iter().flat_map(|(k, v)| [k.clone(), v.clone()])).collect();
    let parts: Vec<&str> = std::iter::once(metric.name.as_ref()).chain(parts.iter().map(String::as_str)).collect();
    let series = agenttrace_domain::agent::made_id(&parts);
    Some(MetricPoint {
        name: short(&metric.name, &mut batch.dropped),
        unit: short(&metric.unit, &mut batch.dropped),
        kind,
        cumulative: metric.temporality == 2,
        monotonic: metric.monotonic,
        agent: short(agent, &mut batch.dropped),
        session_id: short(&session_id, &mut batch.dropped),
        series: u64::from_str_radix(&series[..16], 16).unwrap_or_default(),
        start,
        time,
        value,
        count: point.count,
        min: point.min.filter(|v| v.is_finite()),
        max: point.max.filter(|v| v.is_finite()),
        attributes,
    })
}
