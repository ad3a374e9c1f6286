//! Golden sums, worked out by hand from the providers' published prices (USD per million tokens in the comments).

use agenttrace_domain::Usd;

use crate::{Cost, PriceBook, Query, price_usage};

fn usage(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(key, units)| ((*key).to_owned(), *units)).collect()
}

fn cost(model: &str, service_tier: Option<&str>, batch: bool, pairs: &[(&str, u64)]) -> Option<Cost> {
    let usage = usage(pairs);
    price_usage(PriceBook::managed(), &Query { model, provider: None, usage: &usage, service_tier, batch })
}

/// Name, service tier (`batch` for the batch interface), usage, expected tier, expected total in 1e-12 USD.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, u64)], &'a str, i64);

#[test]
fn totals_are_what_the_providers_bill() {
    let cases: &[Case<'_>] = &[
        // 3 / 15, cache read 0.3: 1000*3 + 500*15 + 10000*0.3 = 13,500 millionths of a dollar
        (
            "claude-sonnet-4-5-20250929",
            "",
            &[("input", 1_000), ("output", 500), ("input_cached_tokens", 10_000)],
            "standard",
            13_500_000_000,
        ),
        // cache write 3.75 (5 min) and 6 (1 h): 10*3 + 200*15 + 1000*3.75 + 1000*6 + 100000*0.3 = 42,780
        (
            "claude-sonnet-4-5",
            "",
            &[
                ("input", 10),
                ("output", 200),
                ("input_cache_creation_5m", 1_000),
                ("input_cache_creation_1h", 1_000),
                ("input_cached_tokens", 100_000),
            ],
            "standard",
            42_780_000_000,
        ),
        // Of unknown duration, a cache write counts as the short one: 1000*3.75
        ("claude-sonnet-4-5", "", &[("input_cache_creation", 1_000)], "standard", 3_750_000_000),
        // 200,000 tokens of input are not above 200,000: 1*3 + 199999*0.3 + 10*15 = 60,152.7
        ("claude-sonnet-4-5", "", &[("input", 1), ("input_cached_tokens", 199_999), ("output", 10)], "standard", 60_152_700_000),
        // One more is, and all of it costs 6 / 22.5 / 0.6 / 7.5: 1*6 + 150000*0.6 + 50000*7.5 + 10*22.5 = 465,231
        (
            "claude-sonnet-4-5",
            "",
            &[("input", 1), ("input_cached_tokens", 150_000), ("input_cache_creation_5m", 50_000), ("output", 10)],
            "standard>200000",
            465_231_000_000,
        ),
        // Batch, half of it: 1000*1.5 + 100*7.5 = 2,250
        ("claude-sonnet-4-5", "batch", &[("input", 1_000), ("output", 100)], "batch", 2_250_000_000),
        // 1 / 5 / 0.1 / 1.25: 2000*1 + 300*5 + 5000*0.1 + 400*1.25 = 4,500
        (
            "claude-haiku-4-5-20251001",
            "",
            &[("input", 2_000), ("output", 300), ("input_cached_tokens", 5_000), ("input_cache_creation_5m", 400)],
            "standard",
            4_500_000_000,
        ),
        // 5 / 25, flat over its whole window: 300000*5 + 1000*25 = 1,525,000
        ("claude-opus-4-6[1m]", "", &[("input", 300_000), ("output", 1_000)], "standard", 1_525_000_000_000),
        // 1.25 / 10 / 0.125, reasoning at the price of output: 1000*1.25 + 5000*0.125 + 200*10 + 700*10 = 10,875
        (
            "gpt-5",
            "",
            &[("input", 1_000), ("input_cached_tokens", 5_000), ("output", 200), ("output_reasoning_tokens", 700)],
            "standard",
            10_875_000_000,
        ),
        ("gpt-5", "default", &[("input", 1_000)], "standard", 1_250_000_000),
        // priority 2.5 / 20 / 0.25: 1000*2.5 + 1000*0.25 + 100*20 = 4,750
        ("gpt-5", "priority", &[("input", 1_000), ("input_cached_tokens", 1_000), ("output", 100)], "priority", 4_750_000_000),
        ("gpt-5", "Priority", &[("input", 1_000)], "priority", 2_500_000_000),
        // flex 0.625 / 5: 1000*0.625 + 100*5 = 1,125
        ("gpt-5", "flex", &[("input", 1_000), ("output", 100)], "flex", 1_125_000_000),
        ("gpt-5", "batch", &[("input", 1_000), ("output", 100)], "batch", 1_125_000_000),
        // A tier that the model does not list costs the standard price.
        ("gpt-5", "scale", &[("input", 1_000)], "standard", 1_250_000_000),
        // 2.5 / 10 / 1.25: 1000*2.5 + 1000*1.25 + 100*10 = 4,750
        ("gpt-4o", "", &[("input", 1_000), ("input_cached_tokens", 1_000), ("output", 100)], "standard", 4_750_000_000),
        // The first snapshot stayed at 5 / 15: 1000*5 + 100*15 = 6,500
        ("gpt-4o-2024-05-13", "", &[("input", 1_000), ("output", 100)], "standard", 6_500_000_000),
        // 0.15 / 0.6: 1*0.15 + 1*0.6
        ("gpt-4o-mini", "", &[("input", 1), ("output", 1)], "standard", 750_000),
        // Fine-tuned 3.75 / 15: 1000*3.75 + 100*15 = 5,250
        ("ft:gpt-4o-2024-08-06:acme::x", "", &[("input", 1_000), ("output", 100)], "standard", 5_250_000_000),
        // 1.25 / 10 / 0.125 up to 200k
        ("gemini-2.5-pro", "", &[("input", 1_000), ("output", 100), ("output_reasoning_tokens", 100)], "standard", 3_250_000_000),
        // 2.5 / 15 / 0.25 above: 150000*2.5 + 60000*0.25 + 1000*15 = 405,000
        (
            "gemini-2.5-pro",
            "",
            &[("input", 150_000), ("input_cached_tokens", 60_000), ("output", 1_000)],
            "standard>200000",
            405_000_000_000,
        ),
        // 0.3 / 2.5, audio in 1.0: 100*0.3 + 1000*1 + 10*2.5 = 1,055
        ("gemini-2.5-flash", "", &[("input", 100), ("input_audio_tokens", 1_000), ("output", 10)], "standard", 1_055_000_000),
        // One price for text and sound where no other is listed: 1000*1.25
        ("gemini-2.5-pro", "", &[("input_audio_tokens", 1_000)], "standard", 1_250_000_000),
        // Realtime 4 / 16, audio 32 / 64: 10*4 + 100*32 + 10*16 + 50*64 = 6,600
        (
            "gpt-realtime",
            "",
            &[("input", 10), ("input_audio_tokens", 100), ("output", 10), ("output_audio_tokens", 50)],
            "standard",
            6_600_000_000,
        ),
        // Bedrock's regional profiles cost a tenth more than the global one: 3.3 / 16.5 and 3 / 15
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "", &[("input", 1_000), ("output", 100)], "standard", 4_950_000_000),
        ("global.anthropic.claude-sonnet-4-5-20250929-v1:0", "", &[("input", 1_000), ("output", 100)], "standard", 4_500_000_000),
        // Azure's data zone, a tenth more as well: 1.375 / 11
        ("azure/eu/gpt-5", "", &[("input", 1_000), ("output", 100)], "standard", 2_475_000_000),
        ("azure/gpt-5", "", &[("input", 1_000), ("output", 100)], "standard", 2_250_000_000),
        // Lengths in steps: 1 / 5, above 32k 1.8 / 9, above 128k 3 / 15, above 256k 6 / 60
        ("qwen3-coder-plus", "", &[("input", 32_000), ("output", 1)], "standard", 32_005_000_000),
        ("qwen3-coder-plus", "", &[("input", 100_000), ("output", 1)], "standard>32000", 180_009_000_000),
        ("qwen3-coder-plus", "", &[("input", 300_000), ("output", 1)], "standard>256000", 1_800_060_000_000),
        // By the character and by the second: 15 a million characters, 0.006 a minute
        ("tts-1", "", &[("input_characters", 1_000)], "standard", 15_000_000_000),
        ("whisper-1", "", &[("input_seconds", 60)], "standard", 6_000_000_000),
        // Embeddings: 0.02
        ("text-embedding-3-small", "", &[("input", 1_000_000)], "standard", 20_000_000_000),
        // Spellings of other clients: 1000*0.3 + 1000*3.75
        ("claude-sonnet-4-5", "", &[("cache_read_input_tokens", 1_000), ("cache_creation_input_tokens", 1_000)], "standard", 4_050_000_000),
    ];
    for (model, tier, pairs, expected_tier, expected) in cases {
        let service = Some(*tier).filter(|tier| !tier.is_empty() && *tier != "batch");
        let found = cost(model, service, *tier == "batch", pairs).unwrap_or_else(|| panic!("{model} {pairs:?}: no cost"));

        assert_eq!((found.tier.as_ref(), found.total()), (*expected_tier, Usd(*expected)), "{model} {tier} {pairs:?}");
        assert_eq!(found.unpriced, Vec::<String>::new(), "{model} {pairs:?}");
        let parts: i64 = found.details.iter().filter(|(key, _)| key != "total").map(|(_, part)| part.0).sum();
        assert_eq!(parts, *expected, "{model}: the parts make the total");
    }
}

