//! Turns `data/*.tsv` into the tables that `src/table.rs` includes, so that nothing is parsed when a function starts:
//! plain numbers and one text, without pointers, looked up through a hash index that is computed here.
//!
//! Every listed name is filed under its canonical spelling and under its shorter forms (without date, without
//! `-v1:0`); where two models meet at one spelling, the one that is listed under it wins, then `-latest`, then the
//! newest. Tiers are completed here: what a tier does not list, it takes from the standard one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::{env, fs, path::Path};

#[allow(dead_code)]
#[path = "src/name.rs"]
mod name;

/// Prices are kept in 1e-15 USD.
const FEMTO_DIGITS: usize = 15;
/// Stands for "whoever it is" in the index.
const ANY: u8 = u8::MAX;

type Row = BTreeMap<String, u64>;

struct Model {
    provider: usize,
    name: String,
    source: String,
    tiers: BTreeMap<(String, u64), Row>,
    aliases: Vec<String>,
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/name.rs");
    println!("cargo::rerun-if-changed=data");
    let (providers, models) = read(Path::new("data"));
    assert!(providers.len() < usize::from(ANY) && models.len() < usize::from(u16::MAX), "indices are too small");
    let text = write(&providers, &models);
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("table.rs"), text).expect("the build folder can be written");
}

fn read(folder: &Path) -> (Vec<String>, Vec<Model>) {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("data/ is there")
        .map(|entry| entry.expect("data/ can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tsv"))
        .collect();
    files.sort();
    let mut providers = Vec::new();
    let mut models: Vec<Model> = Vec::new();
    for path in files {
        let provider = path.file_stem().and_then(|stem| stem.to_str()).expect("a provider's name").to_owned();
        let text = fs::read_to_string(&path).expect("a file of data/ can be read");
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let at = format!("{}:{}", path.display(), number + 1);
            let cells: Vec<&str> = line.split('\t').collect();
            let [name, source, tier, prices] = cells[..] else { panic!("{at}: expected four columns") };
            if models.last().is_none_or(|last| last.provider != providers.len() || last.name != name) {
                let (tiers, aliases) = (BTreeMap::new(), Vec::new());
                models.push(Model { provider: providers.len(), name: name.into(), source: source.into(), tiers, aliases });
            }
            let model = models.last_mut().expect("just made");
            if tier == "alias" {
                model.aliases.extend(prices.split(' ').map(str::to_owned));
                continue;
            }
            let (service, above) = tier.split_once('>').unwrap_or((tier, "0"));
            let above = above.parse().unwrap_or_else(|_| panic!("{at}: no number of tokens in {tier}"));
            let row = prices.split(' ').map(|pair| {
                let (key, price) = pair.split_once('=').unwrap_or_else(|| panic!("{at}: no price in {pair}"));
                (key.to_owned(), femto(key, price).unwrap_or_else(|| panic!("{at}: {pair} is no price")))
            });
            model.tiers.insert((service.into(), above), row.collect());
        }
        providers.push(provider);
    }
    for model in &mut models {
        model.tiers = complete(&model.tiers);
    }
    (providers, models)
}

/// A decimal in USD, per million of tokens or characters and per one of all else, as 1e-15 USD per unit.
fn femto(key: &str, price: &str) -> Option<u64> {
    let per_million = matches!(key, "input" | "output")
        || key.starts_with("input_cache_creation")
        || key.ends_with("_tokens")
        || key.ends_with("_characters");
    let digits = FEMTO_DIGITS - if per_million { 6 } else { 0 };
    let (whole, fraction) = price.split_once('.').unwrap_or((price, ""));
    if fraction.len() > digits {
        return None;
    }
    format!("{whole}{fraction}{}", "0".repeat(digits - fraction.len())).parse().ok()
}

