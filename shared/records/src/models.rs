//! Models that projects define for themselves, and recalculations of past costs.
//!
//! Functions that price keep a project's models for less than a minute ([`ModelCache`]): one query a project, whatever arrives.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use agenttrace_domain::Timestamp;
use agenttrace_pricing::{OwnModel, OwnModelSpec, OwnModels};

use crate::item::{Item, NewItem};
use crate::table::{Action, Written, number};
use crate::{Error, Records, projects};

/// More models in one project are a mistake.
pub const MAX_MODELS: usize = 500;
/// A definition that is longer, as JSON, is one too.
pub const MAX_SPEC_BYTES: usize = 30_000;
/// A recalculation can be asked about for so long.
const KEEP_SECONDS: i64 = 90 * 86_400;

/// A model with what is kept beside its prices.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnModelRecord {
    pub spec: OwnModelSpec,
    pub tokenizer_id: Option<String>,
    /// JSON text.
    pub tokenizer_config: Option<String>,
    pub created_at: Timestamp,
}

fn sk(id: &str) -> String {
    format!("MODEL#{id}")
}

impl OwnModelRecord {
    fn to_item(&self, project_id: &str) -> Result<NewItem, Error> {
        let spec = serde_json::to_string(&self.spec).map_err(|e| Error::permanent("write a model", e))?;
        Ok(NewItem::new(projects::pk(project_id), sk(&self.spec.id))
            .text("spec", spec)
            .maybe_text("tokenizer_id", self.tokenizer_id.as_deref())
            .maybe_text("tokenizer_config", self.tokenizer_config.as_deref())
            .number("created_at", self.created_at.0))
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            spec: serde_json::from_str(&item.text("spec")?).map_err(|_| item.broken("spec"))?,
            tokenizer_id: item.maybe_text("tokenizer_id"),
            tokenizer_config: item.maybe_text("tokenizer_config"),
            created_at: item.time("created_at")?,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecalculationStatus {
    Queued,
    Running,
    Completed,
}

impl RecalculationStatus {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Completed].into_iter().find(|s| s.as_str() == text)
    }
}

/// A recalculation and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recalculation {
    pub id: String,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Only steps that this model priced or would price now.
    pub model_id: Option<String>,
    pub status: RecalculationStatus,
    /// Where to go on, as the job writes it; `None` before the first slice.
    pub cursor: Option<String>,
    /// Everything before this time has been looked at.
    pub reached: Timestamp,
    pub scanned: u64,
    pub repriced: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Counts the changes: of two jobs that go on from the same place, one does.
    pub revision: i64,
}

fn recalculation_sk(id: &str) -> String {
    format!("RECALCULATION#{id}")
}

impl Recalculation {
    fn to_item(&self, project_id: &str) -> NewItem {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        NewItem::new(projects::pk(project_id), recalculation_sk(&self.id))
            .text("id", &self.id)
            .number("from", self.from.0)
            .number("to", self.to.0)
            .maybe_text("model_id", self.model_id.as_deref())
            .text("status", self.status.as_str())
            .maybe_text("cursor", self.cursor.as_deref())
            .number("reached", self.reached.0)
            .number("scanned", count(self.scanned))
            .number("repriced", count(self.repriced))
            .number("created_at", self.created_at.0)
            .number("updated_at", self.updated_at.0)
            .number("revision", self.revision)
            .number("ttl", self.created_at.0 / 1_000_000 + KEEP_SECONDS)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        let count = |name| Ok::<_, Error>(u64::try_from(item.number(name)?).unwrap_or(0));
        Ok(Self {
            id: item.text("id")?,
            from: item.time("from")?,
            to: item.time("to")?,
            model_id: item.maybe_text("model_id"),
            status: RecalculationStatus::parse(&item.text("status")?).ok_or_else(|| item.broken("status"))?,
            cursor: item.maybe_text("cursor"),
            reached: item.time("reached")?,
            scanned: count("scanned")?,
            repriced: count("repriced")?,
            created_at: item.time("created_at")?,
            updated_at: item.time("updated_at")?,
            revision: item.number("revision")?,
        })
    }
}

impl Records {
    /// A project's own models, newest first.
    pub async fn own_models(&self, project_id: &str) -> Result<Vec<OwnModelRecord>, Error> {
        let items = self.list("list models", &projects::pk(project_id), "MODEL#").await?;
        let mut models = items.iter().map(OwnModelRecord::from_item).collect::<Result<Vec<_>, _>>()?;
        models.sort_by(|a, b| (b.created_at, &b.spec.id).cmp(&(a.created_at, &a.spec.id)));
        Ok(models)
    }

    pub async fn own_model(&self, project_id: &str, id: &str) -> Result<Option<OwnModelRecord>, Error> {
        let item = self.read("read a model", &projects::pk(project_id), &sk(id)).await?;
        item.as_ref().map(OwnModelRecord::from_item).transpose()
    }

    pub async fn create_model(&self, project_id: &str, model: &OwnModelRecord) -> Result<(), Error> {
        if self.list("count models", &projects::pk(project_id), "MODEL#").await?.len() >= MAX_MODELS {
            return Err(Error::Conflict(format!("The project has {MAX_MODELS} models already. Delete one that is not used.")));
        }
        let project = Action::Exists { pk: projects::pk(project_id), sk: projects::SK.to_owned() };
        match self.write("create a model", &[project, Action::Create(model.to_item(project_id)?)]).await? {
            Written::Done => Ok(()),
            Written::Refused(0) => Err(Error::Conflict("The project no longer exists.".to_owned())),
            Written::Refused(_) => Err(Error::Conflict("A model with this id already exists.".to_owned())),
        }
    }