#[test]
fn long_cached_conversations_of_anthropic_have_a_batch_tier_of_their_own() {
    // 3 / 11.25 / 0.3: 1*3 + 250000*0.3 + 100*11.25 = 76,128
    let found = cost("claude-sonnet-4-5", None, true, &[("input", 1), ("input_cached_tokens", 250_000), ("output", 100)]);

    let found = found.expect("known");
    assert_eq!((found.tier.as_ref(), found.total()), ("batch>200000", Usd(76_128_000_000)));
}

#[test]
fn the_total_of_the_usage_is_not_charged() {
    let found = cost("gpt-4o", None, false, &[("input", 1_000), ("output", 100), ("total", 1_100)]).expect("known");

    assert_eq!(found.model_id, "openai:gpt-4o");
    assert_eq!(
        found.details,
        [("input", 2_500_000_000), ("output", 1_000_000_000), ("total", 3_500_000_000)].map(|(key, pico)| (key.to_owned(), Usd(pico)))
    );
}

#[test]
fn a_total_without_parts_has_no_price() {
    assert_eq!(cost("gpt-4o", None, false, &[("total", 1_100)]), None);
}

#[test]
fn keys_without_a_price_are_named() {
    let found = cost("gpt-4o", None, false, &[("input", 1_000), ("hours", 2), ("input_cache_creation_1h", 5), ("zero", 0)]);

    let found = found.expect("input has a price");
    assert_eq!(found.total(), Usd(2_500_000_000));
    assert_eq!(found.unpriced, ["hours", "input_cache_creation_1h"]);
}

