//! Finding the price of a model by whatever name it was reported under.
//!
//! A name is taken apart from the outside: resource paths (ARNs of Bedrock, `publishers/…` of Vertex), hosts in front
//! of it (`openrouter/`, `azure/`), regions (`eu.`), then, one by one, marks at its end that do not change the price. What is
//! looked up after each step is a whole listed name: nothing is ever matched by its beginning or by likeness, so a
//! model that no list names has no price.

use crate::name::{canonical, peel_setting, peel_snapshot, swap_claude};
use crate::provider::{Host, from_hint, from_word, makers, passes_on};
use crate::table::{self, ANY, ModelPrice, get};

/// No model's name is longer; what is longer is not searched.
const NAME_MAX_BYTES: usize = 300;

type Found = Option<&'static ModelPrice>;

/// The price list of a model. `hint` is what the caller knows of who served it.
pub fn find(model: &str, hint: Option<&str>) -> Found {
    let model = model.trim();
    if model.is_empty() || model.len() > NAME_MAX_BYTES {
        return None;
    }
    let lower = model.to_ascii_lowercase();
    let host = match hint.filter(|hint| hint.len() <= NAME_MAX_BYTES).and_then(from_hint) {
        Some(Host::Local) => return None,
        Some(Host::Known(provider)) => Some(provider),
        None => None,
    };
    search(&lower, host, model == lower)
}

