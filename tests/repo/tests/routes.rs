//! The template's routes and functions are the declared operations', no more and no less.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the checkout")
}

/// `METHOD /path` with `{name+}` written as `{name}`, to the function's name, from `infra/api.yaml`.
fn deployed() -> BTreeMap<String, String> {
    let text = fs::read_to_string(root().join("infra/api.yaml")).expect("infra/api.yaml");
    let mut routes = BTreeMap::new();
    for line in text.lines().filter(|l| l.contains("RouteKey:")) {
        let key =
            line.split("RouteKey:").nth(1).and_then(|l| l.split('"').nth(1)).unwrap_or_else(|| panic!("the route key is quoted: {line}"));
        let target = line
            .split("integrations/${")
            .nth(1)
            .and_then(|l| l.split("Integration}").next())
            .unwrap_or_else(|| panic!("the target is on the route's line: {line}"));
        if key == "$default" {
            continue; // what no operation takes: 404 and 405
        }
        routes.insert(key.replace("+}", "}"), kebab(target));
    }
    routes
}

/// `DeleteData` to `delete-data`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && i > 0 {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// `METHOD /path/{` of each greedy route, to the function's name. It takes whatever is longer, too: a name that holds `/` stands in the middle of
/// some paths, where the gateway allows no greedy part.
fn greedy() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("infra/api.yaml")).expect("infra/api.yaml");
    let keys = text.lines().filter_map(|l| l.split("RouteKey:").nth(1)?.split('"').nth(1)).filter(|k| k.ends_with("+}"));
    let deployed = deployed();
    keys.map(|key| {
        let begin = key.rsplit_once('{').map(|(begin, _)| format!("{begin}{{")).expect("a parameter");
        (begin, deployed[&key.replace("+}", "}")].clone())
    })
    .collect()
}

#[test]
fn routes_are_the_declared_operations() {
    let declared: BTreeMap<String, String> =
        agenttrace_api::operations().map(|o| (format!("{} {}", o.method.as_str(), o.path), o.function.to_owned())).collect();
    let (deployed, greedy) = (deployed(), greedy());
    let taken = |route: &str, function: &str| greedy.iter().any(|(begin, f)| route.starts_with(begin) && f == function);
    let missing: Vec<_> = declared
        .iter()
        .filter(|(route, function)| deployed.get(*route) != Some(*function) && (deployed.contains_key(*route) || !taken(route, function)))
        .collect();
    let used = |route: &str| declared.keys().any(|d| greedy.iter().any(|(begin, _)| route.starts_with(begin) && d.starts_with(begin)));
    let extra: Vec<_> = deployed.keys().filter(|route| !declared.contains_key(*route) && !used(route)).collect();
    assert!(missing.is_empty() && extra.is_empty(), "infra/api.yaml lacks {missing:#?}\nand has undeclared {extra:#?}");
}

#[test]
fn every_function_is_in_the_template_and_the_other_way_round() {
    let template = fs::read_to_string(root().join("template.yaml")).expect("template.yaml");
    let deployed: BTreeSet<String> =
        template.lines().filter_map(|l| l.trim().strip_prefix("CodeUri: target/lambda/")).map(str::to_owned).collect();
    let written: BTreeSet<String> = fs::read_dir(root().join("functions"))
        .expect("functions")
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(deployed, written);
}

#[test]
fn every_operation_has_a_function() {
    for operation in agenttrace_api::operations() {
        assert!(
            root().join("functions").join(operation.function).is_dir(),
            "{} is served by {}, which does not exist",
            operation.id,
            operation.function
        );
    }
}
