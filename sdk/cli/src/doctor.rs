//! `agenttrace doctor`: the questions one would ask, in the order in which one would ask them.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use serde_json::json;

use crate::client::Client;
use crate::config::{Config, check_url};
use crate::spool::Spool;
use crate::{background, init};

struct Check {
    name: &'static str,
    ok: bool,
    found: String,
}

pub fn run(as_json: bool) -> Result<ExitCode> {
    let mut checks = Vec::new();
    let mut note = |name, outcome: Result<String, String>| {
        let ok = outcome.is_ok();
        checks.push(Check { name, ok, found: outcome.unwrap_or_else(|e| e) });
        ok
    };
    let config = Config::load();
    let complete = match &config {
        Ok(config) if config.is_complete() => note("settings", Ok(format!("{} with {}", config.base_url, config.public_key))),
        Ok(_) => note("settings", Err("no address and keys; run `agenttrace login`".to_owned())),
        Err(error) => note("settings", Err(format!("{error:#}"))),
    };
    if let (true, Ok(config)) = (complete, &config) {
        match check_url(&config.base_url) {
            Err(error) => drop(note("address", Err(format!("{error:#}")))),
            Ok(_) => {
                let client = Client::new(config);
                let began = Instant::now();
                let reached = match client.get("/api/public/health") {
                    Ok((200, answer)) => note(
                        "server",
                        Ok(format!("version {} in {} ms", answer["version"].as_str().unwrap_or("?"), began.elapsed().as_millis())),
                    ),
                    Ok((status, _)) => note("server", Err(format!("answers {status}; its operator should look at it"))),
                    Err(error) => note("server", Err(format!("{error:#}"))),
                };
                if reached {
                    let _ = match client.get("/api/public/projects") {
                        Ok((200, answer)) => note("keys", Ok(format!("project {}", answer["data"][0]["name"].as_str().unwrap_or("?")))),
                        Ok((status, answer)) => note(
                            "keys",
                            Err(format!("refused ({status}: {}); run `agenttrace login`", answer["message"].as_str().unwrap_or(""))),
                        ),
                        Err(error) => note("keys", Err(format!("{error:#}"))),
                    };
                }
            }
        }
    }
    let _ = match Spool::open().and_then(|spool| Ok((spool.waiting()?, spool))) {
        Ok((waiting, spool)) if waiting.refused > 0 => note(
            "spool",
            Err(format!("{} waiting, {} refused: see {}", waiting.files, waiting.refused, spool.folder().join("refused").display())),
        ),
        Ok((waiting, _)) => {
            let uploader = if background::is_running() { "the uploader runs" } else { "the next hook starts the uploader" };
            note("spool", Ok(format!("{} waiting; {uploader}", waiting.files)))
        }
        Err(error) => note("spool", Err(format!("{error:#}"))),
    };
    let _ = note("hooks", hooks());
    let _ = match agenttrace_redact::find(b"probe") {
        Ok(_) => note("redaction", Ok(format!("{} rules", agenttrace_redact::rules::RULES.len()))),
        Err(error) => note("redaction", Err(error.to_string())),
    };
    let healthy = checks.iter().all(|check| check.ok);
    if as_json {
        let checks: Vec<_> = checks.iter().map(|c| json!({"name": c.name, "ok": c.ok, "found": c.found})).collect();
        println!("{}", json!({"ok": healthy, "checks": checks}));
    } else {
        for check in &checks {
            println!("{} {:<10} {}", if check.ok { "✓" } else { "✗" }, check.name, check.found);
        }
    }
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What each agent's hooks did last. Wrong is one whose last call could not be kept.
fn hooks() -> Result<String, String> {
    let agents = init::set_up().map_err(|error| format!("{error:#}"))?;
    if agents.is_empty() {
        return Ok("no coding agent on this machine".to_owned());
    }
    let mut failed = false;
    let told: Vec<String> = agents
        .iter()
        .map(|agent| {
            let last = &agent.last_hook;
            let state = match (&last.failed_at, &last.at) {
                (Some(failure), at) if at.as_ref().is_none_or(|at| at < failure) => {
                    failed = true;
                    format!("lost one at {failure}: {}", last.failure.as_deref().unwrap_or("no reason known"))
                }
                (_, Some(at)) => format!("heard of at {at}"),
                _ if agent.hooks => "set up, not heard of yet".to_owned(),
                _ => "not set up, run `agenttrace init`".to_owned(),
            };
            format!("{} {state}", agent.agent)
        })
        .collect();
    if failed { Err(told.join("; ")) } else { Ok(told.join("; ")) }
}
