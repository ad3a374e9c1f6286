//! Single creates and updates over HTTP: `POST` and `PATCH` of traces, observations and scores, and the oldest routes `/spans`,
//! `/generations`, `/events`. The bodies are those of the batch API; statements count from `ctx.now`.
//!
//! Every function takes the body's bytes and answers the event and the id of what it is about, or, as an error, what is wrong
//! with the body in words for the client (status 400).

use agenttrace_domain::{Event, ObservationType};

use crate::body::{Body, deeper_than};
use crate::entities::{self, Told, checked_id, clearable};
use crate::limits::{Context, Dropped};
use crate::mapping::tag_set;
use crate::scores;
use crate::text::json_body;

/// An event and the id of the trace, observation or score that it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    pub id: String,
    pub event: Event,
}

impl From<Told> for Stated {
    fn from(told: Told) -> Self {
        Self { id: told.id, event: told.event }
    }
}

/// Reads a body and hands it on.
fn with_body<T>(body: &[u8], ctx: &Context<'_>, read: impl FnOnce(&Body<'_>, &mut Dropped) -> Result<T, String>) -> Result<T, String> {
    let text = json_body(body);
    if deeper_than(&text, ctx.limits.max_depth) {
        return Err(format!("the body is nested deeper than {} levels: send it flatter, or as text", ctx.limits.max_depth));
    }
    read(&Body::parse(&text)?, &mut Dropped::default())
}

/// `POST /traces`: a trace, or more about one whose id is given.
///
/// # Errors
/// What is wrong with the body.
pub fn create_trace(body: &[u8], ctx: &Context<'_>) -> Result<Stated, String> {
    with_body(body, ctx, |body, dropped| {
        let mut told = entities::trace(body, &(ctx.new_id)(), ctx.now, ctx, dropped)?;
        if let Event::Trace { patch, .. } = &mut told.event {
            patch.timestamp = patch.timestamp.or(Some(ctx.now));
        }
        Ok(told.into())
    })
}

/// `PATCH /traces/{id}`: a person's edit. Unlike a client's statement it *replaces* the tags, and an empty text clears a field.
///
/// # Errors
/// What is wrong with the body.
pub fn patch_trace(id: &str, body: &[u8], ctx: &Context<'_>) -> Result<Stated, String> {
    with_body(body, ctx, |body, dropped| {
        let id = checked_id("id", id.to_owned())?;
        let mut patch = entities::trace_fields(body, id.clone(), ctx, dropped)?;
        patch.name = clearable(body, "name", dropped)?;
        patch.user_id = clearable(body, "userId", dropped)?;
        patch.session_id = clearable(body, "sessionId", dropped)?;
        patch.replace_tags = body.texts("tags")?.map(|tags| tag_set(tags, dropped));
        patch.tags = Vec::new();
        Ok(Stated { id, event: Event::Trace { at: ctx.now, patch: Box::new(patch) } })
    })
}

/// `POST /observations` (the type is in the body), `/spans`, `/generations`, `/events`.
///
/// # Errors
/// What is wrong with the body.
pub fn create_observation(kind: Option<ObservationType>, body: &[u8], ctx: &Context<'_>) -> Result<Stated, String> {
    with_body(body, ctx, |body, dropped| entities::create_observation(kind, body, &(ctx.new_id)(), ctx.now, ctx, dropped).map(Stated::from))
}

/// `PATCH /observations/{id}`; the oldest routes have the id in the body: `spanId`, `generationId`.
///
/// Send the `traceId` too: without it the observation is taken for one that is a trace of its own.
///
/// # Errors
/// What is wrong with the body.
pub fn patch_observation(id: Option<&str>, kind: Option<ObservationType>, body: &[u8], ctx: &Context<'_>) -> Result<Stated, String> {
    with_body(body, ctx, |body, dropped| {
        let told = match id {
            Some(id) => entities::patch_observation(kind, body, checked_id("id", id.to_owned())?, ctx.now, ctx, dropped)?,
            None => {
                let key = ["id", "observationId", "spanId", "generationId", "eventId"].into_iter().find(|key| body.get(key).is_some());
                entities::update_observation(kind, body, key.unwrap_or("id"), ctx.now, ctx, dropped)?
            }
        };
        Ok(told.into())
    })
}

/// `PATCH /scores/{id}`: only what the body names.
///
/// # Errors
/// What is wrong with the body.
pub fn patch_score(id: &str, body: &[u8], ctx: &Context<'_>) -> Result<Stated, String> {
    with_body(body, ctx, |body, dropped| {
        let patch = scores::score_patch(body, id.to_owned(), ctx, dropped)?;
        Ok(Stated { id: patch.id.clone(), event: Event::ScorePatch { at: ctx.now, patch: Box::new(patch) } })
    })
}
