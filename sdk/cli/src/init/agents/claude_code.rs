//! Claude Code: `settings.json`. Contents come by hooks, which we redact; tokens and cost by its own telemetry, without contents. The header with the
//! key is asked of us each time (`agenttrace otel-headers`), so that no key lies in the settings.

use anyhow::Result;
use jsonc_parser::cst::CstInputValue;

use super::super::json::{Document, edited, list, object, taken, text};
use super::super::record::Record;
use super::{Place, Plan, Telemetry, Tool, is_ours};
use crate::agent::Agent;

pub const FILE: &str = "settings.json";
const HELPER: &str = "otelHeadersHelper";

/// Events, and whether the agent may go on at once. Not where the order matters to us (a call must be known before its commit, and ended before the
/// next begins), and not where the agent may end before us.
const EVENTS: &[(&str, bool)] = &[
    ("SessionStart", false),
    ("UserPromptSubmit", true),
    ("PreToolUse", false),
    ("PermissionRequest", true),
    ("PermissionDenied", true),
    ("PostToolUse", false),
    ("PostToolUseFailure", false),
    ("SubagentStart", true),
    ("SubagentStop", true),
    ("PreCompact", true),
    ("PostCompact", true),
    ("Stop", false),
    ("StopFailure", false),
    ("SessionEnd", false),
];

fn variables(place: &Place) -> Vec<(&'static str, String)> {
    vec![
        ("CLAUDE_CODE_ENABLE_TELEMETRY", "1".to_owned()),
        ("OTEL_LOGS_EXPORTER", "otlp".to_owned()),
        ("OTEL_METRICS_EXPORTER", "otlp".to_owned()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf".to_owned()),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", place.base_url.clone()),
    ]
}

fn helper(place: &Place) -> String {
    place.command("otel-headers")
}

pub fn plan(place: &Place, plan: &mut Plan) -> Result<()> {
    let file = Tool::ClaudeCode.settings(place).join(FILE);
    let elsewhere = super::read(&file)?.is_some_and(|text| place.telemetry != Telemetry::None && sends_elsewhere(place, &text));
    if elsewhere {
        plan.notes
            .push("its telemetry goes elsewhere already, and stays so: tokens come from its transcripts, costs are computed".to_owned());
    }
    let change = |before: Option<&str>| edited(before, |document| put(place, document, !elsewhere));
    plan.edit(file, false, &change, &|now| take(place, now))
}

fn sends_elsewhere(place: &Place, text: &str) -> bool {
    let Ok(document) = Document::parse(text) else { return false };
    let value = document.value();
    let set = |name: &str| value["env"][name].as_str();
    let other = variables(place).iter().any(|(name, ours)| set(name).is_some_and(|theirs| theirs != ours && !is_old(name, &value)));
    other
        || ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"]
            .iter()
            .any(|name| set(name).is_some())
        || value[HELPER].as_str().is_some_and(|helper| !is_our_helper(helper))
}

/// With our helper beside it the endpoint is ours, from before another login.
fn is_old(name: &str, value: &serde_json::Value) -> bool {
    name == "OTEL_EXPORTER_OTLP_ENDPOINT" && value[HELPER].as_str().is_some_and(is_our_helper)
}

fn is_our_helper(command: &str) -> bool {
    command.strip_suffix(" otel-headers").is_some_and(|program| program.trim_end_matches('\'').ends_with("agenttrace"))
}

fn put(place: &Place, document: &Document, telemetry: bool) -> Result<()> {
    for (event, asynchronous) in EVENTS {
        let mut handler = vec![
            ("type", text("command")),
            ("command", text(&place.command("hook claude-code"))),
            ("timeout", CstInputValue::Number("10".to_owned())),
        ];
        if *asynchronous {
            handler.push(("async", CstInputValue::Bool(true)));
        }
        document.add_hook(event, object(vec![("hooks", list(vec![object(handler)]))]), &is_ours(Agent::ClaudeCode))?;
    }
    if telemetry && place.telemetry != Telemetry::None {
        // From before another login.
        document.remove("env", "OTEL_EXPORTER_OTLP_ENDPOINT", |value| value.as_str().is_some_and(|old| old != place.base_url));
        for (name, value) in variables(place) {
            document.set("env", name, text(&value))?;
        }
        document.replace(HELPER, text(&helper(place)));
    }
    Ok(())
}

fn take(place: &Place, now: &str) -> Result<Option<String>> {
    taken(now, |document| {
        document.remove_hooks(&is_ours(Agent::ClaudeCode))?;
        // The variables are ours as long as our helper is there.
        if document.value()[HELPER].as_str().is_some_and(is_our_helper) {
            document.remove("", HELPER, |_| true);
            for (name, value) in variables(place) {
                document.remove("env", name, |found| found == &value || name == "OTEL_EXPORTER_OTLP_ENDPOINT");
            }
        }
        Ok(())
    })
}

pub fn undo(place: &Place, record: &Record, plan: &mut Plan) -> Result<()> {
    plan.back(Tool::ClaudeCode.settings(place).join(FILE), record, &|now| take(place, now))
}
