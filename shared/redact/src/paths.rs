//! Files that hold secrets by their purpose: neither their contents nor a diff of them leaves the machine.

/// Names, in lower case. `*` at the beginning or end stands for anything.
const DENIED_NAMES: &[&str] = &[
    ".env",
    ".env.*",
    "*.env",
    ".envrc",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    ".my.cnf",
    ".htpasswd",
    ".git-credentials",
    ".dockercfg",
    ".vault-token",
    ".terraformrc",
    "credentials.tfrc.json",
    "terraform.tfstate",
    "terraform.tfstate.*",
    "*.tfvars",
    "*.tfvars.json",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_ecdsa_sk",
    "id_ed25519_sk",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "*.ppk",
    "*.kdbx",
    "*.asc",
    "*.gpg",
    "*.age",
    "*.ovpn",
    "kubeconfig",
    "*.kubeconfig",
    "secrets.yml",
    "secrets.yaml",
    "secrets.json",
    "secrets.toml",
    "credentials.json",
    "credentials.yml",
    "service-account*.json",
    "client_secret*.json",
    "master.key",
    "*.mobileprovision",
    "local.settings.json",
    "*.publishsettings",
    "shadow",
    "*.keychain",
    "*.keychain-db",
    "auth.json",
];

/// Ends of paths, in lower case with `/`.
const DENIED_ENDS: &[&str] = &[
    ".aws/credentials",
    ".aws/config",
    ".docker/config.json",
    ".kube/config",
    ".config/gcloud/application_default_credentials.json",
    ".config/gh/hosts.yml",
    ".azure/accesstokens.json",
    ".azure/msal_token_cache.json",
    ".cargo/credentials.toml",
    ".cargo/credentials",
    ".gem/credentials",
    ".m2/settings.xml",
    ".gradle/gradle.properties",
    ".claude/.credentials.json",
    ".config/agenttrace/config.toml",
];

/// Folders nothing of which leaves, in lower case.
const DENIED_FOLDERS: &[&str] = &[".ssh", ".gnupg", ".password-store", ".aws", "keyrings"];

/// Templates of such files, which are written to be read.
const ALLOWED_ENDINGS: &[&str] = &[".example", ".sample", ".template", ".dist", ".pub", ".tmpl", ".defaults"];

/// Is it a file that holds secrets? The path may be absolute or not, with `/` or `\`.
#[must_use]
pub fn is_denied(path: &str) -> bool {
    let path = path.replace('\\', "/").to_lowercase();
    let name = path.rsplit('/').next().unwrap_or(&path);
    if ALLOWED_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return false;
    }
    DENIED_NAMES.iter().any(|pattern| matches(pattern, name))
        || DENIED_ENDS.iter().any(|end| path == *end || path.ends_with(&format!("/{end}")))
        || path.split('/').rev().skip(1).any(|folder| DENIED_FOLDERS.contains(&folder))
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((begin, end)) => name.len() >= begin.len() + end.len() && name.starts_with(begin) && name.ends_with(end),
    }
}
