//! One job: slices of past steps, one after the other, until the time is up; then the job is sent on.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use agenttrace_cloud::{Queue, Secrets, Stream, record, sdk_config};
use agenttrace_domain::job::RepriceJob;
use agenttrace_domain::{Envelope, Event, Observation, Sdk, Source};
use agenttrace_ingest::price_stored;
use agenttrace_kit::worker::{BatchAnswer, QueueEvent, each_message};
use agenttrace_kit::{Error, config, now};
use agenttrace_pricing::{OwnModels, Prices};
use agenttrace_records::{ModelCache, Recalculation, RecalculationStatus, Records};
use agenttrace_store::Store;
use agenttrace_store::reprice::{Position, PricedStep, Range};

/// Steps of one slice: about a megabyte of names, counts and attributes.
const SLICE: u64 = 2_000;
/// What a job takes before it is sent on; the function's own limit is two minutes.
const LONG_ENOUGH: Duration = Duration::from_secs(60);

pub struct State {
    store: Store,
    records: Records,
    models: ModelCache,
    stream: Stream,
    buckets: u32,
    jobs: Queue,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let user = Secrets::new(&sdk).user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
        let (url, database) = (config::CLICKHOUSE_URL.require()?, config::CLICKHOUSE_DATABASE.require()?);
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        Ok(Self {
            store: Store::reader(&url, &database, &user.username, &user.password),
            models: ModelCache::new(records.clone()),
            records,
            stream: Stream::new(&sdk, config::STREAM_NAME.require()?),
            buckets: u32::try_from(config::STREAM_BUCKETS.number(4, 1, 256)?).unwrap_or(4),
            jobs: Queue::new(&sdk, config::REPRICE_QUEUE_URL.require()?),
        })
    }
}

pub async fn handle(state: Arc<State>, event: QueueEvent) -> Result<BatchAnswer, Error> {
    let state = &state;
    Ok(each_message(event, |job: RepriceJob| async move { go_on(state, &job).await }).await)
}

/// Does slices until the range is done or the time is up. Of two jobs for one recalculation the slower one stops.
async fn go_on(state: &State, job: &RepriceJob) -> Result<(), Error> {
    let began = Instant::now();
    let RepriceJob { project_id, recalculation_id } = job;
    let Some(mut found) = state.records.recalculation(project_id, recalculation_id).await? else { return Ok(()) };
    while found.status != RecalculationStatus::Completed {
        if began.elapsed() > LONG_ENOUGH {
            return Ok(state.jobs.send(job).await?);
        }
        slice(state, project_id, &mut found).await?;
        if !state.records.advance_recalculation(project_id, &mut found).await? {
            tracing::info!(recalculation.id = recalculation_id, "another job goes on with it");
            return Ok(());
        }
    }
    tracing::info!(
        project.id = project_id,
        recalculation.id = recalculation_id,
        scanned = found.scanned,
        repriced = found.repriced,
        "recalculated costs"
    );
    Ok(())
}

/// Looks at one slice, puts what changes on the stream, and notes how far it is. A slice that is done again sends the same steps again, which
/// then cost the same.
async fn slice(state: &State, project_id: &str, found: &mut Recalculation) -> Result<(), Error> {
    let own = state.models.renewed(project_id).await?;
    let after = found.cursor.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| Position::before(found.from));
    let all_metadata = own.iter().any(agenttrace_pricing::OwnModel::asks_for_metadata);
    let range = Range { from: found.from, to: found.to, all_metadata, limit: SLICE };
    let slice = state.store.for_project(project_id).steps_to_price(range, &after).await?;
    found.scanned += slice.steps.len() as u64;
    let mut changed: HashMap<(Source, Sdk), Vec<Event>> = HashMap::new();
    for PricedStep { observation, source, sdk } in slice.steps {
        if let Some(event) = change(observation, &own, found.model_id.as_deref()) {
            found.repriced += 1;
            changed.entry((source, sdk)).or_default().push(event);
        }
    }
    // Rows keep who sent them, so each sender has an envelope of its own.
    for ((source, sdk), events) in changed {
        let envelope = Envelope { project_id: project_id.to_owned(), received_at: now(), source, sdk, events };
        state.stream.put(record::pack(envelope, state.buckets)).await?;
    }
    found.updated_at = now();
    match slice.next {
        Some(position) => {
            found.status = RecalculationStatus::Running;
            found.reached = position.reached().clamp(found.from, found.to);
            found.cursor = serde_json::to_string(&position).ok();
        }
        None => {
            found.status = RecalculationStatus::Completed;
            found.reached = found.to;
            found.cursor = None;
        }
    }
    Ok(())
}

/// The order to price a step anew, if that changes something, and if it is meant: `model_id` priced it or would now.
fn change(stored: Observation, own: &OwnModels, model_id: Option<&str>) -> Option<Event> {
    let mut priced = stored.clone();
    price_stored(&mut priced, Prices::of(own), stored.start_time?);
    if model_id.is_some_and(|id| [&stored.model_id, &priced.model_id].into_iter().all(|of| of.as_deref() != Some(id))) {
        return None;
    }
    let same = priced.model_id == stored.model_id && sorted(&priced) == sorted(&stored);
    (!same).then_some(Event::Reprice { trace_id: stored.trace_id, id: stored.id })
}

fn sorted(observation: &Observation) -> Vec<&(String, agenttrace_domain::Usd)> {
    let mut cost: Vec<_> = observation.cost.iter().collect();
    cost.sort();
    cost
}

#[cfg(test)]
mod tests;
