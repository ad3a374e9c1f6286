//! Which files are denied, and how often the rules are wrong on ordinary sources: this repository's own.

use std::path::{Path, PathBuf};

use agenttrace_redact::{find, paths};

#[test]
fn files_that_hold_secrets_are_denied() {
    for (path, denied) in [
        (".env", true),
        ("/home/dev/shop/.env.production", true),
        ("app/.env.example", false),
        ("C:\\Users\\dev\\.ssh\\config", true),
        ("/home/dev/.ssh/id_ed25519", true),
        ("id_ed25519.pub", false),
        ("certs/server.pem", true),
        ("certs/server.key", true),
        ("src/monkey.rs", false),
        ("src/keys.rs", false),
        ("/home/dev/.aws/credentials", true),
        ("infra/prod.tfvars", true),
        ("terraform.tfstate.backup", true),
        (".npmrc", true),
        ("package.json", false),
        ("docs/environment.md", false),
        ("config/secrets.yml", true),
        ("src/secrets.py", false),
        ("KUBECONFIG", true),
        ("", false),
    ] {
        assert_eq!(paths::is_denied(path), denied, "{path}");
    }
}

/// Sources of this repository: no secrets in them, so that every finding is a false one. Prices, fixtures and lock files are left out: they are data.
#[test]
fn this_repositorys_own_sources_hold_few_false_findings() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut lines, mut wrong) = (0_usize, Vec::new());
    for folder in ["functions", "shared", "infra", "frontend/src", "docs", "sdk"] {
        visit(&root.join(folder), &mut |path, text| {
            lines += text.lines().count();
            for finding in find(text.as_bytes()).expect("it is scanned") {
                let line = text[..finding.range.start].lines().count();
                wrong.push(format!("{}:{line} {} {:?}", path.display(), finding.rule, &text[finding.range]));
            }
        });
    }

    // Stated in docs/redaction.md: at most one in 2,000 lines.
    assert!(lines > 20_000, "only {lines} lines were read");
    assert!(wrong.len() * 2_000 <= lines, "{} findings in {lines} lines:\n{}", wrong.len(), wrong.join("\n"));
}

fn visit(folder: &Path, each: &mut impl FnMut(&Path, &str)) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if path.is_dir() {
            if !["node_modules", "target", "dist", "data", "fixtures", "generated", "tests"].contains(&&*name) {
                visit(&path, each);
            }
        } else if [".rs", ".py", ".ts", ".tsx", ".sql", ".yaml", ".md"].iter().any(|ending| name.ends_with(ending))
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            each(&path, &text);
        }
    }
}
