//! Aider has no hooks and no telemetry: a log of its own, switched on in `~/.aider.conf.yml`, lets `agenttrace import aider` tell models and tokens. Lines
//! are added at the end of a file that is a plain mapping; any other is left alone.

use anyhow::{Result, bail};

use super::super::record::Record;
use super::{Place, Plan, Tool};

pub const BEGIN: &str = "# >>> agenttrace";
const END: &str = "# <<< agenttrace";
/// Beside the history that Aider keeps in each repository; by its own rule git ignores both.
const LOG: &str = ".aider.analytics.jsonl";

pub fn plan(place: &Place, plan: &mut Plan) -> Result<()> {
    plan.edit(Tool::Aider.settings(place), false, &|before| put(before.unwrap_or_default()), &|now| take(now))?;
    plan.notes.push(
        "Aider tells nothing while it runs: `agenttrace import aider` reads its log and history in each repository, `agenttrace wrap -- aider` its commands"
            .to_owned(),
    );
    Ok(())
}

fn put(before: &str) -> Result<String> {
    if before.contains(BEGIN) {
        return Ok(before.to_owned());
    }
    for line in before.lines() {
        if line.starts_with("analytics-log:") {
            // The user's own log does as well.
            return Ok(before.to_owned());
        }
        let plain = line.is_empty()
            || line.starts_with(['#', ' ', '\t', '-'])
            || line.split_once(':').is_some_and(|(key, _)| !key.contains(['{', '[', '"', '\'', ' ']));
        if !plain || line.starts_with("---") || line.starts_with("...") {
            bail!("it is not a plain list of settings");
        }
    }
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    Ok(format!("{before}{gap}{BEGIN}\nanalytics-log: {LOG}\n{END}\n"))
}

fn take(now: &str) -> Result<Option<String>> {
    let (Some(begin), Some(end)) = (now.find(BEGIN), now.find(END)) else { return Ok(Some(now.to_owned())) };
    let end = now[end..].find('\n').map_or(now.len(), |at| end + at + 1);
    let rest = format!("{}{}", &now[..begin], now.get(end..).unwrap_or_default());
    Ok((!rest.trim().is_empty()).then_some(rest))
}

pub fn undo(place: &Place, record: &Record, plan: &mut Plan) -> Result<()> {
    plan.back(Tool::Aider.settings(place), record, &|now| take(now))
}
