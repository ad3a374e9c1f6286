//! From usage to cost, exactly: prices are integers of 1e-15 USD, products are taken in 128 bits and rounded once per
//! usage key, half to even, to the 1e-12 USD of [`Usd`]. What does not fit is no cost rather than a wrong one.

use std::borrow::Cow;

use agenttrace_domain::Usd;

use crate::PriceBook;

/// What was used, of what. The buckets are disjoint: `input` is without the cached and cache-writing tokens, `output`
/// without the reasoning ones.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// The model as it was reported.
    pub model: &'a str,
    /// Who served it, in any of the usual words, if known.
    pub provider: Option<&'a str>,
    /// Usage keys as in Langfuse's `usageDetails`, and units used.
    pub usage: &'a [(String, u64)],
    /// The service tier as the provider reported it: `priority`, `flex`, `default` ...
    pub service_tier: Option<&'a str>,
    /// The request went through the provider's batch interface.
    pub batch: bool,
}

/// What it cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// The stable id of the price list that was taken: [`crate::ModelPrice::id`] or the id of a project's own model.
    pub model_id: String,
    /// The tier of that list: `standard`, `standard>200000`, `batch` ... or the name of an own model's tier.
    pub tier: Cow<'static, str>,
    /// Per usage key that has a price, in the order in which they came, and `total`, their sum.
    pub details: Vec<(String, Usd)>,
    /// Usage keys with units but without a price: the cost is at least what `total` says.
    pub unpriced: Vec<String>,
}

impl Cost {
    /// The sum of all priced keys.
    #[must_use]
    pub fn total(&self) -> Usd {
        self.details.last().map_or(Usd::ZERO, |(_, sum)| *sum)
    }
}

/// The cost of a request by the price list of its model. `None` if the model is not known, if none of the used keys has
/// a price, or if the sum is beyond what [`Usd`] holds.
///
/// A request on a service tier that the model does not list costs the standard price. The length that decides about
/// long-context prices is the sum of all input tokens, cached ones included.
#[must_use]
pub fn price_usage(book: &PriceBook, query: &Query<'_>) -> Option<Cost> {
    let model = book.find(query.model, query.provider)?;
    let input = input_tokens(query.usage);
    let mut wanted = if query.batch { "batch" } else { query.service_tier.unwrap_or("standard") };
    if wanted.is_empty() {
        wanted = "standard";
    }
    // OpenAI calls its priority processing `fast` as well.
    let also = if wanted.eq_ignore_ascii_case("fast") { "priority" } else { "standard" };
    let tier = [wanted, also, "standard"].into_iter().find_map(|service| model.tier(&service.to_ascii_lowercase(), input))?;
    let (details, unpriced) = charge(query.usage, |key| tier.price(key))?;
    Some(Cost { model_id: model.id(), tier: Cow::Borrowed(tier.name()), details, unpriced })
}

/// The tokens that the model was given, in all buckets of the input.
pub fn input_tokens(usage: &[(String, u64)]) -> u128 {
    let counts = |key: &str| {
        let key = known_as(key);
        key == "input" || (key.starts_with("input_") && (key.ends_with("_tokens") || key.contains("cache")))
    };
    usage.iter().filter(|(key, _)| counts(key)).map(|(_, units)| u128::from(*units)).sum()
}

/// Costs per usage key with their sum, and the keys without a price.
type Charged = (Vec<(String, Usd)>, Vec<String>);

/// Charges each key by `price` (1e-15 USD per unit). Answers the costs with their sum, and the keys without a price;
/// `None` if no key has one or the money does not fit.
///
/// `total` is charged only if nothing else could be: it is the sum of the others.
pub fn charge(usage: &[(String, u64)], price: impl Fn(&str) -> Option<u64>) -> Option<Charged> {
    let mut details: Vec<(String, Usd)> = Vec::with_capacity(usage.len() + 1);
    let mut unpriced = Vec::new();
    for (key, units) in usage.iter().filter(|(key, _)| key != "total") {
        match price_of(key, &price) {
            Some(price) => add(&mut details, key, round(*units, price)?)?,
            None if *units > 0 => unpriced.push(key.clone()),
            None => {}
        }
    }
    let mut total = Usd::ZERO;
    for (_, cost) in &details {
        total = total.checked_add(*cost)?;
    }
    if details.is_empty() {
        let (_, units) = usage.iter().find(|(key, _)| key == "total")?;
        total = round(*units, price("total")?)?;
    }
    details.push(("total".to_owned(), total));
    Some((details, unpriced))
}

fn add(details: &mut Vec<(String, Usd)>, key: &str, cost: Usd) -> Option<()> {
    match details.iter_mut().find(|(known, _)| known == key) {
        Some((_, sum)) => *sum = sum.checked_add(cost)?,
        None => details.push((key.to_owned(), cost)),
    }
    Some(())
}

/// The price of a key, or of the key it is a kind of: a provider that lists no price of its own for reasoning, for a
/// kind of content or for a five-minute cache charges the general one.
fn price_of(key: &str, price: &impl Fn(&str) -> Option<u64>) -> Option<u64> {
    let known = known_as(key);
    price(key).or_else(|| price(known)).or_else(|| price(general(known)?))
}

/// Other spellings of the usage keys that are disjoint from the rest by their meaning.
fn known_as(key: &str) -> &str {
    match key {
        "cache_read_input_tokens" | "input_cache_read" | "input_cached" => "input_cached_tokens",
        "cache_creation_input_tokens" | "input_cache_write" => "input_cache_creation",
        "input_audio" => "input_audio_tokens",
        "output_audio" => "output_audio_tokens",
        "output_reasoning" => "output_reasoning_tokens",
        other => other,
    }
}

fn general(key: &str) -> Option<&'static str> {
    match key {
        "output_reasoning_tokens" | "output_audio_tokens" | "output_image_tokens" | "output_video_tokens" | "output_text_tokens" => {
            Some("output")
        }
        "input_audio_tokens" | "input_image_tokens" | "input_video_tokens" | "input_text_tokens" => Some("input"),
        "input_cached_audio_tokens" | "input_cached_image_tokens" | "input_cached_text_tokens" => Some("input_cached_tokens"),
        "input_cache_creation_5m" => Some("input_cache_creation"),
        // Where only the five-minute price is listed by name.
        "input_cache_creation" => Some("input_cache_creation_5m"),
        _ => None,
    }
}

/// Units times 1e-15 USD, in 1e-12 USD, half to even.
fn round(units: u64, price: u64) -> Option<Usd> {
    let femto = u128::from(units) * u128::from(price);
    let (pico, rest) = (femto / 1000, femto % 1000);
    let up = rest > 500 || (rest == 500 && pico % 2 == 1);
    i64::try_from(pico + u128::from(up)).ok().map(Usd::from_pico)
}
