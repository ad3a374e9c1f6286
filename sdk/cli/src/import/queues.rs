//! Annotation queues with their items, and who is assigned to them. A queue is found again by its name, which is unique; an object is in it once.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Import, all_pages, is_missing, text};
use crate::api::segment;

const LIST: &str = "/api/public/annotation-queues";
/// What the target takes at once.
const BATCH: usize = 200;

pub fn copy(import: &mut Import<'_>) -> Result<()> {
    if !import.offers("annotation-queues", LIST)? {
        return Ok(());
    }
    let queues = import.pages(LIST, &[])?;
    if import.arguments.dry_run {
        for queue in queues {
            let path = format!("{LIST}/{}/items", segment(text(&queue, "id")));
            let items = import.source.get(&path, &[("page", "1"), ("limit", "1")])?;
            import.report.done("annotation-queues", 1);
            import.report.done("queue-items", items["meta"]["totalItems"].as_u64().unwrap_or(0));
        }
        return Ok(());
    }
    let there = all_pages(&import.target, LIST, &[])?;
    // Newest first in the list: the other way round, so that the order stays.
    for queue in queues.iter().rev() {
        let id = text(queue, "id").to_owned();
        if import.state.noted.queues.contains(&id) {
            continue;
        }
        if let Some(target_id) = make(import, queue, &there)? {
            import.state.noted.queue_ids.insert(id.clone(), target_id.clone());
            copy_items(import, &id, &target_id)?;
            copy_assignments(import, &id, &target_id)?;
        }
        import.state.noted.queues.insert(id);
        import.save()?;
    }
    Ok(())
}

/// The target's id of a queue, made unless one of that name is there. `None` when it cannot be made.
fn make(import: &mut Import<'_>, queue: &Value, there: &[Value]) -> Result<Option<String>> {
    let name = text(queue, "name");
    if let Some(found) = there.iter().find(|other| text(other, "name") == name) {
        import.report.done("annotation-queues", 1);
        return Ok(Some(text(found, "id").to_owned()));
    }
    let configs: Vec<&str> = queue["scoreConfigIds"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mapped: Option<Vec<&String>> = configs.iter().map(|id| import.state.noted.config_ids.get(*id)).collect();
    let Some(mapped) = mapped else {
        import.report.refused("annotation-queues", name, "one of its score configs is not in the target: copy score-configs with it");
        return Ok(None);
    };
    let mut body = json!({"name": name, "scoreConfigIds": mapped});
    if !queue["description"].is_null() {
        body["description"] = queue["description"].clone();
    }
    let made = import.write_once("annotation-queues", name, "POST", LIST, &body)?;
    Ok(made.map(|made| text(&made, "id").to_owned()))
}

fn copy_items(import: &mut Import<'_>, from: &str, to: &str) -> Result<()> {
    let mut items = import.pages(&format!("{LIST}/{}/items", segment(from)), &[])?;
    items.sort_by(|a, b| text(a, "createdAt").cmp(text(b, "createdAt")));
    let path = format!("{LIST}/{}/items", segment(to));
    let is_done = |item: &Value| text(item, "status") == "COMPLETED";
    // Neighbours that wait go together; the target hands the oldest out first, so the order stays.
    for group in items.chunk_by(|a, b| !is_done(a) && !is_done(b)) {
        for part in group.chunks(BATCH) {
            if part.len() > 1 && add_waiting(import, &path, part)? {
                continue;
            }
            for item in part {
                add(import, &path, item, is_done(item))?;
            }
        }
    }
    Ok(())
}

/// Adds items that wait; `false` when they are to be added one by one, since one of them is refused.
fn add_waiting(import: &mut Import<'_>, path: &str, items: &[Value]) -> Result<bool> {
    let objects: Vec<Value> = items.iter().map(|item| json!({"objectId": item["objectId"], "objectType": item["objectType"]})).collect();
    match import.target.send("POST", &format!("{path}/batch"), &json!({"objects": objects})) {
        Ok(_) => {
            import.report.done("queue-items", items.len() as u64);
            Ok(true)
        }
        Err(failure) if matches!(failure.status(), Some(400 | 404 | 405 | 413 | 422)) => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}

/// Adds one. What was judged in the source since the last copy is judged in the target too; what was judged in the target stays so.
fn add(import: &mut Import<'_>, path: &str, item: &Value, done: bool) -> Result<()> {
    let status = if done { "COMPLETED" } else { "PENDING" };
    let body = json!({"objectId": item["objectId"], "objectType": item["objectType"], "status": status});
    let made = import.write("queue-items", text(item, "objectId"), "POST", path, &body)?;
    if let Some(made) = made
        && done
        && text(&made, "status") != "COMPLETED"
    {
        import.target.send("PATCH", &format!("{path}/{}", segment(text(&made, "id"))), &json!({"status": status}))?;
    }
    Ok(())
}

/// Langfuse's API sets assignments and tells none; servers that tell them name people by id and e-mail.
fn copy_assignments(import: &mut Import<'_>, from: &str, to: &str) -> Result<()> {
    let answer = import.source.get(&format!("{LIST}/{}/assignments", segment(from)), &[]);
    if is_missing(&answer) {
        import.report.not_offered("queue-assignments");
        return Ok(());
    }
    let path = format!("{LIST}/{}/assignments", segment(to));
    for row in answer?["data"].as_array().into_iter().flatten() {
        let Some(user_id) = import.people.of_row(row) else {
            import.report.left_out("queue-assignments", "nobody in the target is known by the e-mail", 1);
            continue;
        };
        match import.target.send("POST", &path, &json!({"userId": user_id})) {
            Ok(_) => import.report.done("queue-assignments", 1),
            Err(failure) if failure.status() == Some(404) => {
                import.report.left_out("queue-assignments", "the person is not in the target's project", 1);
            }
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(())
}
