//! What a model call costs: names and usage in, US dollars out. Pure: no I/O, no clock, nothing to load at start.
//!
//! The managed list ([`PriceBook::managed`]) is made from `data/<provider>.tsv` at build time; `README.md` says where these
//! prices come from, how they are updated and what is not priced. A project's own models come from its settings
//! ([`OwnModels`]) and go before the managed ones.
//!
//! Promises:
//! - A model that no list names has no cost. It is never zero, and never that of a model with a similar name.
//! - Usage buckets are disjoint on arrival and each is charged once; `total` is charged only if it is all there is.
//! - Arithmetic is exact in integers; a sum that does not fit is no cost.
//! - The search does not depend on how many models there are, keeps no state, and reads at most 300 bytes of a name.
//!
//! Prices are those of the data's day, for calls of any day: the sources keep too little history to do better.

mod cost;
mod find;
mod name;
mod own;
mod provider;
mod table;

#[cfg(test)]
mod tests;

pub use cost::{Cost, Query, price_usage};
pub use own::{
    AttributeCondition, AttributeSource, Attributes, Condition, Membership, Operator, OwnModel, OwnModelError, OwnModelSpec, OwnModels,
    OwnTier, Prices, UnitPrice, UsageCondition,
};
pub use table::{ModelPrice, Tier};

/// The prices of models.
#[derive(Debug)]
pub struct PriceBook {
    // Nothing to hold: the managed list is part of the program.
    managed: (),
}

impl PriceBook {
    /// The list that comes with the program.
    #[must_use]
    pub fn managed() -> &'static Self {
        static MANAGED: PriceBook = PriceBook { managed: () };
        &MANAGED
    }

    /// The prices of a model under any of the names it is reported by. `provider_hint` is who served it, in any of the
    /// usual words (`openai`, `aws.bedrock`, `google.vertex.chat`); an unknown word is ignored, and a word for somebody's own
    /// machine (`ollama`) means that there is no price.
    #[must_use]
    pub fn find(&self, model: &str, provider_hint: Option<&str>) -> Option<&ModelPrice> {
        let () = self.managed;
        find::find(model, provider_hint)
    }

    /// The model that has this [`ModelPrice::id`].
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&ModelPrice> {
        let (provider, name) = id.split_once(':')?;
        iter_managed().find(|model| {
            model.provider() == provider
                && model.name().len() == name.len()
                && model.name().bytes().zip(name.bytes()).all(|(own, asked)| own == asked || (own, asked) == (b'/', b':'))
        })
    }
}

/// All managed models, by provider and name.
pub fn iter_managed() -> impl ExactSizeIterator<Item = &'static ModelPrice> {
    table::MODELS.iter()
}
