//! The models that a project defines for itself, as Langfuse has them: a pattern for names, a date from which on it
//! holds, and prices in tiers with conditions. They go before the managed list. Pure: who loads and keeps them is not
//! decided here.

use std::borrow::Cow;
use std::collections::BTreeMap;

use agenttrace_domain::Timestamp;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::cost::charge;
use crate::{Cost, PriceBook, Query, price_usage};

/// A pattern longer than this is refused.
const PATTERN_MAX_BYTES: usize = 1_000;
/// Memory that one compiled pattern may take.
const PATTERN_MAX_COMPILED: usize = 256 * 1024;
/// Names longer than this match no pattern.
const NAME_MAX_BYTES: usize = 1_000;
/// A price above this many dollars per unit is a mistake.
const PRICE_MAX_USD: f64 = 10_000.0;

/// A model as a project states it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnModelSpec {
    pub id: String,
    pub model_name: String,
    /// A regular expression for the names of the model, searched anywhere in a name; `(?i)` and anchors are the pattern's.
    pub match_pattern: String,
    /// From when on it holds; from the beginning if absent.
    #[serde(default)]
    pub start_date: Option<Timestamp>,
    /// `TOKENS`, `CHARACTERS` ...; said to users, not used in computing.
    #[serde(default)]
    pub unit: Option<String>,
    /// Exactly one is the default, without conditions.
    pub tiers: Vec<OwnTier>,
}

/// One tier of prices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnTier {
    pub name: String,
    pub is_default: bool,
    /// The smallest one whose conditions all hold is taken.
    pub priority: u32,
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// Usage key to price per unit.
    pub prices: BTreeMap<String, UnitPrice>,
}

/// What must hold for a tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Condition {
    Usage(UsageCondition),
    Attribute(AttributeCondition),
}

/// A condition on the usage: the sum of all usage keys that the pattern finds, compared with a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UsageCondition {
    /// A regular expression for usage keys, searched anywhere in them.
    pub usage_detail_pattern: String,
    pub operator: Operator,
    /// What the sum is compared with, in units of the usage.
    pub value: f64,
    /// Off, the pattern finds upper and lower case alike.
    #[serde(default)]
    pub case_sensitive: bool,
}

/// A condition on what the step says of itself: a top-level attribute has one of these values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeCondition {
    pub source: AttributeSource,
    pub key: String,
    pub operator: Membership,
    pub values: Vec<String>,
}

/// Where an attribute stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeSource {
    ModelParameters,
    Metadata,
}

/// The one operator of attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Membership {
    In,
}

/// What a step says of itself, as far as conditions may ask.
#[derive(Debug, Clone, Copy, Default)]
pub struct Attributes<'a> {
    /// A JSON object's text.
    pub model_parameters: Option<&'a str>,
    /// Strings bare (or as JSON text, where they would read as JSON), everything else as JSON text.
    pub metadata: &'a [(String, String)],
}

/// How the sum is compared with the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operator {
    Gt,
    Gte,
    Lt,
    Lte,
    Eq,
    Neq,
}

/// A price per unit, in 1e-15 USD. Read from and written as a number of dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct UnitPrice(u64);

/// Why a project's model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OwnModelError {
    #[error("pattern is longer than {PATTERN_MAX_BYTES} bytes")]
    PatternTooLong,
    #[error("pattern is not a regular expression that can be used (look-around and back-references cannot)")]
    Pattern(#[source] regex::Error),
    #[error("price {0} is not between 0 and {PRICE_MAX_USD} USD per unit")]
    Price(f64),
    #[error("exactly one tier must be the default, with priority 0 and without conditions")]
    DefaultTier,
    #[error("tier {0:?} repeats the name or the priority of another one")]
    Repeated(String),
    #[error("a condition of tier {0:?} names no values")]
    NoValues(String),
    #[error("tier {0:?} is not the default and so needs a condition")]
    NoCondition(String),
    #[error("tier {0:?} has no prices")]
    NoPrices(String),
}

/// A project's model with its patterns compiled.
#[derive(Debug)]
pub struct OwnModel {
    spec: OwnModelSpec,
    pattern: Regex,
    /// Tiers that have conditions, by priority: position in the spec, and the patterns of the conditions that have one.
    conditional: Vec<(usize, Vec<Option<Regex>>)>,
    default: usize,
}

/// All models of one project, ready to be searched.
#[derive(Debug, Default)]
pub struct OwnModels {
    /// Newest start first.
    models: Vec<OwnModel>,
}

