//! Which crate may depend on which. A layer that matters is a crate, and this is the table of allowed arrows (ARCHITECTURE.md).

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

/// Our crates' allowed arrows to each other. Functions and the edge are not listed: anything but another function.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("pricing", &["domain"]),
    ("redact", &[]),
    ("transcripts", &["domain"]),
    ("ingest", &["domain", "pricing"]),
    ("auth", &["domain"]),
    ("api", &["domain", "auth"]),
    ("store", &["domain", "api"]),
    ("records", &["domain", "pricing", "auth"]),
    ("cloud", &["domain"]),
    ("kit", &["domain", "auth", "api", "store", "records", "cloud"]),
];

/// What only one crate may import.
const OWNERS: &[(&str, &str)] = &[
    ("clickhouse", "store"),
    ("aws-sdk-dynamodb", "records"),
    ("aws-sdk-kinesis", "cloud"),
    ("aws-sdk-s3", "cloud"),
    ("aws-sdk-sqs", "cloud"),
    ("aws-sdk-secretsmanager", "cloud"),
    ("aws-sdk-kms", "cloud"),
    ("lambda_runtime", "kit"),
];

/// What crates without I/O must not depend on.
const IMPURE: &[&str] = &["tokio", "hyper", "hyper-util", "reqwest", "futures", "tracing-subscriber"];
const PURE: &[&str] = &["domain", "pricing", "redact", "transcripts", "ingest", "auth", "api"];

struct Package {
    name: String,
    folder: PathBuf,
    dependencies: Vec<String>,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the checkout")
}

fn packages() -> Vec<Package> {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&out.stdout).expect("cargo metadata is JSON");
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .map(|p| Package {
            name: text(&p["name"]),
            folder: PathBuf::from(text(&p["manifest_path"])).parent().expect("a folder").to_owned(),
            dependencies: p["dependencies"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|d| d["kind"].is_null())
                .map(|d| text(&d["name"]))
                .collect(),
        })
        .collect()
}

/// `domain` of `agenttrace-domain`; nothing for a function, whose name may be a crate's too (`auth`).
fn short(name: &str) -> &str {
    name.strip_prefix("agenttrace-").unwrap_or_default()
}

#[test]
fn crates_depend_only_along_the_allowed_arrows() {
    let packages = packages();
    let functions: BTreeSet<&str> =
        packages.iter().filter(|p| p.folder.starts_with(root().join("functions"))).map(|p| p.name.as_str()).collect();
    for package in &packages {
        let allowed = ARROWS.iter().find(|(name, _)| *name == short(&package.name)).map(|(_, allowed)| *allowed);
        for dependency in &package.dependencies {
            assert!(
                !functions.contains(dependency.as_str()),
                "{} depends on the function {dependency}: functions never depend on functions",
                package.name
            );
            if let (Some(allowed), Some(ours)) = (allowed, dependency.strip_prefix("agenttrace-")) {
                assert!(
                    allowed.contains(&ours),
                    "{} may not depend on {ours}: see ARCHITECTURE.md, and the table in {}",
                    package.name,
                    file!()
                );
            }
        }
    }
}

#[test]
fn each_client_is_imported_by_its_one_owner() {
    for package in packages() {
        for (client, owner) in OWNERS {
            let imports = package.dependencies.iter().any(|d| d == client);
            assert!(!imports || short(&package.name) == *owner, "only {owner} imports {client}, not {}", package.name);
        }
    }
}

#[test]
fn pure_crates_have_nothing_to_do_io_with() {
    for package in packages().iter().filter(|p| PURE.contains(&short(&p.name))) {
        for dependency in &package.dependencies {
            let impure = IMPURE.contains(&dependency.as_str()) || dependency.starts_with("aws-") || dependency == "clickhouse";
            assert!(!impure, "{} is pure and may not depend on {dependency}", package.name);
        }
    }
}