/// Every tier with all its prices: what is not listed comes from a shorter length of the same service beyond zero, then
/// from the standard tier of that length, then from the service's and the standard plain tier.
fn complete(listed: &BTreeMap<(String, u64), Row>) -> BTreeMap<(String, u64), Row> {
    let standard = "standard".to_owned();
    let services: BTreeSet<&String> = listed.keys().map(|(service, _)| service).collect();
    let mut out = BTreeMap::new();
    for service in services {
        let lengths: BTreeSet<u64> = listed.keys().filter(|(of, _)| of == service || *of == standard).map(|(_, above)| *above).collect();
        for above in lengths.into_iter().chain([0]) {
            let mut row = Row::new();
            for (of, long) in [(service, true), (&standard, true), (service, false), (&standard, false)] {
                let rows = listed.iter().rev().filter(|((name, length), _)| name == of && (*length > 0) == long && *length <= above);
                for (_, prices) in rows {
                    let has_output = row.contains_key("output");
                    for (key, price) in prices {
                        // A dearer price for reasoning must not follow into a tier that has a price of its own.
                        if !(key == "output_reasoning_tokens" && has_output) {
                            row.entry(key.clone()).or_insert(*price);
                        }
                    }
                }
            }
            out.insert((service.clone(), above), row);
        }
    }
    out
}

/// Appends to a text that holds all names, and says where; equal texts share a place.
#[derive(Default)]
struct Pool {
    text: String,
    places: HashMap<String, u32>,
}

impl Pool {
    fn place(&mut self, text: &str) -> (u32, u16) {
        let at = *self.places.entry(text.to_owned()).or_insert_with(|| {
            self.text.push_str(text);
            u32::try_from(self.text.len() - text.len()).expect("names fit in 4 GiB")
        });
        (at, u16::try_from(text.len()).expect("a name is short"))
    }
}

fn write(providers: &[String], models: &[Model]) -> String {
    let keys: BTreeSet<&String> = models.iter().flat_map(|m| m.tiers.values().flat_map(BTreeMap::keys)).collect();
    let keys: Vec<&String> = keys.into_iter().collect();
    let sources: BTreeSet<&String> = models.iter().map(|model| &model.source).collect();
    let sources: Vec<&String> = sources.into_iter().collect();
    let labels: BTreeSet<(&String, u64)> = models.iter().flat_map(|m| m.tiers.keys().map(|(service, above)| (service, *above))).collect();
    let labels: Vec<(&String, u64)> = labels.into_iter().collect();

    let mut pool = Pool::default();
    let mut prices: Vec<(usize, u64)> = Vec::new();
    let mut known: HashMap<Vec<(usize, u64)>, usize> = HashMap::new();
    let mut tiers = String::new();
    let mut tier_count = 0;
    let mut rows = String::new();
    for model in models {
        let (at, length) = pool.place(&model.name);
        let source = sources.binary_search(&&model.source).expect("listed");
        let (first, count) = (tier_count, model.tiers.len());
        writeln!(
            rows,
            "ModelPrice {{ name: ({at}, {length}), provider: {}, source: {source}, tiers: ({first}, {count}) }},",
            model.provider
        )
        .expect("a string");
        for ((service, above), row) in &model.tiers {
            let row: Vec<(usize, u64)> = row.iter().map(|(key, price)| (keys.binary_search(&key).expect("listed"), *price)).collect();
            let length = row.len();
            let start = *known.entry(row.clone()).or_insert_with(|| {
                prices.extend(&row);
                prices.len() - row.len()
            });
            let label = labels.binary_search(&(service, *above)).expect("listed");
            writeln!(tiers, "TierRow {{ label: {label}, above: {above}, prices: ({start}, {length}) }},").expect("a string");
            tier_count += 1;
        }
    }
    let spellings = spellings(models);
    let slots = spellings.len().next_power_of_two() * 2;
    assert!(spellings.len() < usize::from(u16::MAX), "indices are too small");
    let mut index = vec![0_u16; slots];
    let mut filed = String::new();
    for (number, ((provider, text), model)) in spellings.iter().enumerate() {
        let (at, length) = pool.place(text);
        writeln!(filed, "Spelling {{ text: ({at}, {length}), provider: {provider}, model: {model} }},").expect("a string");
        let mut slot = name::hash(*provider, text) as usize & (slots - 1);
        while index[slot] != 0 {
            slot = (slot + 1) & (slots - 1);
        }
        index[slot] = u16::try_from(number + 1).expect("checked");
    }

    let mut out = String::new();
    let mut list = |head: &str, count: usize, body: &str| writeln!(out, "pub static {head}; {count}] = [{body}];");
    let quoted = |texts: &[&String]| texts.iter().fold(String::new(), |all, text| format!("{all}{text:?}, "));
    let all: Vec<&String> = providers.iter().collect();
    let label_text = labels.iter().fold(String::new(), |all, (service, above)| {
        let label = if *above == 0 { (*service).clone() } else { format!("{service}>{above}") };
        format!("{all}Label {{ service: {service:?}, text: {label:?} }},")
    });
    let price_text = prices.iter().fold(String::new(), |all, (key, price)| all + &format!("({key}, {price}),"));
    let index_text = index.iter().fold(String::new(), |all, slot| all + &format!("{slot},"));
    list("PROVIDERS: [&str", providers.len(), &quoted(&all)).expect("a string");
    list("USAGE_KEYS: [&str", keys.len(), &quoted(&keys)).expect("a string");
    list("SOURCES: [&str", sources.len(), &quoted(&sources)).expect("a string");
    list("LABELS: [Label", labels.len(), &label_text).expect("a string");
    list("MODELS: [ModelPrice", models.len(), &rows).expect("a string");
    list("TIERS: [TierRow", tier_count, &tiers).expect("a string");
    list("PRICES: [(u8, u64)", prices.len(), &price_text).expect("a string");
    list("SPELLINGS: [Spelling", spellings.len(), &filed).expect("a string");
    list("INDEX: [u16", slots, &index_text).expect("a string");
    writeln!(out, "pub static TEXT: &str = {:?};", pool.text).expect("a string");
    for (number, provider) in providers.iter().enumerate() {
        let constant = provider.to_uppercase();
        writeln!(out, "#[allow(dead_code)] pub const {constant}: u8 = {number};").expect("a string");
    }
    out
}

