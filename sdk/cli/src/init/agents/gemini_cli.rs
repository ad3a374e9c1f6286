//! Gemini CLI: hooks in `settings.json`. Its tokens come from its chats. Its own telemetry sends the prompt of `-p`, whatever its settings say, and is
//! switched on only if that is asked for. It has no setting for headers; its exporter takes them from the environment, which it reads from
//! `~/.gemini/.env` where the project has no `.env` of its own.

use anyhow::Result;
use jsonc_parser::cst::CstInputValue;

use super::super::json::{Document, edited, list, object, taken, text};
use super::super::record::Record;
use super::{Place, Plan, Telemetry, Tool, is_ours};
use crate::agent::Agent;

pub const FILE: &str = "settings.json";
const VARIABLES: &str = ".env";
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS=";
/// Behind the header, so that the line is known as ours.
const MARK: &str = ",x-agenttrace-init=1";
const EVENTS: &[&str] = &["SessionStart", "BeforeAgent", "BeforeTool", "AfterTool", "AfterAgent", "SessionEnd"];

fn telemetry(place: &Place) -> Vec<(&'static str, CstInputValue)> {
    vec![
        ("enabled", CstInputValue::Bool(true)),
        ("target", text("local")),
        ("useCollector", CstInputValue::Bool(true)),
        ("otlpEndpoint", text(&place.base_url)),
        ("otlpProtocol", text("http")),
        ("logPrompts", CstInputValue::Bool(false)),
    ]
}

pub fn plan(place: &Place, record: &Record, plan: &mut Plan) -> Result<()> {
    let folder = Tool::GeminiCli.settings(place);
    let file = folder.join(FILE);
    let before = super::read(&file)?.unwrap_or_default();
    let variables = super::read(&folder.join(VARIABLES))?.unwrap_or_default();
    let elsewhere = place.telemetry == Telemetry::Any && sends_elsewhere(place, &before, &variables);
    if elsewhere {
        plan.notes.push("its telemetry goes elsewhere already, and stays so".to_owned());
    }
    let with_telemetry = place.telemetry == Telemetry::Any && !elsewhere;
    let change = |before: Option<&str>| {
        edited(before, |document| {
            for event in EVENTS {
                let handler = vec![
                    ("name", text("agenttrace")),
                    ("type", text("command")),
                    ("command", text(&place.command("hook gemini-cli"))),
                    ("timeout", CstInputValue::Number("5000".to_owned())),
                ];
                document.add_hook(
                    event,
                    object(vec![("matcher", text("*")), ("hooks", list(vec![object(handler)]))]),
                    &is_ours(Agent::GeminiCli),
                )?;
            }
            if with_telemetry {
                if has_header(&variables) {
                    // From before another login.
                    document.remove("telemetry", "otlpEndpoint", |old| old != place.base_url.as_str());
                }
                for (name, value) in telemetry(place) {
                    document.set("telemetry", name, value)?;
                }
            } else if !elsewhere && has_header(&variables) {
                // From when it was asked for.
                for (name, _) in telemetry(place) {
                    document.remove("telemetry", name, |_| true);
                }
            }
            Ok(())
        })
    };
    plan.edit(file, false, &change, &|now| take(place, now))?;
    if with_telemetry {
        plan.notes.push("a prompt given with -p is in its telemetry as an argument of the process, past our redaction".to_owned());
        plan.edit(folder.join(VARIABLES), true, &|before| Ok(put_header(place, before.unwrap_or_default())), &take_header)?;
    } else if !elsewhere {
        plan.back(folder.join(VARIABLES), record, &take_header)?;
    }
    Ok(())
}

fn sends_elsewhere(place: &Place, settings: &str, variables: &str) -> bool {
    let Ok(document) = Document::parse(settings) else { return false };
    let value = document.value();
    let set = &value["telemetry"];
    let ours = has_header(variables);
    let other_header =
        variables.lines().any(|line| line.trim_start().trim_start_matches("export ").starts_with("OTEL_EXPORTER_OTLP")) && !ours;
    let other = telemetry(place).into_iter().any(|(name, _)| match name {
        "otlpEndpoint" => set[name].as_str().is_some_and(|theirs| theirs != place.base_url) && !ours,
        "target" => set[name].as_str().is_some_and(|theirs| theirs != "local"),
        "enabled" => set[name] == false,
        _ => false,
    });
    other || other_header || set["outfile"].is_string()
}

fn has_header(variables: &str) -> bool {
    variables.lines().any(|line| line.starts_with(HEADERS) && line.ends_with(MARK))
}

fn put_header(place: &Place, before: &str) -> String {
    let header = place.authorization.clone().unwrap_or_default().replace(' ', "%20");
    let line = format!("{HEADERS}Authorization={header}{MARK}");
    let mut lines: Vec<&str> = before.lines().filter(|old| !(old.starts_with(HEADERS) && old.ends_with(MARK))).collect();
    lines.push(&line);
    format!("{}\n", lines.join("\n"))
}

fn take_header(now: &str) -> Result<Option<String>> {
    let kept: Vec<&str> = now.lines().filter(|line| !(line.starts_with(HEADERS) && line.ends_with(MARK))).collect();
    if kept.len() == now.lines().count() {
        return Ok(Some(now.to_owned()));
    }
    Ok((!kept.is_empty()).then(|| format!("{}\n", kept.join("\n"))))
}

fn take(place: &Place, now: &str) -> Result<Option<String>> {
    taken(now, |document| {
        document.remove_hooks(&is_ours(Agent::GeminiCli))?;
        if document.value()["telemetry"]["otlpEndpoint"] == place.base_url.as_str() {
            for (name, _) in telemetry(place) {
                document.remove("telemetry", name, |_| true);
            }
        }
        Ok(())
    })
}

pub fn undo(place: &Place, record: &Record, plan: &mut Plan) -> Result<()> {
    let folder = Tool::GeminiCli.settings(place);
    plan.back(folder.join(FILE), record, &|now| take(place, now))?;
    plan.back(folder.join(VARIABLES), record, &take_header)
}