/// `may_be_openrouter`: only lower-case names can be OpenRouter's.
fn search(name: &str, host: Option<u8>, may_be_openrouter: bool) -> Found {
    if let Some(arn) = name.strip_prefix("arn:") {
        return search_arn(arn);
    }
    let name =
        ["models/", "litellm_proxy/", "litellm/", "tunedmodels/"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    // Vertex: projects/<p>/locations/<l>/publishers/<vendor>/models/<name>, and the same shortened.
    if let Some((_, path)) = name.split_once("publishers/") {
        return path.split_once("/models/").and_then(|(_, name)| search(name, Some(table::VERTEX), false));
    }
    if let Some(provider) = host {
        let found = at(provider, name).or_else(|| {
            // The host may list the model without the vendor before it.
            let (vendor, rest) = name.split_once('/')?;
            from_word(vendor).and_then(|_| at(provider, rest))
        });
        if found.is_some() || !passes_on(provider) {
            return found;
        }
    }
    if let Some((word, rest)) = name.split_once('/')
        && let Some(named) = from_word(word)
    {
        let Host::Known(provider) = named else { return None };
        let found = search(rest, Some(provider), may_be_openrouter);
        if found.is_some() || !passes_on(provider) {
            return found;
        }
    }
    by_maker(name)
        .or_else(|| if may_be_openrouter && name.contains('/') { at(table::OPENROUTER, name) } else { None })
        .or_else(|| listed(ANY, name))
}

/// Bedrock's resource names. Profiles and deployments that an account names itself do not say their model.
fn search_arn(arn: &str) -> Found {
    let mut parts = arn.splitn(5, ':');
    let (_partition, service, region) = (parts.next()?, parts.next()?, parts.next()?);
    let (_account, resource) = (parts.next()?, parts.next()?);
    let (kind, name) = resource.split_once('/')?;
    match (service, kind) {
        ("bedrock", "foundation-model") => bedrock(&format!("{region}/{name}")).or_else(|| by_maker(name)),
        ("bedrock", "inference-profile") => bedrock(name).or_else(|| by_maker(name)),
        _ => None,
    }
}

/// The price at the model's maker, if the name says who that is.
fn by_maker(name: &str) -> Found {
    let name = name.split_once('/').filter(|(region, _)| is_region(region)).map_or(name, |(_, rest)| rest);
    // Only Bedrock puts a vendor and a dot in front, only Vertex an @ behind.
    if let Some((vendor, rest)) = name.split_once('.')
        && (geography(vendor) || bedrock_vendor(vendor))
    {
        return bedrock(name).or_else(|| {
            // Claudes that Bedrock's list no longer names cost there what they cost at Anthropic.
            let claude = rest.strip_prefix("anthropic.").or_else(|| name.strip_prefix("anthropic."))?;
            if vendor == "us-gov" { None } else { peeled(table::BEDROCK, &canonical(claude), |it| get(table::ANTHROPIC, it)) }
        });
    }
    if name.contains('@')
        && let Some(found) = at(table::VERTEX, name)
    {
        return Some(found);
    }
    makers(name).iter().find_map(|provider| at(*provider, name))
}

/// The price at one provider, in that provider's ways of spelling.
fn at(provider: u8, name: &str) -> Found {
    match provider {
        table::BEDROCK => bedrock(name),
        table::AZURE | table::AZURE_AI => azure(provider, name),
        _ => listed(provider, name),
    }
}

fn azure(provider: u8, name: &str) -> Found {
    let other = if provider == table::AZURE { table::AZURE_AI } else { table::AZURE };
    let bare = ["global/", "global-standard/"].iter().find_map(|kind| name.strip_prefix(kind));
    listed(provider, name).or_else(|| bare.and_then(|name| listed(provider, name))).or_else(|| listed(other, bare.unwrap_or(name)))
}

fn bedrock(name: &str) -> Found {
    let name = ["converse/", "converse_like/", "invoke/"].iter().find_map(|route| name.strip_prefix(route)).unwrap_or(name);
    if let Some((region, rest)) = name.split_once('/') {
        // A region with prices of its own, else the plain ones; a name in front of the slash that is no region is
        // somebody's own.
        return listed(table::BEDROCK, name).or_else(|| if is_region(region) { bedrock(rest) } else { None });
    }
    if let Some(found) = listed(table::BEDROCK, name) {
        return Some(found);
    }
    match name.split_once('.') {
        // All geographies of a cross-region profile cost the same, if not listed one by one; government regions do not.
        Some(("us-gov", _)) => None,
        Some((area, rest)) if geography(area) => {
            (area != "global").then(|| listed(table::BEDROCK, &format!("us.{rest}"))).flatten().or_else(|| listed(table::BEDROCK, rest))
        }
        _ if name.starts_with("claude-") => listed(table::BEDROCK, &format!("anthropic.{name}")),
        _ if name.starts_with("nova-") => listed(table::BEDROCK, &format!("amazon.{name}")),
        _ => None,
    }
}

fn geography(text: &str) -> bool {
    matches!(text, "us" | "eu" | "apac" | "ap" | "jp" | "au" | "ca" | "sa" | "amer" | "in" | "uk" | "global" | "us-gov")
}

fn bedrock_vendor(text: &str) -> bool {
    matches!(
        text,
        "anthropic"
            | "amazon"
            | "meta"
            | "mistral"
            | "cohere"
            | "ai21"
            | "deepseek"
            | "openai"
            | "qwen"
            | "stability"
            | "writer"
            | "luma"
            | "twelvelabs"
            | "google"
            | "nvidia"
            | "minimax"
            | "moonshot"
            | "moonshotai"
            | "zai"
            | "xai"
    )
}

/// An AWS region such as `eu-west-1`.
fn is_region(text: &str) -> bool {
    text.matches('-').count() >= 2 && text.ends_with(|last: char| last.is_ascii_digit())
}

/// The listed model that has this name, or has it once marks at its end are taken off, one by one.
fn listed(provider: u8, name: &str) -> Found {
    if let Some(found) = get(provider, name) {
        return Some(found);
    }
    let full = canonical(name);
    peeled(provider, &full, |short| get(provider, short)).or_else(|| peeled(provider, &full, |short| get(provider, &swap_claude(short)?)))
}

fn peeled(provider: u8, full: &str, get: impl Fn(&str) -> Found) -> Found {
    let mut short = full;
    loop {
        let found = get(short);
        if found.is_some() {
            return found;
        }
        short = peel_setting(short).or_else(|| peel_snapshot(short, provider == table::BEDROCK))?;
    }
}
