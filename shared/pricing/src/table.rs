//! The managed price list: static tables made by `build.rs` from `data/`, and what can be asked of them. Nothing is
//! built when a function starts; a name is found through a hash index, in some tens of nanoseconds.

use crate::name::hash;

include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// Stands for "whoever it is" in the index; as in `build.rs`.
pub const ANY: u8 = u8::MAX;

/// The price list of one model at one provider.
#[derive(Debug, PartialEq, Eq)]
pub struct ModelPrice {
    name: (u32, u16),
    provider: u8,
    source: u8,
    tiers: (u32, u8),
}

/// One tier of a model: the prices that hold for a service (`standard`, `batch`, `flex`, `priority` ...) above a
/// length of input.
#[derive(Debug, Clone, Copy)]
pub struct Tier(&'static TierRow);

#[derive(Debug)]
pub struct TierRow {
    label: u16,
    above: u64,
    prices: (u32, u8),
}

#[derive(Debug)]
pub struct Label {
    service: &'static str,
    text: &'static str,
}

#[derive(Debug)]
pub struct Spelling {
    text: (u32, u16),
    provider: u8,
    model: u16,
}

impl ModelPrice {
    /// Stable, readable and safe in a URL's path: `anthropic:claude-sonnet-4-5`, `openrouter:z-ai:glm-4.6`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}:{}", self.provider(), self.name().replace('/', ":"))
    }

    /// The name as the source lists it, without the provider.
    #[must_use]
    pub fn name(&self) -> &'static str {
        text(self.name)
    }

    /// Who charges this; also the name of the file in `data/`.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        PROVIDERS[usize::from(self.provider)]
    }

    /// The price tables that say so; their versions stand in `data/`.
    #[must_use]
    pub fn source(&self) -> &'static str {
        SOURCES[usize::from(self.source)]
    }

    /// What usage is counted in: `TOKENS` if the model charges by the token, else the unit of its first price as
    /// Langfuse names it (`CHARACTERS`, `IMAGES`, `SECONDS`, `REQUESTS`).
    #[must_use]
    pub fn unit(&self) -> &'static str {
        let mut unit = "REQUESTS";
        for (key, _) in self.standard().prices() {
            unit = match key {
                "input" | "output" => return "TOKENS",
                _ if key.ends_with("_tokens") || key.contains("cache") => return "TOKENS",
                _ if key.ends_with("_characters") => "CHARACTERS",
                _ if key.ends_with("_images") => "IMAGES",
                _ if key.ends_with("_seconds") => "SECONDS",
                _ => unit,
            };
        }
        unit
    }

    /// Which names are found as this model, in words for a list of models.
    #[must_use]
    pub fn match_description(&self) -> String {
        format!("{} at {}, with or without provider, date and region", self.name(), self.provider())
    }

    /// All tiers, each with every price that holds in it; those of one service stand together, the short ones first.
    pub fn tiers(&self) -> impl Iterator<Item = Tier> + Clone + use<> {
        let (first, count) = (self.tiers.0 as usize, usize::from(self.tiers.1));
        TIERS[first..first + count].iter().map(Tier)
    }

    /// The tier of ordinary requests with a short input.
    #[must_use]
    pub fn standard(&self) -> Tier {
        self.tier("standard", 0).expect("every listed model has a standard tier")
    }

    /// The tier of a service for so many tokens of input; `None` if the model does not list that service.
    #[must_use]
    pub fn tier(&self, service: &str, input_tokens: u128) -> Option<Tier> {
        let fits = |tier: &Tier| tier.service() == service && (tier.above() == 0 || input_tokens > u128::from(tier.above()));
        self.tiers().filter(fits).last()
    }
}

impl Tier {
    /// `standard`, `batch>200000` ...: the service, and above how many tokens of input it holds.
    #[must_use]
    pub fn name(&self) -> &'static str {
        LABELS[usize::from(self.0.label)].text
    }

    /// `standard`, `batch`, `flex`, `priority` ...
    #[must_use]
    pub fn service(&self) -> &'static str {
        LABELS[usize::from(self.0.label)].service
    }

    /// The tier holds for inputs of more tokens than this.
    #[must_use]
    pub fn above(&self) -> u64 {
        self.0.above
    }

    /// Usage keys and their prices in 1e-15 USD per unit.
    pub fn prices(&self) -> impl Iterator<Item = (&'static str, u64)> + use<> {
        let (first, count) = (self.0.prices.0 as usize, usize::from(self.0.prices.1));
        PRICES[first..first + count].iter().map(|(key, price)| (USAGE_KEYS[usize::from(*key)], *price))
    }

    /// The price of one usage key, in 1e-15 USD per unit.
    #[must_use]
    pub fn price(&self, key: &str) -> Option<u64> {
        self.prices().find_map(|(known, price)| (known == key).then_some(price))
    }
}

fn text((at, length): (u32, u16)) -> &'static str {
    &TEXT[at as usize..at as usize + usize::from(length)]
}

/// The model that a provider files under exactly this spelling.
pub fn get(provider: u8, name: &str) -> Option<&'static ModelPrice> {
    let mut slot = hash(provider, name) as usize & (INDEX.len() - 1);
    // Half of the slots are free, so this ends.
    loop {
        let spelling = &SPELLINGS[usize::from(INDEX[slot].checked_sub(1)?)];
        if spelling.provider == provider && text(spelling.text) == name {
            return Some(&MODELS[usize::from(spelling.model)]);
        }
        slot = (slot + 1) & (INDEX.len() - 1);
    }
}