impl UnitPrice {
    /// A price in dollars per unit, rounded to 1e-15 USD; an error for NaN, negative and absurd ones.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn from_dollars(dollars: f64) -> Result<Self, OwnModelError> {
        if (0.0..=PRICE_MAX_USD).contains(&dollars) {
            // Through text, because 0.1 + 2e-17 times 1e15 is not what was written.
            let text = format!("{dollars:.15}").replace('.', "");
            text.parse().map(Self).map_err(|_| OwnModelError::Price(dollars))
        } else {
            Err(OwnModelError::Price(dollars))
        }
    }

    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_dollars(self) -> f64 {
        self.0 as f64 / 1e15
    }

    /// From 1e-15 USD per unit.
    #[must_use]
    pub const fn from_femto(femto: u64) -> Self {
        Self(femto)
    }

    /// In 1e-15 USD per unit.
    #[must_use]
    pub const fn as_femto(self) -> u64 {
        self.0
    }
}

impl TryFrom<f64> for UnitPrice {
    type Error = OwnModelError;

    fn try_from(dollars: f64) -> Result<Self, Self::Error> {
        Self::from_dollars(dollars)
    }
}

impl From<UnitPrice> for f64 {
    fn from(price: UnitPrice) -> Self {
        price.as_dollars()
    }
}

impl TryFrom<OwnModelSpec> for OwnModel {
    type Error = OwnModelError;

    fn try_from(spec: OwnModelSpec) -> Result<Self, Self::Error> {
        let pattern = compile(&spec.match_pattern, true)?;
        let mut defaults = spec.tiers.iter().enumerate().filter(|(_, tier)| tier.is_default);
        let (Some((default, tier)), None) = (defaults.next(), defaults.next()) else {
            return Err(OwnModelError::DefaultTier);
        };
        if !tier.conditions.is_empty() || tier.priority != 0 {
            return Err(OwnModelError::DefaultTier);
        }
        let mut conditional = Vec::new();
        for (at, tier) in spec.tiers.iter().enumerate() {
            if tier.prices.is_empty() {
                return Err(OwnModelError::NoPrices(tier.name.clone()));
            }
            if tier.is_default {
                continue;
            }
            if tier.conditions.is_empty() {
                return Err(OwnModelError::NoCondition(tier.name.clone()));
            }
            if spec.tiers[..at].iter().chain([&spec.tiers[default]]).any(|o| o.name == tier.name || o.priority == tier.priority) {
                return Err(OwnModelError::Repeated(tier.name.clone()));
            }
            let patterns = tier.conditions.iter().map(|each| match each {
                Condition::Usage(usage) => compile(&usage.usage_detail_pattern, usage.case_sensitive).map(Some),
                Condition::Attribute(attribute) if attribute.values.is_empty() => Err(OwnModelError::NoValues(tier.name.clone())),
                Condition::Attribute(_) => Ok(None),
            });
            conditional.push((at, patterns.collect::<Result<Vec<_>, _>>()?));
        }
        conditional.sort_by_key(|(at, _)| spec.tiers[*at].priority);
        Ok(Self { spec, pattern, conditional, default })
    }
}

/// Linear in the length of what it searches, whatever the pattern; refused if the compiled form is too big.
fn compile(pattern: &str, case_sensitive: bool) -> Result<Regex, OwnModelError> {
    if pattern.len() > PATTERN_MAX_BYTES {
        return Err(OwnModelError::PatternTooLong);
    }
    RegexBuilder::new(pattern)
        .case_insensitive(!case_sensitive)
        .size_limit(PATTERN_MAX_COMPILED)
        .dfa_size_limit(PATTERN_MAX_COMPILED)
        .nest_limit(50)
        .build()
        .map_err(OwnModelError::Pattern)
}

impl OwnModel {
    #[must_use]
    pub fn spec(&self) -> &OwnModelSpec {
        &self.spec
    }

    /// The tier that holds for a usage.
    #[must_use]
    pub fn tier(&self, usage: &[(String, u64)], attributes: Attributes<'_>) -> &OwnTier {
        let holds = |(at, patterns): &&(usize, Vec<Option<Regex>>)| {
            self.spec.tiers[*at]
                .conditions
                .iter()
                .zip(patterns)
                .all(|(condition, pattern)| condition.holds(pattern.as_ref(), usage, attributes))
        };
        let at = self.conditional.iter().find(holds).map_or(self.default, |(at, _)| *at);
        &self.spec.tiers[at]
    }

    /// The cost of a usage; `None` if none of its keys has a price or the sum does not fit.
    #[must_use]
    pub fn price(&self, usage: &[(String, u64)], attributes: Attributes<'_>) -> Option<Cost> {
        let tier = self.tier(usage, attributes);
        let (details, unpriced) = charge(usage, |key| tier.prices.get(key).map(|price| price.0))?;
        Some(Cost { model_id: self.spec.id.clone(), tier: Cow::Owned(tier.name.clone()), details, unpriced })
    }

