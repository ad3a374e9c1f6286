//! Shows which price list names are found under, and how long that takes:
//!
//! ```text
//! cargo run --profile fast -p agenttrace-pricing --example lookup -- gpt-4o us.anthropic.claude-sonnet-4-5-20250929-v1:0
//! cargo run --profile fast -p agenttrace-pricing --example lookup -- --provider azure gpt-4o
//! cargo run --profile fast -p agenttrace-pricing --example lookup -- --bench
//! ```

use std::hint::black_box;
use std::time::Instant;

use agenttrace_pricing::{PriceBook, Query, iter_managed, price_usage};

fn main() {
    let mut provider = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--provider" => provider = arguments.next(),
            "--bench" => bench(),
            name => show(name, provider.as_deref()),
        }
    }
}

fn show(name: &str, provider: Option<&str>) {
    let Some(model) = PriceBook::managed().find(name, provider) else {
        println!("{name}: no price");
        return;
    };
    println!("{name}: {} (source: {})", model.id(), model.source());
    for tier in model.tiers() {
        let prices: Vec<String> = tier.prices().map(|(key, price)| format!("{key} {price}")).collect();
        println!("  {}: {} (1e-15 USD)", tier.name(), prices.join(", "));
    }
}

fn bench() {
    let start = Instant::now();
    black_box(PriceBook::managed().find(black_box("claude-sonnet-4-5"), None));
    println!("first lookup of the process: {:?}; models: {}", start.elapsed(), iter_managed().len());
    for (name, provider) in [
        ("gpt-4o", Some("openai")),
        ("claude-sonnet-4-5-20250929", Some("anthropic")),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", Some("aws.bedrock")),
        ("claude-opus-4-6[1m]", None),
        ("openrouter/anthropic/claude-sonnet-4.5", None),
        ("azure/gpt-35-turbo", None),
        ("some-model-that-nobody-lists-anywhere", None),
    ] {
        time(&format!("find {name}"), || black_box(PriceBook::managed().find(black_box(name), black_box(provider))).is_some());
    }
    let usage: Vec<(String, u64)> = [("input", 12), ("output", 900), ("input_cached_tokens", 180_000), ("input_cache_creation_5m", 4_000)]
        .map(|(key, units)| (key.to_owned(), units))
        .to_vec();
    let query = Query { model: "claude-sonnet-4-5-20250929", provider: Some("anthropic"), usage: &usage, service_tier: None, batch: false };
    time("price_usage, 4 keys", || black_box(price_usage(PriceBook::managed(), black_box(&query))).is_some());
}

fn time(what: &str, work: impl Fn() -> bool) {
    const ROUNDS: u32 = 200_000;
    let start = Instant::now();
    for _ in 0..ROUNDS {
        black_box(work());
    }
    println!("{what}: {} ns", start.elapsed().as_nanos() / u128::from(ROUNDS));
}