/// Which of two models gets a spelling: the smaller one wins. How far the spelling is from the listed name, then (turned
/// round) how new the snapshot is, then the order in data/.
type Rank = (usize, i64, usize);

/// Under what each model is filed: (provider, spelling) -> model.
fn spellings(models: &[Model]) -> BTreeMap<(u8, String), usize> {
    let mut best: BTreeMap<(u8, String), (Rank, usize)> = BTreeMap::new();
    for (number, model) in models.iter().enumerate() {
        let provider = u8::try_from(model.provider).expect("checked");
        let mut file = |text: &str, rank: usize, date: i64| {
            let rank = ((rank, -date, number), number);
            let slot = best.entry((provider, text.to_owned())).or_insert(rank);
            *slot = rank.min(*slot);
        };
        let names = [(&model.name, 0)].into_iter().chain(model.aliases.iter().map(|alias| (alias, 2)));
        for (text, rank) in names {
            let lower = text.to_ascii_lowercase();
            let canonical = name::canonical(&lower);
            file(&lower, rank, 0);
            file(&canonical, rank + 1, 0);
            let mut short = canonical.as_str();
            let mut rank = 4;
            while let Some(next) = name::peel_snapshot(short, true) {
                let mark: i64 = short[next.len()..].trim_matches(['-', ':']).parse().unwrap_or(i64::from(u32::MAX));
                file(next, rank, mark);
                (short, rank) = (next, rank + 1);
            }
        }
    }
    // A name that several providers list is known without its provider if they all ask the same.
    let mut prices: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for ((_, text), ((rank, ..), model)) in &best {
        if *rank < 4 && text.len() > 4 && text.bytes().any(|byte| byte.is_ascii_digit()) {
            prices.entry(text).or_default().push(*model);
        }
    }
    let plain = |model: usize| &models[model].tiers[&("standard".to_owned(), 0)];
    let any: Vec<(String, usize)> = prices
        .into_iter()
        .filter(|(_, found)| found.iter().all(|model| plain(*model) == plain(found[0])))
        .map(|(text, found)| (text.to_owned(), found[0]))
        .collect();
    let mut out: BTreeMap<(u8, String), usize> = best.into_iter().map(|(key, (_, model))| (key, model)).collect();
    out.extend(any.into_iter().map(|(text, model)| ((ANY, text), model)));
    out
}
