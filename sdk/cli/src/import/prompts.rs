//! Prompts with all their versions, under the same numbers. The target counts versions by itself, so they are written in order, and a number that
//! the source no longer has is taken by a version that is deleted at once.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::{Import, convert, rows, text};
use crate::api::{Api, Failure, segment};

pub fn copy(import: &mut Import<'_>) -> Result<()> {
    for row in import.pages("/api/public/v2/prompts", &[])? {
        let name = text(&row, "name").to_owned();
        let versions: BTreeSet<u64> = row["versions"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
        if import.arguments.dry_run {
            import.report.done("prompts", versions.len() as u64);
        } else {
            copy_versions(import, &name, &versions)?;
        }
    }
    Ok(())
}

fn copy_versions(import: &mut Import<'_>, name: &str, versions: &BTreeSet<u64>) -> Result<()> {
    let there = target_versions(import, name)?;
    let highest = there.iter().max().copied().unwrap_or(0);
    let mut labels = Vec::new();
    for version in 1..=versions.iter().max().copied().unwrap_or(0) {
        let source = if versions.contains(&version) { read(&import.source, name, version)? } else { None };
        let label = format!("{name} version {version}");
        match source {
            Some(row) if version <= highest => match read(&import.target, name, version)? {
                Some(found) if convert::same_prompt(&row, &found) => {
                    note_id(import, &row, &found);
                    if found["labels"] != row["labels"] {
                        labels.push((version, row["labels"].clone()));
                    }
                    import.report.done("prompts", 1);
                }
                Some(_) => import.report.refused("prompts", &label, "the target has another prompt under this name and version"),
                None => import.report.refused("prompts", &label, "this version was deleted in the target"),
            },
            Some(row) => {
                if let Some(made) = write(import, &label, version, &convert::prompt(&row))? {
                    note_id(import, &row, &made);
                }
            }
            None if version > highest => fill(import, name, version, versions)?,
            None => {}
        }
    }
    clear_placeholders(import, name)?;
    import.save()?;
    for (version, wanted) in labels {
        let wanted: Vec<&Value> = wanted.as_array().into_iter().flatten().filter(|l| *l != "latest").collect();
        import.target.send(
            "PATCH",
            &format!("/api/public/v2/prompts/{}/versions/{version}", segment(name)),
            &json!({"newLabels": wanted}),
        )?;
    }
    Ok(())
}

/// A version that the source deleted: its number must be gone in the target too. It is of the type of its neighbours, since a name has one type.
fn fill(import: &mut Import<'_>, name: &str, version: u64, versions: &BTreeSet<u64>) -> Result<()> {
    let Some(next) = versions.iter().find(|v| **v > version) else { return Ok(()) };
    let Some(like) = read(&import.source, name, *next)? else { return Ok(()) };
    let body = json!({"name": name, "type": like["type"], "prompt": like["prompt"], "labels": []});
    // Noted first: whatever happens next, the number is taken away once a later one is there.
    import.state.noted.placeholders.insert(format!("{name}\n{version}"));
    import.save()?;
    import.target.send_once("POST", "/api/public/v2/prompts", &body)?;
    Ok(())
}

/// Writes the next version, which must get this number.
fn write(import: &mut Import<'_>, label: &str, version: u64, body: &Value) -> Result<Option<Value>> {
    let outcome = import.write_once("prompts", label, "POST", "/api/public/v2/prompts", body)?;
    if let Some(made) = &outcome
        && made["version"].as_u64() != Some(version)
    {
        bail!("{label} became version {} in the target: someone else writes there", made["version"]);
    }
    Ok(outcome)
}

/// Comments name a version by its id.
fn note_id(import: &mut Import<'_>, row: &Value, there: &Value) {
    let (from, to) = (text(row, "id"), text(there, "id"));
    if !from.is_empty() && !to.is_empty() {
        import.state.noted.prompt_ids.insert(from.to_owned(), to.to_owned());
    }
}

/// Takes placeholders away. Not before a later version is there: the number that was the last would be given again.
fn clear_placeholders(import: &mut Import<'_>, name: &str) -> Result<()> {
    let filled: Vec<String> = import.state.noted.placeholders.iter().filter(|p| p.split('\n').next() == Some(name)).cloned().collect();
    for placeholder in filled {
        let number = placeholder.split('\n').nth(1).unwrap_or_default();
        let path = format!("/api/public/v2/prompts/{}?version={number}", segment(name));
        match import.target.send("DELETE", &path, &Value::Null) {
            Ok(_) => {}
            Err(failure) if failure.status() == Some(404) => {}
            Err(failure) => return Err(failure.into()),
        }
        import.state.noted.placeholders.remove(&placeholder);
        import.save()?;
    }
    Ok(())
}

/// One version as it was written, with its references unresolved.
fn read(api: &Api, name: &str, version: u64) -> Result<Option<Value>, Failure> {
    let path = format!("/api/public/v2/prompts/{}", segment(name));
    match api.get(&path, &[("version", &version.to_string()), ("resolve", "false")]) {
        Ok(row) => Ok(Some(row)),
        Err(failure) if failure.status() == Some(404) => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn target_versions(import: &Import<'_>, name: &str) -> Result<Vec<u64>> {
    let answer = import.target.get("/api/public/v2/prompts", &[("name", name), ("limit", "100")])?;
    let row = rows(&answer).into_iter().find(|row| text(row, "name") == name);
    Ok(row.iter().flat_map(|row| row["versions"].as_array().into_iter().flatten()).filter_map(Value::as_u64).collect())
}
