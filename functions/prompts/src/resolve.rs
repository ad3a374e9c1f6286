//! Putting prompts into prompts that include them.
//!
//! The rules are Langfuse's: five levels at most, only text prompts are included, nothing includes itself, not even another version of its own
//! name. The size and the number of prompts are bounded, since a few small prompts that include each other many times make a giant.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use agenttrace_api::prompts::{ResolutionGraph, ResolutionNode};
use agenttrace_domain::prompt::reference::{MAX_LEVELS, substitute};
use agenttrace_domain::prompt::{Content, Head, Reference};
use agenttrace_kit::Error;
use futures::future::try_join_all;

use crate::read::Version;
use crate::state::State;

const MAX_PROMPTS: usize = 200;
const MAX_BYTES: usize = 4_000_000;

/// The version that is asked for, or about to be made.
pub struct Root<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub version: u32,
    pub content: &'a Content,
    pub references: &'a [Reference],
}

/// The content with everything put in, and what was put in where.
pub async fn resolve(state: &State, project_id: &str, root: &Root<'_>) -> Result<(Content, Option<ResolutionGraph>), Error> {
    if root.references.is_empty() {
        return Ok((root.content.clone(), None));
    }
    let mut walk = Walk {
        state,
        project_id,
        root_name: root.name,
        path: vec![root.id.to_owned()],
        done: HashMap::new(),
        dependencies: BTreeMap::new(),
    };
    let (texts, _) = walk.include(root.references.to_vec()).await?;
    let mut too_long = false;
    let mut left = MAX_BYTES;
    let content = root.content.map(|text| {
        let put_in = substitute(text, left, |r| texts.get(r).map(|t| &**t));
        left = left.saturating_sub(put_in.as_ref().map_or(0, String::len));
        too_long |= put_in.is_none();
        put_in.unwrap_or_default()
    });
    if too_long {
        return Err(giant());
    }
    let node = ResolutionNode { name: root.name.to_owned(), version: root.version, id: root.id.to_owned() };
    Ok((content, Some(ResolutionGraph { root: node, dependencies: walk.dependencies })))
}

struct Walk<'a> {
    state: &'a State,
    project_id: &'a str,
    root_name: &'a str,
    /// The versions from the root to where we are.
    path: Vec<String>,
    done: HashMap<String, Done>,
    dependencies: BTreeMap<String, Vec<ResolutionNode>>,
}

/// A version that is resolved.
#[derive(Clone)]
struct Done {
    text: Arc<str>,
    /// Levels below it.
    height: usize,
}

type Texts = HashMap<Reference, Arc<str>>;
type Included<'w> = Pin<Box<dyn Future<Output = Result<(Texts, usize), Error>> + Send + 'w>>;

impl Walk<'_> {
    /// The texts of what the last version of the path includes, and how many levels they take.
    fn include(&mut self, references: Vec<Reference>) -> Included<'_> {
        Box::pin(async move {
            let parent = self.path.last().cloned().unwrap_or_default();
            let mut texts = HashMap::new();
            let mut height = 0;
            // Read side by side, then put in one after the other.
            let (state, project_id) = (self.state, self.project_id);
            let found = try_join_all(references.iter().map(|r| state.locate(project_id, &r.name, &r.target))).await?;
            for (reference, found) in references.into_iter().zip(found) {
                let done = self.one(&parent, &reference, found).await?;
                height = height.max(done.height + 1);
                texts.insert(reference, done.text);
            }
            Ok((texts, height))
        })
    }

    async fn one(&mut self, parent: &str, reference: &Reference, found: Option<(Arc<Head>, Arc<Version>)>) -> Result<Done, Error> {
        let level = self.path.len();
        let (head, version) = found.ok_or_else(|| Error::bad_request(format!("Prompt dependency not found: {reference}")))?;
        let Content::Text(text) = &version.content else {
            return Err(Error::bad_request(format!("Prompt dependency is not a text prompt: {reference}")));
        };
        if level >= MAX_LEVELS {
            return Err(too_deep());
        }
        if head.name == self.root_name || self.path.contains(&version.id) {
            return Err(Error::bad_request(format!(
                "Circular dependency detected involving prompt '{}' version {}",
                head.name, version.version
            )));
        }
        let node = ResolutionNode { name: head.name.clone(), version: version.version, id: version.id.clone() };
        let children = self.dependencies.entry(parent.to_owned()).or_default();
        if !children.contains(&node) {
            children.push(node);
        }
        if let Some(done) = self.done.get(&version.id) {
            return if level + done.height < MAX_LEVELS { Ok(done.clone()) } else { Err(too_deep()) };
        }
        if self.done.len() >= MAX_PROMPTS {
            return Err(Error::bad_request(format!("The prompt includes more than {MAX_PROMPTS} prompts")));
        }
        self.path.push(version.id.clone());
        let (texts, height) = self.include(version.references.clone()).await?;
        self.path.pop();
        let text = substitute(text, MAX_BYTES, |r| texts.get(r).map(|t| &**t)).ok_or_else(giant)?;
        let done = Done { text: text.into(), height };
        self.done.insert(version.id.clone(), done.clone());
        Ok(done)
    }
}

fn too_deep() -> Error {
    Error::bad_request(format!("Maximum nesting depth exceeded ({MAX_LEVELS})"))
}

fn giant() -> Error {
    Error::bad_request("With what it includes the prompt is longer than 4 MB")
}
