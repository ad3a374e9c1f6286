//! Scores: what may be said, and of what.
//!
//! `NUMERIC` takes a number, `BOOLEAN` 0 or 1, `CATEGORICAL` a text, `TEXT` 1 to 500 characters, `CORRECTION` a text; without a
//! type a number is numeric and a text categorical. A score is about exactly one of a trace (with an observation of it, or without),
//! a session and a dataset run. Whether a score config allows the value isn't decided here.

use agenttrace_domain::{Score, ScoreDataType, ScoreSource, Timestamp};
use serde_json::value::RawValue;

use crate::body::{Body, deeper_than, string};
use crate::entities::{checked_id, environment, metadata, optional_id};
use crate::limits::{Context, Dropped, Refusal};
use crate::text::{json_body, long, short};

/// The body of `POST /scores`.
#[derive(Debug, Clone, PartialEq)]
pub enum ScoresRequest {
    /// One score; the text says what is wrong with it.
    Single(Result<Box<Score>, String>),
    /// A list, as Python's SDK 5 sends it; each is answered for itself.
    Many(Vec<Result<Box<Score>, String>>),
}

/// Reads a body of one score or a list of scores.
///
/// # Errors
/// 400 when the body is neither, 413 with more than [`crate::Limits::max_spans`] scores.
pub fn scores_request(body: &[u8], ctx: &Context<'_>) -> Result<ScoresRequest, Refusal> {
    let text = json_body(body);
    if !text.trim_start().starts_with('[') {
        // Text that isn't JSON at all is the request's fault, not a score's.
        serde_json::from_str::<&RawValue>(&text).map_err(|cause| Refusal::bad(format!("the body is not JSON: {cause}")))?;
        return Ok(ScoresRequest::Single(score_body(&text, ctx).map(Box::new)));
    }
    let scores: Vec<&RawValue> =
        serde_json::from_str(&text).map_err(|cause| Refusal::bad(format!("the body is not a list of scores: {cause}")))?;
    if scores.len() > ctx.limits.max_spans {
        return Err(Refusal::TooLarge(format!("the body holds more than {} scores: send smaller batches", ctx.limits.max_spans)));
    }
    Ok(ScoresRequest::Many(scores.into_iter().map(|score| score_body(score.get(), ctx).map(Box::new)).collect()))
}

/// Reads one score from JSON text. Without an `id` it gets a new one.
///
/// # Errors
/// What is wrong with it, in words for the client.
pub fn score_body(json: &str, ctx: &Context<'_>) -> Result<Score, String> {
    if deeper_than(json, ctx.limits.max_depth) {
        return Err(format!("the score is nested deeper than {} levels", ctx.limits.max_depth));
    }
    let body = Body::parse(json)?;
    let id = (ctx.new_id)();
    score(&body, &id, ctx.now, ctx, &mut Dropped::default())
}

/// A score's body; without an `id` of its own it is `fallback_id`, without a `timestamp` it is from `at`.
pub(crate) fn score(body: &Body<'_>, fallback_id: &str, at: Timestamp, ctx: &Context<'_>, dropped: &mut Dropped) -> Result<Score, String> {
    let id = optional_id(body, "id")?.unwrap_or_else(|| fallback_id.to_owned());
    let name = body.text("name")?.filter(|name| !name.is_empty()).ok_or("name is missing")?;
    let value = body.get("value").ok_or("value is missing")?;
    let config_id = optional_id(body, "configId")?;
    let source = source(body)?.unwrap_or(ScoreSource::Api);
    let (data_type, value, string_value) = typed(stated_type(body)?, value, ctx, dropped)?;
    match source {
        ScoreSource::Eval => return Err("source EVAL is for evaluators of this project: send API or ANNOTATION".to_owned()),
        ScoreSource::Annotation if config_id.is_none() && data_type != ScoreDataType::Correction => {
            return Err("source ANNOTATION needs a configId".to_owned());
        }
        ScoreSource::Api | ScoreSource::Annotation => {}
    }
    if data_type == ScoreDataType::Correction && config_id.is_some() {
        return Err("a CORRECTION has no configId".to_owned());
    }
    let score = Score {
        id: checked_id("id", id)?,
        name: Some(short(&name, dropped)),
        trace_id: optional_id(body, "traceId")?,
        observation_id: optional_id(body, "observationId")?,
        session_id: optional_id(body, "sessionId")?,
        dataset_run_id: optional_id(body, "datasetRunId")?,
        value,
        string_value,
        data_type: Some(data_type),
        source: Some(source),
        comment: comment(body, ctx, dropped)?,
        metadata: metadata(body, ctx, dropped),
        environment: environment(body),
        config_id,
        queue_id: optional_id(body, "queueId")?,
        author_user_id: None,
        timestamp: Some(body.time("timestamp")?.unwrap_or(at)),
    };
    check_subject(&score)?;
    Ok(score)
}

