//! Models as the API shows them.

use std::collections::BTreeMap;

use agenttrace_api::Json;
use agenttrace_api::models::{AttributeCondition, Model, ModelPrice, PricingTier, PricingTierCondition, ServiceTier, UsageCondition};
use agenttrace_domain::Timestamp;
use agenttrace_pricing::{AttributeSource, Condition, ModelPrice as Managed, Operator, Tier, UnitPrice};
use agenttrace_records::OwnModelRecord;

/// Since when the managed list is as it is: the day of its data.
const MANAGED_SINCE: &str = "2026-11-22T00:00:00.000Z";

/// One of the project's own models.
pub fn own(record: OwnModelRecord) -> Model {
    let spec = record.spec;
    let tiers: Vec<PricingTier> = spec
        .tiers
        .iter()
        .map(|tier| PricingTier {
            id: tier_id(&spec.id, tier.is_default, tier.priority),
            name: tier.name.clone(),
            is_default: tier.is_default,
            priority: tier.priority,
            conditions: tier.conditions.iter().map(condition).collect(),
            prices: tier.prices.iter().map(|(key, price)| (key.clone(), price.as_dollars())).collect(),
        })
        .collect();
    let tokenizer_config = record.tokenizer_config.and_then(|text| Json::parse(text).ok()).unwrap_or_default();
    Model {
        tokenizer_id: record.tokenizer_id,
        tokenizer_config,
        start_date: spec.start_date.map(Timestamp::to_rfc3339),
        created_at: record.created_at.to_rfc3339(),
        is_langfuse_managed: false,
        ..with_tiers(spec.id, spec.model_name, spec.match_pattern, spec.unit, tiers)
    }
}

/// A managed model. Its prices for other services (batch, flex, priority) have no place in tiers of usage: they stand beside them.
pub fn managed(model: &Managed) -> Model {
    let id = model.id();
    let tiers = model.tiers().filter(|tier| tier.service() == "standard").enumerate();
    let mut tiers: Vec<PricingTier> = tiers
        .map(|(priority, tier)| {
            let above = tier.above();
            #[allow(clippy::cast_precision_loss)]
            let longer = UsageCondition {
                usage_detail_pattern: "^input|cache".to_owned(),
                operator: "gt".to_owned(),
                value: above as f64,
                case_sensitive: false,
            };
            PricingTier {
                id: tier_id(&id, above == 0, u32::try_from(priority).unwrap_or(u32::MAX)),
                name: if above == 0 { "Standard".to_owned() } else { tier.name().to_owned() },
                is_default: above == 0,
                priority: 0,
                conditions: if above == 0 { Vec::new() } else { vec![PricingTierCondition::Usage(longer)] },
                prices: dollars(tier),
            }
        })
        .collect();
    // The longest is looked at first; the default has priority 0.
    let count = tiers.len();
    for (at, tier) in tiers.iter_mut().enumerate().filter(|(at, _)| *at > 0) {
        tier.priority = u32::try_from(count - at).unwrap_or(u32::MAX);
        tier.id = tier_id(&id, false, tier.priority);
    }
    let pattern = format!("(?i)^({})$", escaped(model.name()));
    let services = model.tiers().filter(|tier| tier.service() != "standard");
    Model {
        service_tiers: services
            .map(|tier| ServiceTier { service: tier.service().to_owned(), above_input_tokens: tier.above(), prices: dollars(tier) })
            .collect(),
        ..with_tiers(id, model.name().to_owned(), pattern, Some(model.unit().to_owned()), tiers)
    }
}

fn dollars(tier: Tier) -> BTreeMap<String, f64> {
    tier.prices().map(|(key, femto)| (key.to_owned(), UnitPrice::from_femto(femto).as_dollars())).collect()
}

/// A name as a regular expression that finds nothing else.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    for character in name.chars() {
        if !character.is_ascii_alphanumeric() && !matches!(character, '-' | '_' | '/' | ':' | '@' | ' ') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn tier_id(model_id: &str, is_default: bool, priority: u32) -> String {
    if is_default { format!("{model_id}_tier_default") } else { format!("{model_id}_tier_{priority}") }
}

/// A model whose flat prices are those of its default tier.
fn with_tiers(id: String, model_name: String, match_pattern: String, unit: Option<String>, pricing_tiers: Vec<PricingTier>) -> Model {
    let flat: BTreeMap<String, f64> = pricing_tiers.iter().find(|tier| tier.is_default).map(|tier| tier.prices.clone()).unwrap_or_default();
    Model {
        id,
        model_name,
        match_pattern,
        start_date: None,
        unit,
        input_price: flat.get("input").copied(),
        output_price: flat.get("output").copied(),
        total_price: flat.get("total").copied(),
        tokenizer_id: None,
        tokenizer_config: Json::null(),
        is_langfuse_managed: true,
        created_at: MANAGED_SINCE.to_owned(),
        prices: flat.into_iter().map(|(key, price)| (key, ModelPrice { price })).collect(),
        pricing_tiers,
        service_tiers: Vec::new(),
    }
}

fn condition(condition: &Condition) -> PricingTierCondition {
    match condition {
        Condition::Usage(usage) => PricingTierCondition::Usage(UsageCondition {
            usage_detail_pattern: usage.usage_detail_pattern.clone(),
            operator: operator(usage.operator).to_owned(),
            value: usage.value,
            case_sensitive: usage.case_sensitive,
        }),
        Condition::Attribute(attribute) => PricingTierCondition::Attribute(AttributeCondition {
            source: match attribute.source {
                AttributeSource::ModelParameters => "model_parameters",
                AttributeSource::Metadata => "metadata",
            }
            .to_owned(),
            key: attribute.key.clone(),
            operator: "in".to_owned(),
            values: attribute.values.clone(),
        }),
    }
}

const fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::Gt => "gt",
        Operator::Gte => "gte",
        Operator::Lt => "lt",
        Operator::Lte => "lte",
        Operator::Eq => "eq",
        Operator::Neq => "neq",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agenttrace_pricing::{PriceBook, iter_managed};

    #[test]
    fn a_managed_model_has_one_default_tier_and_a_pattern_for_its_name() {
        let models: Vec<Model> = iter_managed().map(managed).collect();

        for model in &models {
            let defaults = model.pricing_tiers.iter().filter(|tier| tier.is_default && tier.priority == 0 && tier.conditions.is_empty());
            assert_eq!(defaults.count(), 1, "{}", model.id);
            let mut priorities: Vec<u32> = model.pricing_tiers.iter().map(|tier| tier.priority).collect();
            priorities.sort_unstable();
            priorities.dedup();
            assert_eq!(priorities.len(), model.pricing_tiers.len(), "{}", model.id);
            assert!(!model.prices.is_empty(), "{}", model.id);
        }
        let sonnet = PriceBook::managed().get("anthropic:claude-sonnet-4-5").map(managed).expect("a model");
        assert_eq!((sonnet.input_price, sonnet.output_price), (Some(0.000_003), Some(0.000_015)));
        assert_eq!(sonnet.match_pattern, "(?i)^(claude-sonnet-4-5)$");
        assert!(models.iter().flat_map(|model| &model.service_tiers).all(|tier| tier.service != "standard" && !tier.prices.is_empty()));
        let services: Vec<String> = PriceBook::managed()
            .get("openai:gpt-5")
            .map(managed)
            .map(|model| model.service_tiers.into_iter().map(|tier| tier.service).collect())
            .unwrap_or_default();
        assert!(["batch", "flex", "priority"].iter().all(|known| services.iter().any(|service| service == known)), "{services:?}");
    }
}