    /// Replaces a model. `false` when the project has none with its id.
    pub async fn replace_model(&self, project_id: &str, model: &OwnModelRecord) -> Result<bool, Error> {
        self.put_existing("replace a model", model.to_item(project_id)?, None).await
    }

    /// `false` when the project has none with this id.
    pub async fn delete_model(&self, project_id: &str, id: &str) -> Result<bool, Error> {
        let action = Action::RemoveExisting { pk: projects::pk(project_id), sk: sk(id) };
        Ok(self.write("delete a model", &[action]).await? == Written::Done)
    }

    pub async fn create_recalculation(&self, project_id: &str, recalculation: &Recalculation) -> Result<(), Error> {
        match self.write("create a recalculation", &[Action::Create(recalculation.to_item(project_id))]).await? {
            Written::Done => Ok(()),
            Written::Refused(_) => Err(Error::Conflict("A recalculation with this id already exists.".to_owned())),
        }
    }

    pub async fn recalculation(&self, project_id: &str, id: &str) -> Result<Option<Recalculation>, Error> {
        let item = self.read("read a recalculation", &projects::pk(project_id), &recalculation_sk(id)).await?;
        item.as_ref().map(Recalculation::from_item).transpose()
    }

    /// Writes how far a recalculation is, if nobody has written since `next` was read, and counts its revision up. `false` when somebody has.
    pub async fn advance_recalculation(&self, project_id: &str, next: &mut Recalculation) -> Result<bool, Error> {
        let before = next.revision;
        next.revision += 1;
        self.put_existing("note how far a recalculation is", next.to_item(project_id), Some(before)).await
    }

    /// Replaces an item that exists, at this revision if one is given.
    async fn put_existing(&self, attempt: &'static str, item: NewItem, revision: Option<i64>) -> Result<bool, Error> {
        let mut put = self.client.put_item().table_name(&self.table).set_item(Some(item.into_attributes()));
        put = match revision {
            None => put.condition_expression("attribute_exists(pk)"),
            Some(revision) => put.condition_expression("revision = :revision").expression_attribute_values(":revision", number(revision)),
        };
        match put.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk(attempt, e)),
        }
    }
}

/// With a slow answer this stays within a minute.
const FRESH: Duration = Duration::from_secs(50);
/// While the table is away, models that were read go on for so long.
const STALE: Duration = Duration::from_secs(600);
const CAPACITY: usize = 1_000;

/// Models of projects, compiled, kept for less than a minute.
#[derive(Debug)]
pub struct ModelCache {
    records: Records,
    kept: Mutex<HashMap<String, (Instant, Arc<OwnModels>)>>,
}

impl ModelCache {
    #[must_use]
    pub fn new(records: Records) -> Self {
        Self { records, kept: Mutex::default() }
    }

    /// A project's models.
    pub async fn of(&self, project_id: &str) -> Result<Arc<OwnModels>, Error> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(project_id).cloned();
        if let Some((at, models)) = &kept
            && at.elapsed() < FRESH
        {
            return Ok(Arc::clone(models));
        }
        match (self.renewed(project_id).await, kept) {
            (Err(error), Some((at, models))) if error.is_temporary() && at.elapsed() < STALE => Ok(models),
            (renewed, _) => renewed,
        }
    }

    /// A project's models as they are now.
    pub async fn renewed(&self, project_id: &str) -> Result<Arc<OwnModels>, Error> {
        let models = Arc::new(compile(self.records.own_models(project_id).await?));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= CAPACITY {
            kept.retain(|_, (at, _)| at.elapsed() < FRESH);
        }
        if kept.len() >= CAPACITY {
            kept.clear();
        }
        kept.insert(project_id.to_owned(), (Instant::now(), Arc::clone(&models)));
        Ok(models)
    }
}

/// Every model was compiled before it was stored; one that no longer does is left out, and said in the log.
fn compile(records: Vec<OwnModelRecord>) -> OwnModels {
    let compiled = records.into_iter().filter_map(|record| {
        let id = record.spec.id.clone();
        OwnModel::try_from(record.spec).inspect_err(|error| tracing::error!(model.id = id, %error, "a stored model can't be used")).ok()
    });
    OwnModels::new(compiled.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_read_back_as_they_were_written() {
        let spec = r#"{"id": "m", "modelName": "m", "matchPattern": "^m$", "startDate": 7, "unit": "TOKENS",
            "tiers": [{"name": "Standard", "isDefault": true, "priority": 0, "prices": {"input": 0.000003}}]}"#;
        let model = OwnModelRecord {
            spec: serde_json::from_str(spec).expect("a spec"),
            tokenizer_id: Some("openai".into()),
            tokenizer_config: Some("{}".into()),
            created_at: Timestamp(9),
        };
        let recalculation = Recalculation {
            id: "r".into(),
            from: Timestamp(1),
            to: Timestamp(2),
            model_id: None,
            status: RecalculationStatus::Running,
            cursor: Some("x".into()),
            reached: Timestamp(1),
            scanned: 3,
            repriced: 2,
            created_at: Timestamp(4),
            updated_at: Timestamp(5),
            revision: 6,
        };

        let item = Item::read(model.to_item("p").expect("an item").into_attributes()).expect("readable");
        assert_eq!(OwnModelRecord::from_item(&item).expect("a model"), model);
        let item = Item::read(recalculation.to_item("p").into_attributes()).expect("readable");
        assert_eq!(Recalculation::from_item(&item).expect("a recalculation"), recalculation);
    }
}