#[test]
fn nothing_that_could_be_priced_is_no_cost_and_nothing_used_is_zero() {
    assert_eq!(cost("gpt-4o", None, false, &[]), None);
    assert_eq!(cost("gpt-4o", None, false, &[("hours", 2)]), None);
    assert_eq!(cost("gpt-99", None, false, &[("input", 1_000)]), None);
    assert_eq!(cost("gpt-4o", None, false, &[("input", 0)]).expect("known").total(), Usd::ZERO);
}

#[test]
fn a_key_that_comes_twice_is_charged_twice_in_one_line() {
    let found = cost("gpt-4o", None, false, &[("input", 1_000), ("input", 1_000)]).expect("known");

    assert_eq!(found.details.len(), 2);
    assert_eq!(found.total(), Usd(5_000_000_000));
}

#[test]
fn a_sum_that_does_not_fit_is_no_cost() {
    assert_eq!(cost("gpt-4o", None, false, &[("input", u64::MAX)]), None);
    // Each part fits, the sum does not: about 7.5 million dollars each.
    assert_eq!(cost("gpt-4o", None, false, &[("input", 3_000_000_000_000), ("output", 750_000_000_000)]), None);
}

#[test]
fn rounding_is_half_to_even() {
    // 1e-15 USD and units -> 1e-12 USD
    for (price, units, expected) in [(1, 499, 0), (1, 500, 0), (1, 501, 1), (1, 1_500, 2), (1, 2_500, 2), (1, 2_501, 3), (3, 1_000, 3)] {
        let (details, _) = crate::cost::charge(&usage(&[("input", units)]), |_| Some(price)).expect("fits");

        assert_eq!(details[0].1, Usd(expected), "{units} at {price}");
    }
}

#[test]
fn a_free_model_costs_nothing_and_says_so() {
    let found = cost("opencode_go/beam-free", None, false, &[("input", 1_000), ("output", 100)]).expect("listed");

    assert_eq!((found.total(), found.unpriced.len()), (Usd::ZERO, 0));
}
