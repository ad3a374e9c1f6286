//! `agenttrace otel-headers`: what Claude Code's `otelHeadersHelper` calls. The key goes from our settings to its exporter, and lies nowhere else.

use std::process::ExitCode;

use anyhow::Result;
use base64::Engine as _;
use serde_json::json;

use crate::config::Config;

pub fn run() -> Result<ExitCode> {
    let config = Config::require()?;
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", config.public_key, config.secret_key));
    println!("{}", json!({"Authorization": format!("Basic {pair}")}));
    Ok(ExitCode::SUCCESS)
}
