//! Scores: what may be said, and of what.
//!
//! `NUMERIC` takes a number, `BOOLEAN` 0 or 1, `CATEGORICAL` a text, `TEXT` 1 to 500 characters, `CORRECTION` a text; without a
//! type a number is numeric and a text categorical. A score is about exactly one of a trace (with an observation of it, or without),
//! a session and a dataset run.
//!
//! A score that names a config takes its name and data type from it, is held to its range or categories, and gets a label's number. An unknown
//! or archived config is an error of that score alone.

use std::sync::Arc;

use agenttrace_domain::{Score, ScoreConfig, ScoreDataType, ScoreSource, Timestamp};
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
    let name = body.text("name")?.filter(|name| !name.is_empty());
    let value = body.get("value").ok_or("value is missing")?;
    let config_id = optional_id(body, "configId")?;
    let stated = stated_type(body)?;
    let source = source(body)?.unwrap_or(ScoreSource::Api);
    match source {
        ScoreSource::Eval => return Err("source EVAL is for evaluators of this project: send API or ANNOTATION".to_owned()),
        ScoreSource::Annotation if config_id.is_none() && stated != Some(ScoreDataType::Correction) => {
            return Err("source ANNOTATION needs a configId".to_owned());
        }
        ScoreSource::Api | ScoreSource::Annotation => {}
    }
    let config = config(config_id.as_deref(), stated, ctx)?;
    let name = config.as_ref().map(|config| config.name.clone()).or(name).ok_or("name is missing")?;
    let (data_type, value, string_value) = held(config.as_deref(), stated, value, ctx, dropped)?;
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

/// A patch of a score: only what the body names. The subject can't be changed; a value comes with the type and the config that it has then, so a
/// patch that names a value and no config takes the score off its config.
pub(crate) fn score_patch(body: &Body<'_>, id: String, ctx: &Context<'_>, dropped: &mut Dropped) -> Result<Score, String> {
    for key in ["traceId", "observationId", "sessionId", "datasetRunId", "source"] {
        if body.get(key).is_some() {
            return Err(format!("{key} of a score can't be changed: create another score"));
        }
    }
    let stated = stated_type(body)?;
    let config_id = optional_id(body, "configId")?;
    let config = config(config_id.as_deref(), stated, ctx)?;
    let (data_type, value, string_value) = match body.get("value") {
        Some(value) => {
            let (data_type, value, string_value) = held(config.as_deref(), stated, value, ctx, dropped)?;
            (Some(data_type), value, string_value)
        }
        None if stated.is_some() => return Err("dataType needs a value".to_owned()),
        None if config.is_some() => return Err("configId needs a value: the config says which ones may be".to_owned()),
        None => (None, None, None),
    };
    Ok(Score {
        id: checked_id("id", id)?,
        name: match &config {
            Some(config) => Some(config.name.clone()),
            None => body.text("name")?.filter(|name| !name.is_empty()).map(|name| short(&name, dropped)),
        },
        value,
        string_value,
        data_type,
        comment: comment(body, ctx, dropped)?,
        metadata: metadata(body, ctx, dropped),
        environment: environment(body),
        config_id,
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

/// The config that a score names, if it may be used with what the score says of its type.
fn config(id: Option<&str>, stated: Option<ScoreDataType>, ctx: &Context<'_>) -> Result<Option<Arc<ScoreConfig>>, String> {
    let Some(id) = id else { return Ok(None) };
    if stated == Some(ScoreDataType::Correction) {
        return Err("a CORRECTION has no configId".to_owned());
    }
    let config = (ctx.score_configs)(id).ok_or_else(|| format!("configId {id:?} is not a score config of this project"))?;
    if config.is_archived {
        return Err(format!("the score config {:?} is archived: restore it, or name another", config.name));
    }
    let expected = config.rule.data_type();
    if stated.is_some_and(|stated| stated != expected) {
        return Err(format!("dataType must be {} by the score config {:?}: leave it out", expected.as_str(), config.name));
    }
    Ok(Some(config))
}

/// The value by the config's type and rule, or by the stated type where there is no config.
fn held(
    config: Option<&ScoreConfig>,
    stated: Option<ScoreDataType>,
    value: &RawValue,
    ctx: &Context<'_>,
    dropped: &mut Dropped,
) -> Result<Typed, String> {
    let Some(config) = config else { return typed(stated, value, ctx, dropped) };
    let (data_type, number, text) = typed(Some(config.rule.data_type()), value, ctx, dropped)?;
    let number = config.rule.settle(number, text.as_deref())?;
    Ok((data_type, number, text))
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
            // The sign of a zero would show.
            let number = number.abs();
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
