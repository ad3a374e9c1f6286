//! Every source file says what it is for, and stays readable.

use std::fs;
use std::path::{Path, PathBuf};

const MAX_LINES: usize = 600;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the checkout")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && !matches!(name.to_str(), Some("target" | "node_modules" | ".git")) {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["shared", "functions", "infra", "tests", "sdk"] {
        rust_files(&root().join(folder), &mut found);
    }
    assert!(found.len() > 50, "the sources were found");
    found
}

#[test]
fn every_rust_file_begins_with_what_it_is_for() {
    for path in sources() {
        let text = fs::read_to_string(&path).expect("readable");
        let is_tests = path.file_name().is_some_and(|n| n == "tests.rs") || path.components().any(|c| c.as_os_str() == "tests");
        assert!(is_tests || text.starts_with("//!"), "{} has no module doc", path.display());
    }
}

#[test]
fn no_rust_file_has_grown_too_long_to_read() {
    for path in sources() {
        let lines = fs::read_to_string(&path).expect("readable").lines().count();
        assert!(lines <= MAX_LINES, "{} has {lines} lines: does it still have one reason to change?", path.display());
    }
}

#[test]
fn every_migration_file_is_applied() {
    let folder = root().join("shared/store/migrations");
    let mut files: Vec<String> =
        fs::read_dir(folder).expect("migrations").flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    files.sort();
    let listed: Vec<String> =
        agenttrace_store::migrate::MIGRATIONS.iter().map(|(number, name, _)| format!("{number:04}_{name}.sql")).collect();
    assert_eq!(files, listed, "shared/store/src/migrate lists every file, in order");
}
