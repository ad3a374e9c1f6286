//! How prompts look on the wire.

use agenttrace_api::prompts::Prompt;
use agenttrace_domain::prompt::Head;

use crate::read::Version;

/// Who made a version, when it was not a user.
pub const BY_KEY: &str = "API";

/// A version as Langfuse shows it.
pub fn prompt(project_id: &str, head: &Head, version: &Version) -> Prompt {
    Prompt {
        id: version.id.clone(),
        created_at: version.created_at.to_rfc3339(),
        updated_at: head.mark(version.version).map_or(version.created_at, |m| m.updated_at).to_rfc3339(),
        project_id: project_id.to_owned(),
        created_by: version.created_by.clone().unwrap_or_else(|| BY_KEY.to_owned()),
        prompt: version.content.clone(),
        name: head.name.clone(),
        version: version.version,
        r#type: head.kind,
        is_active: None,
        config: version.config.clone(),
        tags: head.tags.clone(),
        labels: head.labels_of(version.version),
        commit_message: version.commit_message.clone(),
    }
}
