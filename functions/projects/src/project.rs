//! What the operations on projects share: checks of what is sent, and how a project is shown.

use agenttrace_api::projects::{ProjectEntry, ProjectOrganization};
use agenttrace_kit::Error;
use agenttrace_kit::authenticate::no_such_project;
use agenttrace_records::{Project, Records};
use serde_json::{Map, Value};

const NAME_MAX_CHARS: usize = 60;
const METADATA_MAX_BYTES: usize = 10_000;
/// Less would delete traces before anyone has looked at them.
const RETENTION_MIN_DAYS: u32 = 3;
const RETENTION_MAX_DAYS: u32 = 3_650;

pub fn checked_name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX_CHARS || name.chars().any(char::is_control) {
        return Err(Error::bad_request(format!("`name` must have 1 to {NAME_MAX_CHARS} characters.")));
    }
    Ok(name.to_owned())
}

pub fn checked_metadata(metadata: Map<String, Value>) -> Result<String, Error> {
    let text = Value::Object(metadata).to_string();
    if text.len() > METADATA_MAX_BYTES {
        return Err(Error::bad_request(format!("`metadata` must have at most {METADATA_MAX_BYTES} bytes.")));
    }
    Ok(text)
}

/// 0 keeps traces.
pub fn checked_retention(days: Option<u32>) -> Result<Option<u32>, Error> {
    match days {
        Some(days) if days != 0 && !(RETENTION_MIN_DAYS..=RETENTION_MAX_DAYS).contains(&days) => {
            Err(Error::bad_request(format!("`retention` must be 0 (keep all) or {RETENTION_MIN_DAYS} to {RETENTION_MAX_DAYS} days.")))
        }
        days => Ok(days),
    }
}

/// A project as the API shows it.
pub async fn describe_project(records: &Records, project: Project) -> Result<ProjectEntry, Error> {
    let organization = records.organization(&project.organization_id).await?.ok_or_else(no_such_project)?;
    Ok(ProjectEntry {
        id: project.id,
        name: project.name,
        organization: ProjectOrganization { id: organization.id, name: organization.name },
        metadata: serde_json::from_str(&project.metadata).unwrap_or_default(),
        retention_days: project.retention_days,
    })
}
