//! The rules of the contract in `tests/README.md`: each names a test that shows it, and each test that is named exists.

use std::fs;
use std::path::PathBuf;

const CHAPTER: &str = "## Rules of the contract and their tests";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the checkout")
}

/// The chapter's rows that say a rule: those whose first cell is about a status.
fn rules() -> Vec<String> {
    let text = fs::read_to_string(root().join("tests/README.md")).expect("tests/README.md");
    let chapter = text.split(CHAPTER).nth(1).expect("the chapter of the rules");
    let rows = chapter.lines().take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| "));
    rows.filter(|row| row[2..].starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned).collect()
}

/// `file::name` in backticks; files are those of `tests/`, or of the repository.
fn tests_of(row: &str) -> Vec<(&str, &str)> {
    row.split('`').skip(1).step_by(2).filter_map(|code| code.split_once("::")).collect()
}

fn exists(file: &str, name: &str) -> bool {
    let places = [root().join("tests").join(file), root().join(file)];
    let Some(text) = places.iter().find_map(|place| fs::read_to_string(place).ok()) else { return false };
    text.contains(&format!("def {name}(")) || text.contains(&format!("fn {name}("))
}

#[test]
fn every_rule_names_a_test_that_exists() {
    let rules = rules();
    assert!(rules.len() > 80, "{} rules were found", rules.len());
    for row in &rules {
        let tests = tests_of(row);
        assert!(!tests.is_empty(), "no test is named: {row}");
        for (file, name) in tests {
            assert!(exists(file, name), "there is no {file}::{name}: {row}");
        }
    }
}

#[test]
fn every_status_of_the_contract_has_rules() {
    let rules = rules();
    for status in ["400", "401", "403", "404", "405", "409", "413", "422", "429"] {
        assert!(rules.iter().any(|row| row[2..].starts_with(status)), "{status} has no rule");
    }
}