    /// Does a condition ask for metadata?
    #[must_use]
    pub fn asks_for_metadata(&self) -> bool {
        let asks = |c: &Condition| matches!(c, Condition::Attribute(a) if a.source == AttributeSource::Metadata);
        self.spec.tiers.iter().flat_map(|tier| &tier.conditions).any(asks)
    }

    /// Does the pattern find this name, whatever the date?
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        name.len() <= NAME_MAX_BYTES && self.pattern.is_match(name)
    }
}

impl Condition {
    fn holds(&self, pattern: Option<&Regex>, usage: &[(String, u64)], attributes: Attributes<'_>) -> bool {
        match self {
            Self::Usage(condition) => pattern.is_some_and(|pattern| condition.holds(pattern, usage)),
            Self::Attribute(condition) => {
                attributes.value(condition.source, &condition.key).is_some_and(|value| condition.values.contains(&value))
            }
        }
    }
}

impl UsageCondition {
    #[allow(clippy::cast_precision_loss)]
    fn holds(&self, pattern: &Regex, usage: &[(String, u64)]) -> bool {
        let sum: u128 = usage.iter().filter(|(key, _)| pattern.is_match(key)).map(|(_, units)| u128::from(*units)).sum();
        let sum = sum as f64;
        match self.operator {
            Operator::Gt => sum > self.value,
            Operator::Gte => sum >= self.value,
            Operator::Lt => sum < self.value,
            Operator::Lte => sum <= self.value,
            Operator::Eq => sum == self.value,
            Operator::Neq => sum != self.value,
        }
    }
}

impl Attributes<'_> {
    /// Strings as they are, other values as JSON text.
    fn value(&self, source: AttributeSource, key: &str) -> Option<String> {
        match source {
            AttributeSource::ModelParameters => {
                let parameters = self.model_parameters.filter(|text| text.contains(key))?;
                let parameters: serde_json::Map<String, serde_json::Value> = serde_json::from_str(parameters).ok()?;
                Some(match parameters.get(key)? {
                    serde_json::Value::String(text) => text.clone(),
                    other => other.to_string(),
                })
            }
            AttributeSource::Metadata => {
                let (_, value) = self.metadata.iter().find(|(known, _)| known == key)?;
                Some(serde_json::from_str::<String>(value).unwrap_or_else(|_| value.clone()))
            }
        }
    }
}

impl OwnModels {
    #[must_use]
    pub fn new(mut models: Vec<OwnModel>) -> Self {
        // By id too, so that two models of one day are always taken in the same order.
        models.sort_by(|a, b| (b.spec.start_date, &b.spec.id).cmp(&(a.spec.start_date, &a.spec.id)));
        Self { models }
    }

    /// None: for projects without models of their own.
    #[must_use]
    pub fn none() -> &'static Self {
        static NONE: OwnModels = OwnModels { models: Vec::new() };
        &NONE
    }

    /// The model for a name at a time: of those whose pattern finds the name, the one with the newest start that is not
    /// after the time.
    #[must_use]
    pub fn find(&self, name: &str, at: Timestamp) -> Option<&OwnModel> {
        if name.len() > NAME_MAX_BYTES {
            return None;
        }
        self.models.iter().find(|model| model.spec.start_date.is_none_or(|start| start <= at) && model.pattern.is_match(name))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.models.is_empty()
    }

    /// The model that has this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&OwnModel> {
        self.models.iter().find(|model| model.spec.id == id)
    }

    /// All of them, newest start first.
    pub fn iter(&self) -> impl Iterator<Item = &OwnModel> {
        self.models.iter()
    }
}

/// The prices that hold for a project: its own models before the managed list.
#[derive(Debug, Clone, Copy)]
pub struct Prices<'a> {
    pub own: &'a OwnModels,
    pub managed: &'a PriceBook,
}

impl<'a> Prices<'a> {
    /// Those of a project with these models.
    #[must_use]
    pub fn of(own: &'a OwnModels) -> Self {
        Self { own, managed: PriceBook::managed() }
    }

    /// Those of a project without models of its own.
    #[must_use]
    pub fn managed() -> Prices<'static> {
        Prices::of(OwnModels::none())
    }

    /// The cost by the project's own model if one matches, else by the managed list. An own model that matches but prices
    /// nothing of the usage gives no cost: the project said what counts.
    #[must_use]
    pub fn price(self, query: &Query<'_>, at: Timestamp, attributes: Attributes<'_>) -> Option<Cost> {
        match self.own.find(query.model, at) {
            Some(model) => model.price(query.usage, attributes),
            None => price_usage(self.managed, query),
        }
    }
}
