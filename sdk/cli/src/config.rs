//! The settings: a file of our own, since agents take `OTEL_*` out of their children's environment; variables beat the file.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::dirs;

/// What `agenttrace login` saves.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Config {
    /// Such as `https://traces.example.com`.
    pub base_url: String,
    pub public_key: String,
    pub secret_key: String,
    /// Whose traces these are. Nobody's when empty.
    pub user_id: String,
    /// Such as `production`; `default` when empty.
    pub environment: String,
}

impl Config {
    /// The file, and over it `AGENTTRACE_BASE_URL`, `AGENTTRACE_PUBLIC_KEY`, `AGENTTRACE_SECRET_KEY`, `AGENTTRACE_USER_ID`,
    /// `AGENTTRACE_ENVIRONMENT`. No file is no error: nothing is set then.
    pub fn load() -> Result<Self> {
        let file = dirs::config_file()?;
        let mut config: Self = match std::fs::read_to_string(&file) {
            Ok(text) => toml::from_str(&text).with_context(|| format!("cannot read the settings in {}", file.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
        };
        for (variable, field) in [
            ("AGENTTRACE_BASE_URL", &mut config.base_url),
            ("AGENTTRACE_PUBLIC_KEY", &mut config.public_key),
            ("AGENTTRACE_SECRET_KEY", &mut config.secret_key),
            ("AGENTTRACE_USER_ID", &mut config.user_id),
            ("AGENTTRACE_ENVIRONMENT", &mut config.environment),
        ] {
            if let Ok(value) = std::env::var(variable)
                && !value.is_empty()
            {
                *field = value;
            }
        }
        Ok(config)
    }

    /// The same, when there is something to send to.
    pub fn require() -> Result<Self> {
        let config = Self::load()?;
        if !config.is_complete() {
            bail!(
                "no address and keys are set: run `agenttrace login`, or set AGENTTRACE_BASE_URL, AGENTTRACE_PUBLIC_KEY and AGENTTRACE_SECRET_KEY"
            );
        }
        check_url(&config.base_url)?;
        Ok(config)
    }

    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.base_url.is_empty() && !self.public_key.is_empty() && !self.secret_key.is_empty()
    }

    /// Writes the file whole or not at all, readable by its user alone.
    pub fn save(&self) -> Result<std::path::PathBuf> {
        let file = dirs::config_file()?;
        let folder = file.parent().context("the settings file has no folder")?;
        dirs::make_private(folder)?;
        let fresh = folder.join(format!(".config-{}.toml", std::process::id()));
        let written = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)
            .and_then(|mut out| out.write_all(toml::to_string(self).unwrap_or_default().as_bytes()).and_then(|()| out.sync_all()))
            .and_then(|()| std::fs::rename(&fresh, &file));
        written.with_context(|| format!("cannot write {}", file.display()))?;
        Ok(file)
    }
}

/// Keys must not travel in the clear: plain HTTP is for this machine only.
pub fn check_url(text: &str) -> Result<Url> {
    let url = Url::parse(text).with_context(|| format!("`{text}` is not an address such as https://traces.example.com"))?;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" => Ok(url),
        "http" if local => Ok(url),
        "http" => bail!("`{text}` would send keys unencrypted; use https"),
        other => bail!("`{other}` in `{text}` is not supported; use https"),
    }
}
