//! Stored scores as the API's three generations show them.

use agenttrace_api::Json;
use agenttrace_api::scores::{Score, ScoreAnnotation, ScoreDetails, ScoreRest, ScoreSubject, ScoreV1, ScoreV3};

use super::ScoreRecord;
use crate::text;

/// The field groups of v3 (core is always there).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct V3Fields {
    pub details: bool,
    pub subject: bool,
    pub annotation: bool,
}

impl V3Fields {
    /// A comma list. The error is a sentence for the caller.
    pub fn parse(fields: Option<&str>) -> Result<Self, String> {
        let mut asked = Self::default();
        for field in fields.unwrap_or_default().split(',').map(str::trim).filter(|f| !f.is_empty()) {
            match field {
                "core" => {}
                "details" => asked.details = true,
                "subject" => asked.subject = true,
                "annotation" => asked.annotation = true,
                _ => return Err("`fields` is a comma list of details, subject, annotation".to_owned()),
            }
        }
        Ok(asked)
    }
}

impl ScoreRecord {
    /// Langfuse's v1: of a trace or an observation.
    #[must_use]
    pub fn into_v1(self, project_id: &str) -> ScoreV1 {
        let Score { id, project_id, trace_id, observation_id, rest, .. } = self.into_v2(project_id);
        ScoreV1 { id, project_id, trace_id: trace_id.unwrap_or_default(), observation_id, rest }
    }

    /// Langfuse's v2: of any subject.
    #[must_use]
    pub fn into_v2(self, project_id: &str) -> Score {
        // The SDKs' types demand a number of labels and corrections too, and none of texts.
        let value = match self.data_type.as_str() {
            "TEXT" => None,
            "CATEGORICAL" | "CORRECTION" => Some(self.value.unwrap_or(0.0)),
            _ => self.value,
        };
        let string_value = match self.data_type.as_str() {
            "NUMERIC" => None,
            "BOOLEAN" => self.string_value.or_else(|| Some(if self.value == Some(1.0) { "True" } else { "False" }.to_owned())),
            _ => Some(self.string_value.unwrap_or_default()),
        };
        Score {
            id: self.id,
            project_id: project_id.to_owned(),
            trace_id: text::some(self.trace_id),
            observation_id: text::some(self.observation_id),
            session_id: text::some(self.session_id),
            dataset_run_id: text::some(self.dataset_run_id),
            rest: ScoreRest {
                name: self.name,
                value,
                string_value,
                data_type: self.data_type,
                source: self.source,
                timestamp: text::time(self.at),
                created_at: text::time(self.created),
                updated_at: text::time(self.updated),
                author_user_id: text::some(self.author_user_id),
                comment: self.comment,
                metadata: text::metadata(self.metadata),
                config_id: text::some(self.config_id),
                queue_id: text::some(self.queue_id),
                environment: self.environment,
            },
        }
    }

    /// Langfuse's v3: the value typed as the data type says, with the groups asked for.
    #[must_use]
    pub fn into_v3(self, project_id: &str, fields: V3Fields) -> ScoreV3 {
        let value = match self.data_type.as_str() {
            "NUMERIC" => Json::of(&self.value.unwrap_or(0.0)),
            "BOOLEAN" => Json::of(&(self.value == Some(1.0))),
            _ => Json::of(self.string_value.as_deref().unwrap_or_default()),
        };
        let subject = fields.subject.then(|| subject(&self)).flatten();
        ScoreV3 {
            project_id: project_id.to_owned(),
            value,
            details: fields.details.then(|| ScoreDetails {
                comment: self.comment,
                config_id: text::some(self.config_id),
                metadata: text::metadata(self.metadata),
            }),
            subject,
            annotation: fields
                .annotation
                .then(|| ScoreAnnotation { author_user_id: text::some(self.author_user_id), queue_id: text::some(self.queue_id) }),
            id: self.id,
            name: self.name,
            data_type: self.data_type,
            source: self.source,
            timestamp: text::time(self.at),
            environment: self.environment,
            created_at: text::time(self.created),
            updated_at: text::time(self.updated),
        }
    }
}

fn subject(score: &ScoreRecord) -> Option<ScoreSubject> {
    let given = |id: &String| (!id.is_empty()).then(|| id.clone());
    match (given(&score.trace_id), given(&score.observation_id)) {
        (Some(trace_id), Some(id)) => return Some(ScoreSubject::Observation { id, trace_id }),
        (Some(id), None) => return Some(ScoreSubject::Trace { id }),
        _ => {}
    }
    given(&score.session_id)
        .map(|id| ScoreSubject::Session { id })
        .or_else(|| given(&score.dataset_run_id).map(|id| ScoreSubject::Experiment { id }))
}
