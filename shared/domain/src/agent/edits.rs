//! Changes of files, as agents' edit tools tell them: arguments, patches, structured patches.

use serde_json::Value as Json;

use super::FileChange;

/// Most changes of one tool call.
const MAX_CHANGES: usize = 1_000;

fn change(operation: &str, path: &str) -> FileChange {
    FileChange { operation: operation.to_owned(), path: path.to_owned(), ..FileChange::default() }
}

/// What a file tool's arguments say, whatever agent it is of. Empty for other tools.
#[must_use]
pub fn of_arguments(tool: &str, arguments: &Json) -> Vec<FileChange> {
    let text = |names: &[&str]| names.iter().find_map(|name| arguments.get(name)).and_then(Json::as_str);
    let path = text(&["file_path", "filePath", "path", "notebook_path", "absolute_path"]);
    let old = text(&["old_string", "oldString", "old_str"]);
    let new = text(&["new_string", "newString", "new_str"]);
    match (tool.to_ascii_lowercase().as_str(), path) {
        ("apply_patch", _) => text(&["input", "patch", "patchText"]).map(of_patch).unwrap_or_default(),
        ("read" | "view" | "read_file", Some(path)) => vec![change("READ", path)],
        ("edit" | "replace" | "str_replace_editor" | "str_replace" | "multiedit", Some(path)) => {
            let edits: Vec<(&str, &str)> = match (old, new, arguments.get("edits").and_then(Json::as_array)) {
                (Some(old), Some(new), _) => vec![(old, new)],
                (_, _, Some(edits)) => {
                    edits.iter().filter_map(|e| Some((e.get("old_string")?.as_str()?, e.get("new_string")?.as_str()?))).collect()
                }
                _ => Vec::new(),
            };
            vec![of_edits(path, &edits)]
        }
        ("write" | "write_file" | "create", Some(path)) => {
            let content = text(&["content", "file_text"]);
            vec![match content {
                Some(content) => FileChange { operation: "CREATE".to_owned(), ..of_edits(path, &[("", content)]) },
                None => change("CREATE", path),
            }]
        }
        _ => Vec::new(),
    }
}

/// Replacements in one file. Lines that both sides begin or end with are context.
fn of_edits(path: &str, edits: &[(&str, &str)]) -> FileChange {
    if edits.is_empty() {
        return change("UPDATE", path);
    }
    let (mut added, mut removed, mut diff) = (0, 0, String::new());
    for (old, new) in edits {
        let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
        let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
        let (gone, come) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
        added += come.len() as u64;
        removed += gone.len() as u64;
        diff.push_str("@@\n");
        let context = |lines: &[&str], sign: char, diff: &mut String| {
            for line in lines {
                diff.push(sign);
                diff.push_str(line);
                diff.push('\n');
            }
        };
        context(&old[..head], ' ', &mut diff);
        context(gone, '-', &mut diff);
        context(come, '+', &mut diff);
        context(&old[old.len() - tail..], ' ', &mut diff);
    }
    FileChange { lines_added: Some(added), lines_removed: Some(removed), diff: Some(diff), ..change("UPDATE", path) }
}

/// The `apply_patch` format: one change for each file it names.
#[must_use]
pub fn of_patch(patch: &str) -> Vec<FileChange> {
    let mut changes: Vec<FileChange> = Vec::new();
    for line in patch.lines() {
        let named = [("*** Add File: ", "CREATE"), ("*** Update File: ", "UPDATE"), ("*** Delete File: ", "DELETE")]
            .into_iter()
            .find_map(|(prefix, operation)| Some((operation, line.strip_prefix(prefix)?)));
        if let Some((operation, path)) = named {
            if changes.len() >= MAX_CHANGES {
                break;
            }
            changes.push(FileChange {
                lines_added: Some(0),
                lines_removed: Some(0),
                diff: Some(String::new()),
                ..change(operation, path.trim())
            });
            continue;
        }
        let Some(last) = changes.last_mut() else { continue };
        if let Some(target) = line.strip_prefix("*** Move to: ") {
            last.operation = "MOVE".to_owned();
            last.new_path = Some(target.trim().to_owned());
        } else if !line.starts_with("*** ") {
            let counter = match line.as_bytes().first() {
                Some(b'+') => &mut last.lines_added,
                Some(b'-') => &mut last.lines_removed,
                _ => &mut None,
            };
            *counter = counter.map(|n| n + 1);
            if let Some(diff) = &mut last.diff {
                diff.push_str(line);
                diff.push('\n');
            }
        }
    }
    changes
}

/// Claude Code's structured patch: `[{oldStart, oldLines, newStart, newLines, lines}]`.
#[must_use]
pub fn of_structured_patch(path: &str, hunks: &str) -> Option<FileChange> {
    let hunks: Vec<Json> = serde_json::from_str(hunks).ok()?;
    let (mut added, mut removed, mut diff) = (0, 0, String::new());
    for hunk in &hunks {
        let number = |name: &str| hunk.get(name).and_then(Json::as_u64).unwrap_or(0);
        diff.push_str(&format!("@@ -{},{} +{},{} @@\n", number("oldStart"), number("oldLines"), number("newStart"), number("newLines")));
        for line in hunk.get("lines").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
            added += u64::from(line.starts_with('+'));
            removed += u64::from(line.starts_with('-'));
            diff.push_str(line);
            diff.push('\n');
        }
    }
    Some(FileChange { lines_added: Some(added), lines_removed: Some(removed), diff: Some(diff), ..change("UPDATE", path) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_counts_only_the_lines_that_differ() {
        let arguments = serde_json::json!({"file_path": "a.py", "old_string": "a\nb\nc", "new_string": "a\nB\nB2\nc"});

        let changes = of_arguments("Edit", &arguments);

        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].lines_added, changes[0].lines_removed), (Some(2), Some(1)));
        assert_eq!(changes[0].diff.as_deref(), Some("@@\n a\n-b\n+B\n+B2\n c\n"));
    }

    #[test]
    fn a_patch_may_touch_many_files() {
        let patch = "*** Begin Patch\n*** Update File: a.py\n@@\n-x\n+y\n+z\n*** Add File: b.md\n+one\n*** Delete File: c\n*** Update File: d\n*** Move to: e\n*** End Patch";

        let changes = of_patch(patch);

        let seen: Vec<_> = changes.iter().map(|c| (c.operation.as_str(), c.path.as_str(), c.lines_added, c.lines_removed)).collect();
        assert_eq!(
            seen,
            [
                ("UPDATE", "a.py", Some(2), Some(1)),
                ("CREATE", "b.md", Some(1), Some(0)),
                ("DELETE", "c", Some(0), Some(0)),
                ("MOVE", "d", Some(0), Some(0)),
            ]
        );
        assert_eq!(changes[3].new_path.as_deref(), Some("e"));
    }

    #[test]
    fn hostile_patches_are_bounded() {
        let patch = "*** Add File: x\n".repeat(5_000);

        assert_eq!(of_patch(&patch).len(), MAX_CHANGES);
        assert!(of_patch("").is_empty());
        assert!(of_structured_patch("x", "{not json").is_none());
    }
}
