//! Comments, oldest first. The API gives them ids and times of its own and takes no author by name, so one that is there already is found by what it
//! says and on what.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Import, all_pages, text};

const LIST: &str = "/api/public/comments";
/// What was copied a moment ago can be commented on when it can be read: comments on what is not there yet are sent again after these seconds.
const PAUSES: [u64; 5] = [1, 2, 4, 8, 15];
/// So many are written between two notes of the progress.
const NOTE_EVERY: usize = 50;

/// What makes two comments one: the object, under the target's id, and the text.
type Key = [u8; 32];

fn key(object_type: &str, object_id: &str, content: &str) -> Key {
    let mut hash = Sha256::new();
    for part in [object_type, object_id, content.trim()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

pub fn copy(import: &mut Import<'_>) -> Result<()> {
    if !import.offers("comments", LIST)? {
        return Ok(());
    }
    if import.arguments.dry_run {
        let total = import.source.get(LIST, &[("page", "1"), ("limit", "1")])?["meta"]["totalItems"].as_u64().unwrap_or(0);
        import.report.done("comments", total);
        return Ok(());
    }
    let mut there: BTreeMap<Key, u64> = BTreeMap::new();
    for row in all_pages(&import.target, LIST, &[])? {
        *there.entry(key(text(&row, "objectType"), text(&row, "objectId"), text(&row, "content"))).or_default() += 1;
    }
    let mut waiting = Vec::new();
    for row in in_order(import.pages(LIST, &[])?) {
        let object_type = text(&row, "objectType").to_owned();
        let object_id = match object_type.as_str() {
            "PROMPT" => import.state.noted.prompt_ids.get(text(&row, "objectId")).cloned(),
            _ => Some(text(&row, "objectId").to_owned()),
        };
        let Some(object_id) = object_id else {
            import.report.left_out("comments", "the prompt that they are on was not copied", 1);
            continue;
        };
        let copies = there.get_mut(&key(&object_type, &object_id, text(&row, "content"))).filter(|copies| **copies > 0);
        let is_there = copies.map(|copies| *copies -= 1).is_some();
        let source_id = text(&row, "id").to_owned();
        if is_there || import.state.noted.comments.contains(&source_id) {
            import.state.noted.comments.insert(source_id);
            import.report.done("comments", 1);
        } else {
            waiting.push(Comment { object_type, object_id, row });
        }
    }
    waiting = write(import, waiting)?;
    let pauses = if import.report.count("traces") > 0 { PAUSES.as_slice() } else { &[] };
    for pause in pauses {
        if waiting.is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_secs(*pause));
        waiting = write(import, waiting)?;
    }
    import.report.left_out("comments", "what they are on is not in the target", waiting.len() as u64);
    import.save()
}

/// One that is not there yet.
struct Comment {
    object_type: String,
    /// Under the target's id.
    object_id: String,
    row: Value,
}

/// Each once, oldest first: servers list them in no order, and in one that changes meanwhile.
fn in_order(mut list: Vec<Value>) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    list.retain(|row| seen.insert(text(row, "id").to_owned()));
    list.sort_by(|a, b| (text(a, "createdAt"), text(a, "id")).cmp(&(text(b, "createdAt"), text(b, "id"))));
    list
}

/// Writes them in order; gives back those whose object is not there, with all that come after them on the same object.
fn write(import: &mut Import<'_>, list: Vec<Comment>) -> Result<Vec<Comment>> {
    let project_id = import.state.noted.target.as_ref().map(|t| t.project_id.clone()).unwrap_or_default();
    let mut absent = BTreeSet::new();
    let mut left = Vec::new();
    for (number, comment) in list.into_iter().enumerate() {
        let object = (comment.object_type.clone(), comment.object_id.clone());
        if absent.contains(&object) {
            left.push(comment);
            continue;
        }
        let author = import.people.of_source(text(&comment.row, "authorUserId"));
        let mut body = json!({"projectId": project_id, "objectType": comment.object_type, "objectId": comment.object_id, "content": comment.row["content"]});
        if let Some(author) = author {
            body["authorUserId"] = author.into();
        }
        let mut outcome = import.target.send_once("POST", LIST, &body);
        // The person may be in the organization and not in the project.
        if author.is_some() && matches!(&outcome, Err(failure) if failure.status() == Some(404)) {
            body["authorUserId"] = Value::Null;
            outcome = import.target.send_once("POST", LIST, &body);
        }
        if matches!(&outcome, Err(failure) if failure.status() == Some(404)) {
            absent.insert(object);
            left.push(comment);
            continue;
        }
        let source_id = text(&comment.row, "id").to_owned();
        if import.took("comments", &source_id, outcome)?.is_some() {
            import.state.noted.comments.insert(source_id);
        }
        if number % NOTE_EVERY == 0 {
            import.save()?;
        }
    }
    import.save()?;
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_told_apart_by_object_and_text() {
        assert_eq!(key("TRACE", "t", " good "), key("TRACE", "t", "good"));
        assert_ne!(key("TRACE", "t", "good"), key("SESSION", "t", "good"));
        assert_ne!(key("TRACE", "tg", "ood"), key("TRACE", "t", "good"));
    }

    #[test]
    fn a_list_in_no_order_is_put_in_order_and_each_comes_once() {
        let row = |id: &str, at: &str| json!({"id": id, "createdAt": at});

        let list = in_order(vec![row("b", "2"), row("a", "1"), row("b", "2"), row("c", "1")]);

        assert_eq!(list.iter().map(|row| text(row, "id")).collect::<Vec<_>>(), ["a", "c", "b"]);
    }
}
