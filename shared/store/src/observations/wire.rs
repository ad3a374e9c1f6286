//! Stored observations as the API shows them.

use std::collections::BTreeMap;

use agenttrace_api::Json;
use agenttrace_api::observations::{
    BasicGroup, IoGroup, MetricsGroup, ModelGroup, NodeUsage, Observation, ObservationNode, ObservationV2, PromptGroup, TimeGroup,
    TraceContextGroup, Usage, UsageGroup,
};

use super::{ObservationRecord, Texts};
use crate::text;
use crate::traces::TraceRecord;

/// Longer metadata values are cut in v2.
const METADATA_CUT: usize = 200;

/// The field groups of Langfuse's v2 (`core` is always there).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct V2Fields {
    pub basic: bool,
    pub time: bool,
    pub io: bool,
    pub metadata: bool,
    pub model: bool,
    pub usage: bool,
    pub prompt: bool,
    pub metrics: bool,
    pub trace_context: bool,
    /// Metadata keys that are not cut.
    pub expand: Vec<String>,
}

impl V2Fields {
    /// Comma lists. `core` and `basic` when nothing is asked for. The error is a sentence for the caller.
    pub fn parse(fields: Option<&str>, expand: Option<&str>) -> Result<Self, String> {
        let expand = expand.unwrap_or_default().split(',').map(str::trim).filter(|k| !k.is_empty()).map(str::to_owned).collect();
        let mut asked = Self { expand, ..Self::default() };
        let Some(fields) = fields.map(str::trim).filter(|t| !t.is_empty()) else {
            return Ok(Self { basic: true, ..asked });
        };
        for field in fields.split(',').map(str::trim).filter(|f| !f.is_empty()) {
            match field {
                "core" => {}
                "basic" => asked.basic = true,
                "time" => asked.time = true,
                "io" => asked.io = true,
                "metadata" => asked.metadata = true,
                "model" => asked.model = true,
                "usage" => asked.usage = true,
                "prompt" => asked.prompt = true,
                "metrics" => asked.metrics = true,
                "trace_context" => asked.trace_context = true,
                _ => {
                    return Err(
                        "`fields` is a comma list of core, basic, time, io, metadata, model, usage, prompt, metrics, trace_context"
                            .to_owned(),
                    );
                }
            }
        }
        Ok(asked)
    }

    #[must_use]
    pub const fn texts(&self) -> Texts {
        Texts { io: self.io, metadata: self.metadata }
    }
}

impl ObservationRecord {
    fn latency(&self) -> Option<f64> {
        self.ended.map(|ended| text::seconds(self.started, ended))
    }

    fn time_to_first_token(&self) -> Option<f64> {
        self.first_token.map(|at| text::seconds(self.started, at))
    }

    /// The cost of one side: of every key that is or begins with `input` or `output`.
    fn side_cost(&self, side: &str) -> Option<f64> {
        let mut sides = self.cost.iter().filter(|(k, _)| k.starts_with(side)).map(|(_, v)| *v).peekable();
        sides.peek()?;
        Some(text::usd(sides.fold(0_i64, i64::saturating_add)))
    }

    /// What one unit of a usage key cost.
    #[allow(clippy::cast_precision_loss)]
    fn unit_price(&self, key: &str) -> Option<f64> {
        let units = self.usage.iter().find(|(k, n)| k == key && *n > 0)?.1;
        let cost = self.cost.iter().find(|(k, _)| k == key)?.1;
        Some((cost as f64 / units as f64).round() / 1e12)
    }

    fn cost_details(&self) -> BTreeMap<String, f64> {
        self.cost.iter().map(|(k, v)| (k.clone(), text::usd(*v))).collect()
    }

    /// With `total`, which Langfuse always has, whether or not the client stated one.
    fn usage_details(&self) -> BTreeMap<String, u64> {
        let mut details: BTreeMap<String, u64> = self.usage.iter().cloned().collect();
        if !details.is_empty() {
            details.entry("total".to_owned()).or_insert(self.total_tokens);
        }
        details
    }

    fn unit(&self) -> Option<String> {
        (!self.usage.is_empty()).then(|| "TOKENS".to_owned())
    }

    /// The prompt that it names, by name and version.
    #[must_use]
    pub fn prompt(&self) -> Option<(&str, u32)> {
        Some((self.prompt_name.as_str(), self.prompt_version?)).filter(|(name, _)| !name.is_empty())
    }

    /// Langfuse's v1. `prompt_id` is that of the prompt it names.
    #[must_use]
    pub fn into_v1(self, project_id: &str, prompt_id: Option<String>) -> Observation {
        Observation {
            project_id: project_id.to_owned(),
            r#type: self.kind.clone(),
            start_time: text::time(self.started),
            end_time: self.ended.map(text::time),
            completion_start_time: self.first_token.map(text::time),
            usage: Usage { unit: self.unit(), input: self.input_tokens, output: self.output_tokens, total: self.total_tokens },
            usage_details: self.usage_details(),
            cost_details: self.cost_details(),
            input_price: self.unit_price("input"),
            output_price: self.unit_price("output"),
            total_price: None,
            calculated_input_cost: self.side_cost("input"),
            calculated_output_cost: self.side_cost("output"),
            calculated_total_cost: self.total_cost.map(text::usd),
            unit: self.unit(),
            prompt_tokens: self.input_tokens,
            completion_tokens: self.output_tokens,
            total_tokens: self.total_tokens,
            latency: self.latency(),
            time_to_first_token: self.time_to_first_token(),
            created_at: text::time(self.created),
            updated_at: text::time(updated(self.row_version, self.created)),
            id: self.id,
            trace_id: text::some(self.trace_id),
            parent_observation_id: text::some(self.parent_id),
            name: text::some(self.name),
            level: self.level,
            status_message: text::some(self.status_message),
            version: text::some(self.version),
            environment: self.environment,
            input: text::io(self.input),
            output: text::io(self.output),
            metadata: text::metadata(self.metadata),
            model: text::some(self.model),
            model_id: text::some(self.model_id),
            model_parameters: text::io(self.model_parameters),
            prompt_id,
            prompt_name: text::some(self.prompt_name),
            prompt_version: self.prompt_version,
        }
    }

