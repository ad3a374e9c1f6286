//! The cost of an observation.

use agenttrace_domain::{Observation, Usd};
use agenttrace_pricing::{PriceBook, Query, price_usage};

/// Fills `cost` and `model_id` from what the observation says; earlier values are replaced.
///
/// A stated cost beats a computed one; it gets a `total`, the sum of its parts, unless it states one. Without a stated cost the
/// usage is priced by its model, on the service tier that the model's parameters name (`service_tier`). Unknown models and
/// steps without usage have no cost. Calling it again changes nothing, so the writer calls it after merging patches.
pub fn price_observation(observation: &mut Observation, prices: &PriceBook) {
    price_by_provider(observation, None, prices);
}

/// [`price_observation`], where it is known who served the model.
pub(crate) fn price_by_provider(observation: &mut Observation, provider: Option<&str>, prices: &PriceBook) {
    observation.cost.clear();
    observation.model_id = None;
    let computed = observation.model.as_deref().filter(|_| !observation.usage.is_empty()).and_then(|model| {
        let tier = observation.model_parameters.as_deref().and_then(service_tier);
        let batch = tier.as_deref() == Some("batch");
        price_usage(prices, &Query { model, provider, usage: &observation.usage, service_tier: tier.as_deref(), batch })
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
