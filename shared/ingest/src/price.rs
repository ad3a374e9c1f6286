//! The cost of an observation.

use agenttrace_domain::{Observation, Timestamp, Usd};
use agenttrace_pricing::{Attributes, Prices, Query};

/// Fills `cost` and `model_id` from what the observation says; earlier values are replaced. `at` stands for a start time that nobody said.
///
/// A stated cost beats a computed one; it gets a `total`, the sum of its parts, unless it states one. Without a stated cost the
/// usage is priced by its model, on the service tier that the model's parameters name (`service_tier`). Unknown models and
/// steps without usage have no cost. Calling it again changes nothing, so the writer calls it after merging patches.
pub fn price_observation(observation: &mut Observation, prices: Prices<'_>, at: Timestamp) {
    price_by_provider(observation, None, prices, at);
}

/// [`price_observation`], where it is known who served the model: in any of the usual words.
pub(crate) fn price_by_provider(observation: &mut Observation, provider: Option<&str>, prices: Prices<'_>, at: Timestamp) {
    observation.cost.clear();
    observation.model_id = None;
    let computed = observation.model.as_deref().filter(|_| !observation.usage.is_empty()).and_then(|model| {
        let tier = observation.model_parameters.as_deref().and_then(service_tier);
        let batch = tier.as_deref() == Some("batch");
        let query = Query { model, provider, usage: &observation.usage, service_tier: tier.as_deref(), batch };
        let at = observation.start_time.or(observation.end_time).unwrap_or(at);
        let attributes = Attributes { model_parameters: observation.model_parameters.as_deref(), metadata: &observation.metadata };
        prices.price(&query, at, attributes)
    });
    if let Some(cost) = computed {
        observation.model_id = Some(cost.model_id);
        observation.cost = cost.details;
    }
    if !observation.stated_cost.is_empty() {
        observation.cost.clone_from(&observation.stated_cost);
        if observation.total_cost().is_none() {
            let total = observation.stated_cost.iter().try_fold(Usd::ZERO, |sum, (_, part)| sum.checked_add(*part));
            observation.cost.extend(total.map(|total| ("total".to_owned(), total)));
        }
    }
    observation.cost.sort_by(|a, b| a.0.cmp(&b.0));
}

/// [`price_observation`] for one that was told before: who served the model stands among the attributes that its metadata keeps.
pub fn price_stored(observation: &mut Observation, prices: Prices<'_>, at: Timestamp) {
    let attributes = observation.metadata.iter().find(|(key, _)| key == "attributes").map(|(_, value)| value.as_str());
    let provider = attributes.and_then(provider);
    price_by_provider(observation, provider.as_deref(), prices, at);
}

/// The first of the attributes that name a provider, in the order in which spans are read.
fn provider(attributes: &str) -> Option<String> {
    if !PROVIDERS.iter().any(|key| attributes.contains(key)) {
        return None;
    }
    let attributes: serde_json::Map<String, serde_json::Value> = serde_json::from_str(attributes).ok()?;
    PROVIDERS.iter().find_map(|key| attributes.get(*key)?.as_str().map(str::to_owned))
}

/// As `mapping` has them.
const PROVIDERS: [&str; 5] = ["gen_ai.provider.name", "gen_ai.system", "ai.model.provider", "llm.provider", "llm.system"];

/// `service_tier` among a model's parameters.
fn service_tier(parameters: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Tier {
        service_tier: Option<String>,
    }
    if !parameters.contains("\"service_tier\"") {
        return None;
    }
    serde_json::from_str::<Tier>(parameters).ok()?.service_tier
}
