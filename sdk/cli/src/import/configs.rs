//! Models and score configs: the target gives them ids of its own, so one that is there already is found by what it says.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Import, all_pages, convert, text};
use crate::api::segment;

pub fn copy_models(import: &mut Import<'_>) -> Result<()> {
    let own = |row: &Value| row["isLangfuseManaged"] == json!(false);
    let source: Vec<Value> = import.pages("/api/public/models", &[])?.into_iter().filter(own).collect();
    if import.arguments.dry_run {
        import.report.done("models", source.len() as u64);
        return Ok(());
    }
    let there: Vec<Value> = all_pages(&import.target, "/api/public/models", &[])?.into_iter().filter(own).collect();
    for row in source {
        let same = |other: &Value| ["modelName", "matchPattern", "startDate"].iter().all(|name| row[*name] == other[*name]);
        if there.iter().any(same) {
            import.report.done("models", 1);
        } else {
            import.write_once("models", text(&row, "modelName"), "POST", "/api/public/models", &convert::model(&row))?;
        }
    }
    Ok(())
}

pub fn copy_score_configs(import: &mut Import<'_>) -> Result<()> {
    let source = import.pages("/api/public/score-configs", &[])?;
    if import.arguments.dry_run {
        import.report.done("score-configs", source.len() as u64);
        return Ok(());
    }
    let there = all_pages(&import.target, "/api/public/score-configs", &[])?;
    for row in source.iter().rev() {
        let body = convert::score_config(row);
        let same = |other: &&Value| convert::score_config(other) == body;
        let id = match there.iter().find(same) {
            Some(found) => {
                import.report.done("score-configs", 1);
                Some(text(found, "id").to_owned())
            }
            None => import
                .write_once("score-configs", text(row, "name"), "POST", "/api/public/score-configs", &body)?
                .map(|made| text(&made, "id").to_owned()),
        };
        if let Some(id) = id {
            import.state.noted.config_ids.insert(text(row, "id").to_owned(), id);
        }
    }
    import.save()
}

/// Last of all: an archived config takes no scores.
pub fn archive_score_configs(import: &mut Import<'_>) -> Result<()> {
    if import.arguments.dry_run {
        return Ok(());
    }
    for row in import.pages("/api/public/score-configs", &[])?.iter().filter(|row| row["isArchived"] == json!(true)) {
        if let Some(id) = import.state.noted.config_ids.get(text(row, "id")) {
            let path = format!("/api/public/score-configs/{}", segment(id));
            import.target.send("PATCH", &path, &json!({"isArchived": true}))?;
        }
    }
    Ok(())
}
