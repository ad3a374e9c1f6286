//! From a body to a model that can be used: either flat prices or tiers, with patterns that compile.

use std::collections::BTreeMap;

use agenttrace_api::models::{ModelBody, PricingTierCondition};
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Error, telemetry};
use agenttrace_pricing::{
    AttributeCondition, AttributeSource, Condition, Membership, Operator, OwnModel, OwnModelSpec, OwnTier, UnitPrice, UsageCondition,
};
use agenttrace_records::OwnModelRecord;
use agenttrace_records::models::MAX_SPEC_BYTES;

const UNITS: [&str; 6] = ["CHARACTERS", "TOKENS", "MILLISECONDS", "SECONDS", "IMAGES", "REQUESTS"];
const TOKENIZERS: [&str; 2] = ["openai", "claude"];
const NAME_MAX_CHARS: usize = 200;
const MAX_TIERS: usize = 20;
const MAX_CONDITIONS: usize = 10;
const MAX_PRICES: usize = 100;

/// Checks a body; 400 says what to change.
pub fn model(body: ModelBody, id: String, created_at: Timestamp) -> Result<OwnModelRecord, Error> {
    let model_name = body.model_name.trim();
    if model_name.is_empty() || model_name.chars().count() > NAME_MAX_CHARS || model_name.chars().any(char::is_control) {
        return Err(bad(format!("`modelName` must have 1 to {NAME_MAX_CHARS} characters.")));
    }
    if body.match_pattern.is_empty() {
        return Err(bad("`matchPattern` must not be empty: `(?i)^(my-model)$` finds one name in any case."));
    }
    let start_date = body.start_date.as_deref().filter(|text| !text.is_empty());
    let start_date = start_date.map(|text| Timestamp::parse(text).ok_or_else(|| bad("`startDate` must be an ISO 8601 time.")));
    let unit = body.unit.clone().unwrap_or_else(|| "TOKENS".to_owned());
    if !UNITS.contains(&unit.as_str()) {
        return Err(bad(format!("`unit` must be one of {}.", UNITS.join(", "))));
    }
    if body.tokenizer_id.as_deref().is_some_and(|id| !TOKENIZERS.contains(&id)) {
        return Err(bad("`tokenizerId` must be openai or claude."));
    }
    let spec = OwnModelSpec {
        id,
        model_name: model_name.to_owned(),
        match_pattern: body.match_pattern.clone(),
        start_date: start_date.transpose()?,
        unit: Some(unit),
        tiers: tiers(&body)?,
    };
    let tokenizer_config = body.tokenizer_config.as_ref().map(|json| json.as_str().to_owned()).filter(|text| text != "null");
    if size(&spec) + tokenizer_config.as_ref().map_or(0, String::len) > MAX_SPEC_BYTES {
        return Err(bad(format!("The definition must have at most {MAX_SPEC_BYTES} bytes.")));
    }
    let compiled = OwnModel::try_from(spec).map_err(|error| bad(format!("The model can't be used: {}.", telemetry::chain(&error))))?;
    Ok(OwnModelRecord { spec: compiled.spec().clone(), tokenizer_id: body.tokenizer_id, tokenizer_config, created_at })
}

fn bad(message: impl Into<String>) -> Error {
    Error::bad_request(message)
}

/// About what the definition takes as JSON.
fn size(spec: &OwnModelSpec) -> usize {
    let condition = |c: &Condition| match c {
        Condition::Usage(c) => c.usage_detail_pattern.len() + 90,
        Condition::Attribute(c) => c.key.len() + 60 + c.values.iter().map(|v| v.len() + 3).sum::<usize>(),
    };
    let tier = |t: &OwnTier| {
        t.name.len() + 80 + t.conditions.iter().map(condition).sum::<usize>() + t.prices.keys().map(|key| key.len() + 25).sum::<usize>()
    };
    spec.model_name.len() + spec.match_pattern.len() + 150 + spec.tiers.iter().map(tier).sum::<usize>()
}