/// A patch of a score: only what the body names. The subject can't be changed; a value comes with the type that it has then.
pub(crate) fn score_patch(body: &Body<'_>, id: String, ctx: &Context<'_>, dropped: &mut Dropped) -> Result<Score, String> {
    for key in ["traceId", "observationId", "sessionId", "datasetRunId", "source"] {
        if body.get(key).is_some() {
            return Err(format!("{key} of a score can't be changed: create another score"));
        }
    }
    let stated = stated_type(body)?;
    let (data_type, value, string_value) = match body.get("value") {
        Some(value) => {
            let (data_type, value, string_value) = typed(stated, value, ctx, dropped)?;
            (Some(data_type), value, string_value)
        }
        None if stated.is_some() => return Err("dataType needs a value".to_owned()),
        None => (None, None, None),
    };
    Ok(Score {
        id: checked_id("id", id)?,
        name: body.text("name")?.filter(|name| !name.is_empty()).map(|name| short(&name, dropped)),
        value,
        string_value,
        data_type,
        comment: comment(body, ctx, dropped)?,
        metadata: metadata(body, ctx, dropped),
        environment: environment(body),
        config_id: optional_id(body, "configId")?,
        queue_id: optional_id(body, "queueId")?,
        timestamp: body.time("timestamp")?,
        ..Score::default()
    })
}

fn comment(body: &Body<'_>, ctx: &Context<'_>, dropped: &mut Dropped) -> Result<Option<String>, String> {
    Ok(body.text("comment")?.map(|comment| long(comment, ctx.limits, dropped)))
}

fn stated_type(body: &Body<'_>) -> Result<Option<ScoreDataType>, String> {
    let Some(text) = body.text("dataType")? else { return Ok(None) };
    let known = || ScoreDataType::ALL.map(ScoreDataType::as_str).join(", ");
    ScoreDataType::parse(&text).map(Some).ok_or_else(|| format!("dataType must be one of {}", known()))
}

fn source(body: &Body<'_>) -> Result<Option<ScoreSource>, String> {
    let Some(text) = body.text("source")? else { return Ok(None) };
    ScoreSource::parse(&text).map(Some).ok_or_else(|| "source must be API or ANNOTATION".to_owned())
}

type Typed = (ScoreDataType, Option<f64>, Option<String>);

/// The value by its type.
fn typed(stated: Option<ScoreDataType>, value: &RawValue, ctx: &Context<'_>, dropped: &mut Dropped) -> Result<Typed, String> {
    let text = string(value);
    let number = value.get().parse::<f64>().ok().filter(|n| n.is_finite() && text.is_none());
    let needs = |what: &str| Err(format!("value must be {what}"));
    match (stated, number, text) {
        (None | Some(ScoreDataType::Numeric), Some(number), _) => Ok((ScoreDataType::Numeric, Some(number), None)),
        (Some(ScoreDataType::Numeric), ..) => needs("a finite number with dataType NUMERIC"),
        (Some(ScoreDataType::Boolean), Some(number), _) if number == 0.0 || number == 1.0 => {
            let label = if number == 1.0 { "True" } else { "False" };
            Ok((ScoreDataType::Boolean, Some(number), Some(label.to_owned())))
        }
        (Some(ScoreDataType::Boolean), ..) => needs("0 or 1 with dataType BOOLEAN"),
        (None | Some(ScoreDataType::Categorical), _, Some(text)) => {
            Ok((ScoreDataType::Categorical, None, Some(long(text, ctx.limits, dropped))))
        }
        (Some(ScoreDataType::Text), _, Some(text)) if (1..=500).contains(&text.chars().count()) => {
            Ok((ScoreDataType::Text, None, Some(text)))
        }
        (Some(ScoreDataType::Text), ..) => needs("a text of 1 to 500 characters with dataType TEXT"),
        (Some(ScoreDataType::Correction), _, Some(text)) => Ok((ScoreDataType::Correction, None, Some(long(text, ctx.limits, dropped)))),
        (Some(ScoreDataType::Categorical | ScoreDataType::Correction), ..) => needs("a text with this dataType"),
        (None, ..) => needs("a finite number or a text"),
    }
}

fn check_subject(score: &Score) -> Result<(), String> {
    let subjects = [&score.trace_id, &score.session_id, &score.dataset_run_id].into_iter().filter(|id| id.is_some()).count();
    match subjects {
        1 if score.observation_id.is_some() && score.trace_id.is_none() => Err("observationId needs the traceId of its trace".to_owned()),
        1 => Ok(()),
        0 => Err("the score has no subject: send one of traceId, sessionId, datasetRunId".to_owned()),
        _ => Err("the score has several subjects: send only one of traceId, sessionId, datasetRunId".to_owned()),
    }
}