    /// Langfuse's v2, with the groups asked for. `trace` is the observation's, for what only it knows; `prompt_id` that of the prompt it names.
    #[must_use]
    pub fn into_v2(self, project_id: &str, fields: &V2Fields, trace: Option<&TraceRecord>, prompt_id: Option<String>) -> ObservationV2 {
        let price = |key| self.unit_price(key).filter(|_| fields.model).map(|p| p.to_string());
        ObservationV2 {
            project_id: project_id.to_owned(),
            start_time: text::time(self.started),
            end_time: self.ended.map(text::time),
            input_price: price("input"),
            output_price: price("output"),
            total_price: None,
            usage: fields.usage.then(|| UsageGroup {
                usage_details: self.usage_details(),
                cost_details: self.cost_details(),
                total_cost: self.total_cost.map(text::usd),
                usage_pricing_tier_name: None,
            }),
            metrics: fields.metrics.then(|| MetricsGroup { latency: self.latency(), time_to_first_token: self.time_to_first_token() }),
            time: fields.time.then(|| TimeGroup {
                completion_start_time: self.first_token.map(text::time),
                created_at: text::time(self.created),
                updated_at: text::time(updated(self.row_version, self.created)),
            }),
            r#type: self.kind,
            basic: fields.basic.then(|| BasicGroup {
                name: text::some(self.name),
                level: self.level,
                status_message: text::some(self.status_message),
                version: text::some(self.version),
                environment: self.environment,
                bookmarked: trace.is_some_and(|t| t.bookmarked),
                public: trace.is_some_and(|t| t.public),
                user_id: text::some(self.user_id).or_else(|| of_trace(trace, |t| &t.user_id)),
                session_id: text::some(self.session_id).or_else(|| of_trace(trace, |t| &t.session_id)),
                is_root_observation: self.is_root,
            }),
            io: fields.io.then(|| IoGroup { input: text::some(self.input), output: text::some(self.output) }),
            metadata: fields.metadata.then(|| cut(self.metadata, &fields.expand)),
            model: fields.model.then(|| ModelGroup {
                model: text::some(self.model),
                internal_model_id: text::some(self.model_id.clone()),
                model_parameters: text::io(self.model_parameters),
            }),
            model_id: text::some(self.model_id).filter(|_| fields.model),
            prompt: fields.prompt.then(|| PromptGroup {
                prompt_id,
                prompt_name: text::some(self.prompt_name),
                prompt_version: self.prompt_version,
            }),
            trace_context: fields.trace_context.then(|| TraceContextGroup {
                trace_name: text::some(self.trace_name).or_else(|| of_trace(trace, |t| &t.name)),
                tags: if self.tags.is_empty() { trace.map(|t| t.tags.clone()).unwrap_or_default() } else { self.tags },
                release: text::some(self.release).or_else(|| of_trace(trace, |t| &t.release)),
            }),
            id: self.id,
            trace_id: text::some(self.trace_id),
            parent_observation_id: text::some(self.parent_id),
        }
    }

    /// A node of the dashboard's tree.
    #[must_use]
    pub fn into_node(self) -> ObservationNode {
        ObservationNode {
            start_time: text::time(self.started),
            end_time: self.ended.map(text::time),
            completion_start_time: self.first_token.map(text::time),
            latency: self.latency(),
            time_to_first_token: self.time_to_first_token(),
            usage: NodeUsage { input: self.input_tokens, output: self.output_tokens, total: self.total_tokens },
            cost_details: self.cost_details(),
            total_cost: self.total_cost.map(text::usd),
            id: self.id,
            parent_observation_id: text::some(self.parent_id),
            r#type: self.kind,
            name: text::some(self.name),
            level: self.level,
            status_message: text::some(self.status_message),
            model: text::some(self.model_id),
            provided_model: text::some(self.model),
            environment: self.environment,
            version: text::some(self.version),
            usage_details: self.usage.into_iter().collect(),
            prompt_name: text::some(self.prompt_name),
            prompt_version: self.prompt_version,
            input_length: self.input_length,
            output_length: self.output_length,
            input_preview: text::some(self.preview),
        }
    }
}

/// A row's version is the time of its last statement in microseconds, when it looks like one.
fn updated(row_version: u64, created: i64) -> i64 {
    i64::try_from(row_version).ok().filter(|v| (created..=agenttrace_domain::Timestamp::MAX.0).contains(v)).unwrap_or(created)
}

/// What was said of the trace as a whole, for a step that does not repeat it (the batch API's, and most of plain OpenTelemetry).
fn of_trace(trace: Option<&TraceRecord>, field: impl Fn(&TraceRecord) -> &String) -> Option<String> {
    trace.map(field).filter(|text| !text.is_empty()).cloned()
}

fn cut(metadata: Vec<(String, String)>, expand: &[String]) -> BTreeMap<String, Json> {
    metadata
        .into_iter()
        .map(|(key, value)| {
            let short = value.chars().count() <= METADATA_CUT || expand.contains(&key);
            let value = if short { text::value(value) } else { Json::of(&value.chars().take(METADATA_CUT).collect::<String>()) };
            (key, value)
        })
        .collect()
}