fn tiers(body: &ModelBody) -> Result<Vec<OwnTier>, Error> {
    let flat = [("input", body.input_price), ("output", body.output_price), ("total", body.total_price)];
    let is_flat = flat.iter().any(|(_, price)| price.is_some());
    let Some(tiers) = &body.pricing_tiers else {
        if body.total_price.is_some() && (body.input_price.is_some() || body.output_price.is_some()) {
            return Err(bad("`totalPrice` can't stand beside `inputPrice` or `outputPrice`."));
        }
        if !is_flat {
            return Err(bad("Give prices: `inputPrice`, `outputPrice` or `totalPrice`, or `pricingTiers`."));
        }
        let prices = flat.into_iter().filter_map(|(key, price)| Some((key.to_owned(), price?)));
        return Ok(vec![OwnTier {
            name: "Standard".to_owned(),
            is_default: true,
            priority: 0,
            conditions: Vec::new(),
            prices: prices.map(|(key, price)| unit_price(key, price)).collect::<Result<_, _>>()?,
        }]);
    };
    if is_flat {
        return Err(bad("Give either flat prices or `pricingTiers`, not both."));
    }
    if tiers.len() > MAX_TIERS {
        return Err(bad(format!("A model has at most {MAX_TIERS} tiers.")));
    }
    tiers
        .iter()
        .map(|tier| {
            if tier.name.trim().is_empty() || tier.name.chars().count() > NAME_MAX_CHARS {
                return Err(bad(format!("A tier's `name` must have 1 to {NAME_MAX_CHARS} characters.")));
            }
            if tier.conditions.len() > MAX_CONDITIONS || tier.prices.len() > MAX_PRICES {
                return Err(bad(format!("A tier has at most {MAX_CONDITIONS} conditions and {MAX_PRICES} prices.")));
            }
            let prices = tier.prices.iter().map(|(key, price)| unit_price(key.clone(), *price)).collect::<Result<BTreeMap<_, _>, _>>()?;
            Ok(OwnTier {
                name: tier.name.trim().to_owned(),
                is_default: tier.is_default,
                priority: tier.priority,
                conditions: tier.conditions.iter().map(condition).collect::<Result<_, _>>()?,
                prices,
            })
        })
        .collect()
}

fn unit_price(key: String, dollars: f64) -> Result<(String, UnitPrice), Error> {
    if key.is_empty() || key.chars().count() > NAME_MAX_CHARS {
        return Err(bad(format!("The key of a price must have 1 to {NAME_MAX_CHARS} characters, such as input.")));
    }
    let price = UnitPrice::from_dollars(dollars).map_err(|error| bad(format!("The price of {key:?} can't be used: {error}.")))?;
    Ok((key, price))
}

fn condition(condition: &PricingTierCondition) -> Result<Condition, Error> {
    match condition {
        PricingTierCondition::Usage(usage) => {
            let operator = [
                ("gt", Operator::Gt),
                ("gte", Operator::Gte),
                ("lt", Operator::Lt),
                ("lte", Operator::Lte),
                ("eq", Operator::Eq),
                ("neq", Operator::Neq),
            ];
            let found = operator.into_iter().find(|(name, _)| *name == usage.operator);
            let (_, operator) = found.ok_or_else(|| bad("The `operator` of a usage condition must be gt, gte, lt, lte, eq or neq."))?;
            Ok(Condition::Usage(UsageCondition {
                usage_detail_pattern: usage.usage_detail_pattern.clone(),
                operator,
                value: usage.value,
                case_sensitive: usage.case_sensitive,
            }))
        }
        PricingTierCondition::Attribute(attribute) => {
            let source = match attribute.source.as_str() {
                "model_parameters" => AttributeSource::ModelParameters,
                "metadata" => AttributeSource::Metadata,
                _ => return Err(bad("The `source` of an attribute condition must be model_parameters or metadata.")),
            };
            if attribute.operator != "in" {
                return Err(bad("The `operator` of an attribute condition must be in."));
            }
            let (key, values) = (attribute.key.clone(), attribute.values.clone());
            Ok(Condition::Attribute(AttributeCondition { source, key, operator: Membership::In, values }))
        }
    }
}
