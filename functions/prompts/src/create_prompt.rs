//! Creates a prompt, or the next version of it. However many do so at once, each gets a number of its own.

use std::sync::Arc;

use agenttrace_api::Json;
use agenttrace_api::prompts::CreatePromptBody;
use agenttrace_domain::prompt::reference::MAX_REFERENCES;
use agenttrace_domain::prompt::{Content, Head, Reference, names};
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{PromptBody, PromptHead, PromptVersion, new_id};

use crate::change::Attempts;
use crate::delete_prompt::finish;
use crate::read::{StoredBody, Version};
use crate::resolve::{Root, resolve};
use crate::state::State;
use crate::{describe, protected, query};

/// An item of the table holds 400 KB.
const INLINE_MAX_BYTES: usize = 300_000;
/// The head keeps the newest config up to this, for lists.
const HEAD_CONFIG_MAX_BYTES: usize = 1_000;
const MAX_VERSIONS: usize = 5_000;

/// A body whose every part is as it must be.
struct Wanted {
    name: String,
    content: Content,
    labels: Vec<String>,
    tags: Option<Vec<String>>,
    config: String,
    commit_message: Option<String>,
    references: Vec<Reference>,
}

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let wanted = parse(call.request.json()?)?;
    protected::check(&protected::binding(&state, &call).await?, &wanted.labels)?;
    let id = new_id();
    let prompt = wanted.content_json();
    let body = store(&state, project_id, &id, prompt, wanted.config.clone()).await?;
    let version = PromptVersion {
        id,
        prompt_id: String::new(),
        version: 0,
        body,
        references: wanted.references.clone(),
        commit_message: wanted.commit_message.clone(),
        created_at: now(),
        created_by: call.caller()?.user_id().map(str::to_owned),
    };

    match add(&state, project_id, &wanted, version.clone()).await {
        Ok((head, version)) => {
            state.memory.forget_head(project_id, &head.name);
            let shown = Version {
                id: version.id,
                prompt_id: version.prompt_id,
                version: version.version,
                content: wanted.content,
                config: Json::parse(wanted.config).unwrap_or_default(),
                references: version.references,
                commit_message: version.commit_message,
                created_at: version.created_at,
                created_by: version.created_by,
            };
            Ok(Response::json(201, &describe::prompt(project_id, &head, &shown)))
        }
        Err(error) => {
            if let (PromptBody::Object(key), Error::Refused { .. }) = (&version.body, &error) {
                // Nothing leads to it. When the outcome is unknown it stays.
                state.blobs.delete(key).await?;
            }
            Err(error)
        }
    }
}

fn parse(body: CreatePromptBody) -> Result<Wanted, Error> {
    let content = Content::parse(body.r#type.unwrap_or_default(), body.prompt.get()).map_err(Error::bad_request)?;
    let clashes = content.clashes();
    if !clashes.is_empty() {
        return Err(Error::bad_request(format!(
            "Cannot create prompt, variables and placeholders must be unique, the following are not: {}",
            clashes.join(", ")
        )));
    }
    let references = content.references();
    if references.len() > MAX_REFERENCES {
        return Err(Error::bad_request(format!("A prompt may include at most {MAX_REFERENCES} others directly")));
    }
    if let Some(message) = &body.commit_message {
        names::commit_message(message).map_err(Error::bad_request)?;
    }
    let config = body.config.map_or_else(|| "{}".to_owned(), |c| c.get().to_owned());
    Ok(Wanted {
        name: names::name(&body.name).map_err(Error::bad_request)?,
        content,
        labels: query::labels_of_new(&body.labels.unwrap_or_default())?,
        tags: body.tags.map(|t| names::tags(&t)).transpose().map_err(Error::bad_request)?,
        config,
        commit_message: body.commit_message,
        references,
    })
}

impl Wanted {
    fn content_json(&self) -> String {
        serde_json::to_string(&self.content).unwrap_or_default()
    }
}

/// A body for an item; one that is too long goes into an object first.
pub async fn store(state: &State, project_id: &str, id: &str, prompt: String, config: String) -> Result<PromptBody, Error> {
    if prompt.len() + config.len() <= INLINE_MAX_BYTES {
        return Ok(PromptBody::Here { prompt, config });
    }
    let key = format!("prompts/{project_id}/{id}");
    let body = serde_json::to_vec(&StoredBody { prompt, config }).map_err(|e| Error::internal("write a long prompt", e))?;
    state.blobs.put(&key, body, "application/json").await?;
    Ok(PromptBody::Object(key))
}

async fn add(state: &State, project_id: &str, wanted: &Wanted, mut version: PromptVersion) -> Result<(Head, PromptVersion), Error> {
    let fresh_id = new_id();
    let mut attempts = Attempts::new();
    loop {
        let found = state.records.prompt_head(project_id, &wanted.name).await?;
        if let Some(found) = found.as_ref().filter(|f| f.deleted) {
            finish(state, project_id, found).await?;
            continue;
        }
        let over = found.as_ref().map(|f| f.revision);
        let mut head = match found {
            Some(found) => found.head,
            None => Head::new(fresh_id.clone(), wanted.name.clone(), wanted.content.kind(), version.created_at),
        };
        check(&head, wanted)?;
        version.prompt_id.clone_from(&head.id);
        version.version = head.add_version(&wanted.labels, wanted.tags.clone(), version.created_at);
        head.config = (wanted.config.len() <= HEAD_CONFIG_MAX_BYTES).then(|| wanted.config.clone());
        let root = Root {
            id: &version.id,
            name: &wanted.name,
            version: version.version,
            content: &wanted.content,
            references: &wanted.references,
        };
        resolve(state, project_id, &root).await?;
        let next = PromptHead { head, revision: over.unwrap_or_default() + 1, deleted: false };
        match state.records.create_prompt_version(project_id, &next, over, &version, now()).await {
            Ok(true) => return Ok((next.head, version)),
            Ok(false) => {}
            // Too many at once, or no answer: it may have been written.
            Err(error) if error.is_temporary() => {
                let written = state.records.prompt_version(project_id, &version.prompt_id, version.version).await?;
                if written.is_some_and(|w| w.id == version.id) {
                    return Ok((next.head, version));
                }
            }
            Err(error) => return Err(error.into()),
        }
        attempts.again().await?;
    }
}

fn check(head: &Head, wanted: &Wanted) -> Result<(), Error> {
    if head.kind != wanted.content.kind() {
        return Err(Error::bad_request("Previous versions have different prompt type. Create a new prompt with a different name."));
    }
    if head.versions.len() >= MAX_VERSIONS {
        return Err(Error::bad_request(format!("The prompt has {MAX_VERSIONS} versions. Delete some that are not used.")));
    }
    Ok(())
}
