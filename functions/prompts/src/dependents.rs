//! Which versions of other prompts include a prompt, and whether a change would break them.

use std::collections::HashMap;

use agenttrace_domain::prompt::Head;
use agenttrace_domain::prompt::reference::Target;
use agenttrace_kit::Error;
use agenttrace_records::PromptDependent;

use crate::state::State;

/// A message names so many at most.
const MOST_NAMED: usize = 20;

/// The versions that exist and include the prompt with this name.
pub async fn of(state: &State, project_id: &str, name: &str) -> Result<Vec<PromptDependent>, Error> {
    let noted = state.records.prompt_dependents(project_id, name).await?;
    let mut parents: HashMap<String, Option<Head>> = HashMap::new();
    let mut found = Vec::with_capacity(noted.len());
    for dependent in noted {
        if !parents.contains_key(&dependent.name) {
            let head = state.records.prompt_head(project_id, &dependent.name).await?.filter(|h| !h.deleted).map(|h| h.head);
            parents.insert(dependent.name.clone(), head);
        }
        let parent = parents.get(&dependent.name).and_then(Option::as_ref);
        if parent.is_some_and(|h| h.id == dependent.prompt_id && h.mark(dependent.version).is_some()) {
            found.push(dependent);
        }
    }
    Ok(found)
}

/// Refuses a change after which something that is included would be gone.
pub fn check(before: &Head, after: Option<&Head>, dependents: &[PromptDependent]) -> Result<(), Error> {
    let broken: Vec<String> = dependents
        .iter()
        .filter(|d| has(before, &d.target) && !after.is_some_and(|head| has(head, &d.target)))
        .map(|d| {
            let target = match &d.target {
                Target::Version(version) => format!("v{version}"),
                Target::Label(label) => label.clone(),
            };
            format!("{} v{} depends on {} {target}", d.name, d.version, before.name)
        })
        .take(MOST_NAMED)
        .collect();
    if broken.is_empty() {
        return Ok(());
    }
    Err(Error::bad_request(format!(
        "Other prompts are depending on what you are trying to remove:\n\n{}\n\nPlease delete the dependent prompts first.",
        broken.join("\n")
    )))
}

fn has(head: &Head, target: &Target) -> bool {
    match target {
        Target::Version(version) => head.mark(*version).is_some(),
        Target::Label(label) => head.version_of(label).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agenttrace_domain::Timestamp;
    use agenttrace_domain::prompt::PromptType;

    #[test]
    fn only_what_would_break_is_refused() {
        let mut before = Head::new("id".to_owned(), "child".to_owned(), PromptType::Text, Timestamp(1));
        before.add_version(&["production".to_owned()], None, Timestamp(1));
        before.add_version(&[], None, Timestamp(2));
        let without = |version: u32| {
            let mut head = before.clone();
            head.remove_versions(&[version], Timestamp(3));
            head
        };
        let dependent = |target| [PromptDependent { prompt_id: "p".to_owned(), name: "parent".to_owned(), version: 7, target }];
        let label = |l: &str| Target::Label(l.to_owned());
        for (name, after, target, allowed) in [
            ("the version itself", Some(without(1)), Target::Version(1), false),
            ("another version", Some(without(2)), Target::Version(1), true),
            ("its label", Some(without(1)), label("production"), false),
            ("latest falls to another", Some(without(2)), label("latest"), true),
            ("a label that never was", Some(without(1)), label("staging"), true),
            ("all of it", None, label("latest"), false),
        ] {
            let outcome = check(&before, after.as_ref(), &dependent(target));
            assert_eq!(outcome.is_ok(), allowed, "{name}");
            if let Err(error) = outcome {
                assert!(error.to_string().contains("parent v7 depends on child"), "{error}");
            }
        }
    }
}
