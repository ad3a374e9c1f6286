//! The data keeps its promises, whoever updates it.

use std::collections::HashSet;

use crate::{PriceBook, iter_managed};

#[test]
fn there_are_at_least_4000_models_and_each_has_an_id_of_its_own() {
    let ids: HashSet<String> = iter_managed().map(|model| model.id().to_ascii_lowercase()).collect();

    assert!(iter_managed().len() >= 4_000, "{} models", iter_managed().len());
    assert_eq!(ids.len(), iter_managed().len());
}

#[test]
fn a_model_is_found_by_its_id() {
    for model in iter_managed().step_by(97) {
        assert_eq!(PriceBook::managed().get(&model.id()), Some(model));
    }
    for id in ["", "openai", "openai:", "openai:gpt-99", "nobody:gpt-4o"] {
        assert_eq!(PriceBook::managed().get(id), None, "{id}");
    }
}

#[test]
fn only_models_that_say_they_are_free_cost_nothing() {
    for model in iter_managed() {
        let free = model.name().ends_with(":free") || model.name().ends_with("-free");
        for tier in model.tiers() {
            assert!(tier.prices().count() > 0, "{} {}", model.id(), tier.name());
            for (key, price) in tier.prices() {
                assert!(price > 0 || free, "{} {} {key} is 0", model.id(), tier.name());
            }
        }
    }
}

#[test]
fn prices_by_the_token_are_in_a_believable_range() {
    for model in iter_managed() {
        for tier in model.tiers() {
            for (key, price) in tier.prices().filter(|(key, _)| *key == "input" || *key == "output") {
                // 1,000 USD a million tokens.
                assert!(price <= 1_000_000_000_000, "{} {} {key}: {price}", model.id(), tier.name());
            }
        }
    }
}

#[test]
fn every_model_has_a_standard_tier_and_a_unit() {
    for model in iter_managed() {
        assert_eq!(model.standard().name(), "standard", "{}", model.id());
        let units = ["TOKENS", "CHARACTERS", "IMAGES", "SECONDS", "REQUESTS"];
        assert!(units.contains(&model.unit()), "{}", model.id());
        assert!(!model.source().is_empty() && model.match_description().contains(model.name()));
    }
}

#[test]
fn tiers_list_every_price_that_holds_in_them() {
    for model in iter_managed() {
        let standard: Vec<_> = model.standard().prices().map(|(key, _)| key).collect();
        for tier in model.tiers() {
            for key in standard.iter().filter(|key| **key != "output_reasoning_tokens") {
                assert!(tier.price(key).is_some(), "{} {} lacks {key}", model.id(), tier.name());
            }
        }
    }
}
