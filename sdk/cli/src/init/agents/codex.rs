//! Codex: `hooks.json`. Its tokens come from its rollouts. Its own telemetry sends what tools are given and print, whatever its settings say: `[otel]` in
//! `config.toml` is written only if that is asked for. Codex has no way to ask for a header, so the key stands in that file, which is closed to others
//! for it.

use anyhow::{Context as _, Result};
use jsonc_parser::cst::CstInputValue;
use toml_edit::{DocumentMut, InlineTable, Item, Table, Value};

use super::super::json::{edited, list, object, taken, text};
use super::super::record::Record;
use super::{Place, Plan, Telemetry, Tool, is_ours};
use crate::agent::Agent;

pub const HOOKS: &str = "hooks.json";
const FILE: &str = "config.toml";
/// A header by which an exporter is known as ours.
const MARK: &str = "x-agenttrace-init";
const EXPORTERS: [(&str, &str); 2] = [("exporter", "/v1/logs"), ("metrics_exporter", "/v1/metrics")];
const EVENTS: &[&str] = &[
    "SessionStart",
    "UserPromptSubmit",
    "PreToolUse",
    "PermissionRequest",
    "PostToolUse",
    "PostToolUseFailure",
    "PreCompact",
    "PostCompact",
    "SubagentStart",
    "SubagentStop",
    "Stop",
    "StopFailure",
    "Interrupt",
    "SessionEnd",
];

pub fn plan(place: &Place, record: &Record, plan: &mut Plan) -> Result<()> {
    let folder = Tool::Codex.settings(place);
    let hooks = |before: Option<&str>| {
        edited(before, |document| {
            for event in EVENTS {
                let handler = vec![
                    ("type", text("command")),
                    ("command", text(&place.command("hook codex"))),
                    ("timeout", CstInputValue::Number("3".to_owned())),
                ];
                document.add_hook(event, object(vec![("hooks", list(vec![object(handler)]))]), &is_ours(Agent::Codex))?;
            }
            Ok(())
        })
    };
    plan.edit(folder.join(HOOKS), false, &hooks, &take_hooks)?;
    plan.notes.push("Codex asks once whether it may trust new hooks: say yes in its next session".to_owned());
    let file = folder.join(FILE);
    if place.telemetry != Telemetry::Any {
        // From when it was asked for.
        let is_there = super::read(&file)?.is_some_and(|text| text.contains(MARK));
        return if is_there { plan.back(file, record, &take) } else { Ok(()) };
    }
    if super::read(&file)?.is_some_and(|text| sends_elsewhere(&text)) {
        plan.notes.push("its telemetry goes elsewhere already, and stays so".to_owned());
        return Ok(());
    }
    plan.notes.push("its telemetry sends arguments and output of tools as they are, past our redaction".to_owned());
    plan.edit(file, true, &|before| put(place, before.unwrap_or_default()), &take)
}

fn parsed(text: &str) -> Result<DocumentMut> {
    text.parse().context("it is not TOML")
}

/// One of ours has the header of ours: nobody else would write an address of this form with `Basic` behind it.
fn is_our_exporter(item: &Item) -> bool {
    let http = &item.as_table_like().and_then(|table| table.get("otlp-http")).and_then(Item::as_table_like);
    let Some(http) = http else { return false };
    let marked = http.get("headers").and_then(Item::as_table_like).is_some_and(|headers| headers.contains_key(MARK));
    marked && http.contains_key("endpoint")
}

fn sends_elsewhere(text: &str) -> bool {
    let Ok(document) = parsed(text) else { return false };
    let Some(otel) = document.get("otel").and_then(Item::as_table_like) else { return false };
    EXPORTERS.iter().any(|(name, _)| otel.get(name).is_some_and(|item| item.as_str() != Some("none") && !is_our_exporter(item)))
}

fn exporter(place: &Place, path: &str) -> Value {
    let mut headers = InlineTable::new();
    headers.insert("Authorization", place.authorization.clone().unwrap_or_default().into());
    // By this it is known as ours when it is taken back.
    headers.insert("x-agenttrace-init", "1".into());
    let mut http = InlineTable::new();
    http.insert("endpoint", format!("{}{path}", place.base_url).into());
    http.insert("protocol", "binary".into());
    http.insert("headers", Value::InlineTable(headers));
    let mut exporter = InlineTable::new();
    exporter.insert("otlp-http", Value::InlineTable(http));
    Value::InlineTable(exporter)
}

fn put(place: &Place, before: &str) -> Result<String> {
    let mut document = parsed(before)?;
    if document.get("otel").is_none() {
        document.insert("otel", Item::Table(Table::new()));
    }
    let otel = document.get_mut("otel").and_then(Item::as_table_like_mut).context("`otel` in it is not a table")?;
    for (name, path) in EXPORTERS {
        let wanted = exporter(place, path);
        if otel.get(name).is_none_or(|found| found.to_string().trim() != wanted.to_string().trim()) {
            otel.insert(name, Item::Value(wanted));
        }
    }
    if otel.get("log_user_prompt").is_none() {
        otel.insert("log_user_prompt", false.into());
    }
    Ok(document.to_string())
}

fn take(now: &str) -> Result<Option<String>> {
    let mut document = parsed(now)?;
    let Some(otel) = document.get_mut("otel").and_then(Item::as_table_like_mut) else { return Ok(Some(now.to_owned())) };
    let mut ours = false;
    for (name, _) in EXPORTERS {
        if otel.get(name).is_some_and(is_our_exporter) {
            otel.remove(name);
            ours = true;
        }
    }
    if !ours {
        return Ok(Some(now.to_owned()));
    }
    if otel.get("log_user_prompt").and_then(Item::as_bool) == Some(false) {
        otel.remove("log_user_prompt");
    }
    if otel.is_empty() {
        document.remove("otel");
    }
    let rest = document.to_string();
    Ok((!rest.trim().is_empty()).then_some(rest))
}

fn take_hooks(now: &str) -> Result<Option<String>> {
    taken(now, |document| document.remove_hooks(&is_ours(Agent::Codex)))
}

pub fn undo(place: &Place, record: &Record, plan: &mut Plan) -> Result<()> {
    let folder = Tool::Codex.settings(place);
    plan.back(folder.join(HOOKS), record, &take_hooks)?;
    plan.back(folder.join(FILE), record, &take)
}
