//! A judgement of a trace, an observation, a session or a dataset run.

use serde::{Deserialize, Serialize};

use crate::{Environment, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScoreDataType {
    Numeric,
    Boolean,
    Categorical,
    Text,
    Correction,
}

impl ScoreDataType {
    pub const ALL: [Self; 5] = [Self::Numeric, Self::Boolean, Self::Categorical, Self::Text, Self::Correction];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Numeric => "NUMERIC",
            Self::Boolean => "BOOLEAN",
            Self::Categorical => "CATEGORICAL",
            Self::Text => "TEXT",
            Self::Correction => "CORRECTION",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScoreSource {
    Api,
    Eval,
    Annotation,
}

impl ScoreSource {
    pub const ALL: [Self; 3] = [Self::Api, Self::Eval, Self::Annotation];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::Eval => "EVAL",
            Self::Annotation => "ANNOTATION",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// A score. The same id again overwrites the whole score; a patch (see [`crate::Event::ScorePatch`]) only what it names.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Score {
    pub id: String,
    pub name: Option<String>,
    pub trace_id: Option<String>,
    pub observation_id: Option<String>,
    pub session_id: Option<String>,
    pub dataset_run_id: Option<String>,
    /// The number of a NUMERIC or BOOLEAN (0, 1) score; the config's number of a CATEGORICAL one.
    pub value: Option<f64>,
    /// The label of a CATEGORICAL, `True`/`False` of a BOOLEAN, the text of a TEXT or CORRECTION score.
    pub string_value: Option<String>,
    pub data_type: Option<ScoreDataType>,
    pub source: Option<ScoreSource>,
    pub comment: Option<String>,
    pub metadata: Vec<(String, String)>,
    pub environment: Option<Environment>,
    pub config_id: Option<String>,
    pub queue_id: Option<String>,
    pub author_user_id: Option<String>,
    pub timestamp: Option<Timestamp>,
}

impl Score {
    /// What a record's partition key is made of: the trace when there is one, so that a score follows its trace in order.
    #[must_use]
    pub fn ordering_key(&self) -> &str {
        self.trace_id.as_deref().or(self.session_id.as_deref()).or(self.dataset_run_id.as_deref()).unwrap_or(&self.id)
    }
}
