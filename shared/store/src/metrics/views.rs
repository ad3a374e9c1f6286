//! The views of the metrics query: which dimensions and measures there are, under Langfuse's names, and the fixed expressions they stand for.
//! `r` is the view's row, `t` its trace, `o` the step that a score judges, `c` the count of scores; only what a query needs is joined.

use agenttrace_api::metrics::query::View;

use crate::condition::{Column, Kind};

/// What an expression needs beside the view's own rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Row,
    Trace,
    Observation,
    Scores,
    /// The experiment that the trace is a try of.
    Experiment,
    /// A row for each tool that could be called, as `r.tool_name`.
    ToolNames,
    /// A row for each call of a tool, as `r.called_tool`.
    ToolCalls,
    /// A row for each kind of cost, as `r.cost_pair`.
    CostPairs,
    /// A row for each kind of usage, as `r.usage_pair`.
    UsagePairs,
}

/// What rows may be grouped and filtered by.
#[derive(Debug, Clone, Copy)]
pub struct Dimension {
    pub column: Column,
    pub needs: Needs,
    pub grouping: Grouping,
    /// What stands for a list when rows are grouped: one of its texts, with what that needs.
    pub each: Option<(&'static str, Needs)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    Free,
    /// About a value a row: v2 groups by it only for the top rows.
    Many,
    /// For filters only.
    Never,
}

/// How a measure's values are told and summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Whole numbers, told as texts.
    Integer,
    Float,
    /// 1e-12 USD, told as USD.
    Money,
    /// Texts of which the different ones are counted.
    Identifier,
}

/// What may be aggregated.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    pub name: &'static str,
    pub sql: &'static str,
    pub unit: Unit,
    pub needs: Needs,
    /// The dimension that it is told by; a query that does not name it gets it all the same.
    pub by: Option<&'static str>,
}

/// One view in one version.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    pub dimensions: &'static [Dimension],
    pub measures: &'static [Measure],
}

/// The definition of a view. The dimensions of the two versions are the same; v2 has none of traces, which the compiler refuses.
#[must_use]
pub const fn definition(view: View) -> Definition {
    match view {
        View::Traces => Definition { dimensions: TRACES, measures: MEASURES_OF_TRACES },
        View::Observations => Definition { dimensions: OBSERVATIONS, measures: MEASURES_OF_OBSERVATIONS },
        View::ScoresNumeric => Definition { dimensions: SCORES_NUMERIC, measures: MEASURES_OF_VALUES },
        View::ScoresBoolean => Definition { dimensions: SCORES_BOOLEAN, measures: MEASURES_OF_VALUES },
        View::ScoresCategorical => Definition { dimensions: SCORES_CATEGORICAL, measures: MEASURES_OF_LABELS },
    }
}

const fn row(names: &'static [&'static str], sql: &'static str, kind: Kind) -> Dimension {
    Dimension { column: Column::new(names, sql, kind), needs: Needs::Row, grouping: Grouping::Free, each: None }
}

const fn text(names: &'static [&'static str], sql: &'static str) -> Dimension {
    row(names, sql, Kind::Text)
}

impl Dimension {
    const fn many(self) -> Self {
        Self { grouping: Grouping::Many, ..self }
    }

    const fn filter_only(self) -> Self {
        Self { grouping: Grouping::Never, ..self }
    }

    const fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    const fn each(self, sql: &'static str, needs: Needs) -> Self {
        Self { each: Some((sql, needs)), ..self }
    }

    /// What rows are grouped by.
    #[must_use]
    pub fn group_sql(&self) -> &'static str {
        self.each.map_or(self.column.sql, |(sql, _)| sql)
    }

    #[must_use]
    pub fn group_kind(&self) -> Kind {
        self.each.map_or(self.column.kind, |_| Kind::Text)
    }

    #[must_use]
    pub fn group_needs(&self) -> Needs {
        self.each.map_or(self.needs, |(_, needs)| needs)
    }
}

const TRACES: &[Dimension] = &[
    text(&["id", "traceId"], "r.id").many(),
    text(&["name", "traceName"], "r.name"),
    row(&["tags"], "r.tags", Kind::List),
    text(&["userId"], "r.user_id").many(),
    text(&["sessionId"], "r.session_id").many(),
    text(&["release"], "r.release"),
    text(&["version"], "r.version"),
    text(&["environment"], "r.environment"),
    text(&["timestampMonth"], "left(toString(r.timestamp), 7)"),
    row(&["timestamp"], "r.timestamp", Kind::Time).filter_only(),
    row(&["metadata"], "r.metadata", Kind::Map).filter_only(),
];

const OBSERVATIONS: &[Dimension] = &[
    text(&["id"], "r.id").many(),
    text(&["traceId"], "r.trace_id").many(),
    text(&["traceName"], "if(r.trace_name != '', r.trace_name, t.name)").needs(Needs::Trace),
    text(&["environment"], "r.environment"),
    text(&["parentObservationId"], "r.parent_id").many(),
    row(&["isRootObservation"], "r.is_root", Kind::Flag),
    text(&["type"], "r.type"),
    text(&["name"], "r.name"),
    text(&["level"], "r.level"),
    text(&["version"], "r.version"),
    row(&["tags"], "if(notEmpty(r.tags), r.tags, t.tags)", Kind::List).needs(Needs::Trace),
    text(&["release", "traceRelease"], "if(r.release != '', r.release, t.release)").needs(Needs::Trace),
    text(&["traceVersion"], "t.version").needs(Needs::Trace),
    text(&["providedModelName"], "r.model"),
    text(&["promptName"], "r.prompt_name"),
    row(&["promptVersion"], "r.prompt_version", Kind::Number),
    text(&["userId"], "if(r.user_id != '', r.user_id, t.user_id)").needs(Needs::Trace).many(),
    text(&["sessionId"], "if(r.session_id != '', r.session_id, t.session_id)").needs(Needs::Trace).many(),
    text(&["startTimeMonth"], "left(toString(r.start_time), 7)"),
    row(&["toolNames"], "r.tool_names", Kind::List).each("r.tool_name", Needs::ToolNames),
    row(&["calledToolNames"], "r.tool_calls", Kind::List).each("r.called_tool", Needs::ToolCalls),
    text(&["costType"], "r.cost_pair.1").needs(Needs::CostPairs),
    text(&["usageType"], "r.usage_pair.1").needs(Needs::UsagePairs),
    text(&["experimentName"], "e.run_name").needs(Needs::Experiment).many(),
    text(&["experimentDatasetId"], "e.dataset_id").needs(Needs::Experiment).many(),
    text(&["experimentId"], "e.run_id").needs(Needs::Experiment).many(),
    row(&["startTime", "start_time"], "r.start_time", Kind::Time).filter_only(),
    row(&["endTime"], "r.end_time", Kind::Time).filter_only(),
    row(&["metadata"], "r.metadata", Kind::Map).filter_only(),
];

/// The dimensions of every view of scores, and the view's own.
macro_rules! scores {
    ($($own:expr),*) => {
        &[
            $($own,)*
            text(&["id"], "r.id").many(),
            text(&["environment"], "r.environment"),
            text(&["name", "scoreName"], "r.name"),
            text(&["source"], "r.source"),
            text(&["dataType"], "r.data_type"),
            text(&["traceId"], "r.trace_id").many(),
            text(&["configId"], "r.config_id"),
            text(&["timestampMonth"], "left(toString(r.timestamp), 7)"),
            text(&["timestampDay"], "left(toString(r.timestamp), 10)"),
            text(&["observationId"], "r.observation_id").many(),
            text(&["datasetRunId"], "r.dataset_run_id").many(),
            text(&["experimentId"], "if(r.dataset_run_id != '', r.dataset_run_id, e.run_id)").needs(Needs::Experiment).many(),
            text(&["experimentName"], "if(r.dataset_run_id != '', n.run_name, e.run_name)").needs(Needs::Experiment).many(),
            text(&["traceName"], "t.name").needs(Needs::Trace),
            row(&["tags"], "t.tags", Kind::List).needs(Needs::Trace),
            text(&["userId"], "t.user_id").needs(Needs::Trace).many(),
            text(&["sessionId"], "if(r.session_id != '', r.session_id, t.session_id)").needs(Needs::Trace).many(),
            text(&["traceRelease"], "t.release").needs(Needs::Trace),
            text(&["traceVersion"], "t.version").needs(Needs::Trace),
            text(&["observationName"], "o.name").needs(Needs::Observation),
            text(&["observationModelName"], "o.model").needs(Needs::Observation),
            text(&["observationPromptName"], "o.prompt_name").needs(Needs::Observation),
            row(&["observationPromptVersion"], "o.prompt_version", Kind::Number).needs(Needs::Observation),
            row(&["timestamp"], "r.timestamp", Kind::Time).filter_only(),
            row(&["metadata"], "r.metadata", Kind::Map).filter_only(),
        ]
    };
}

const SCORES_NUMERIC: &[Dimension] = scores!(row(&["value"], "r.value", Kind::Number));
const SCORES_BOOLEAN: &[Dimension] =
    scores!(row(&["booleanValue"], "ifNull(r.value, 0) != 0", Kind::Flag), row(&["value"], "r.value", Kind::Number).filter_only());
const SCORES_CATEGORICAL: &[Dimension] = scores!(text(&["stringValue"], "r.string_value"));

const fn measure(name: &'static str, sql: &'static str, unit: Unit) -> Measure {
    Measure { name, sql, unit, needs: Needs::Row, by: None }
}

impl Measure {
    const fn by(self, dimension: &'static str) -> Self {
        Self { by: Some(dimension), ..self }
    }

    const fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }
}

const COUNT: Measure = measure("count", "toUInt64(1)", Unit::Integer);

const MEASURES_OF_TRACES: &[Measure] = &[
    COUNT,
    measure("observationsCount", "r.observation_count", Unit::Integer),
    measure("scoresCount", "c.count", Unit::Integer).needs(Needs::Scores),
    measure("uniqueUserIds", "r.user_id", Unit::Identifier),
    measure("uniqueSessionIds", "r.session_id", Unit::Identifier),
    // Milliseconds.
    measure("latency", "r.latency_ms", Unit::Integer),
    measure("totalTokens", "r.total_tokens", Unit::Integer),
    measure("totalCost", "r.total_cost", Unit::Money),
];

const MEASURES_OF_OBSERVATIONS: &[Measure] = &[
    COUNT,
    measure("traceId", "r.trace_id", Unit::Identifier),
    measure("uniqueUserIds", "if(r.user_id != '', r.user_id, t.user_id)", Unit::Identifier).needs(Needs::Trace),
    measure("uniqueSessionIds", "if(r.session_id != '', r.session_id, t.session_id)", Unit::Identifier).needs(Needs::Trace),
    // Milliseconds.
    measure("latency", "toUnixTimestamp64Milli(r.end_time) - toUnixTimestamp64Milli(r.start_time)", Unit::Integer),
    measure("streamingLatency", "toUnixTimestamp64Milli(r.end_time) - toUnixTimestamp64Milli(r.completion_start_time)", Unit::Integer),
    measure("timeToFirstToken", "toUnixTimestamp64Milli(r.completion_start_time) - toUnixTimestamp64Milli(r.start_time)", Unit::Integer),
    measure("inputTokens", "r.input_tokens", Unit::Integer),
    measure("outputTokens", "r.output_tokens", Unit::Integer),
    measure("totalTokens", "r.total_tokens", Unit::Integer),
    measure(
        "outputTokensPerSecond",
        "r.output_tokens * 1e6 / nullIf(toUnixTimestamp64Micro(r.end_time) - toUnixTimestamp64Micro(r.completion_start_time), 0)",
        Unit::Float,
    ),
    measure(
        "tokensPerSecond",
        "r.total_tokens * 1e6 / nullIf(toUnixTimestamp64Micro(r.end_time) - toUnixTimestamp64Micro(r.start_time), 0)",
        Unit::Float,
    ),
    // Without a price there is no cost of either side, not one of zero.
    measure(
        "inputCost",
        "if(isNull(r.total_cost), NULL, arraySum((k, v) -> if(position(k, 'input') > 0, v, 0), mapKeys(r.cost), mapValues(r.cost)))",
        Unit::Money,
    ),
    measure(
        "outputCost",
        "if(isNull(r.total_cost), NULL, arraySum((k, v) -> if(position(k, 'output') > 0, v, 0), mapKeys(r.cost), mapValues(r.cost)))",
        Unit::Money,
    ),
    measure("totalCost", "r.total_cost", Unit::Money),
    measure("countScores", "c.count", Unit::Integer).needs(Needs::Scores),
    measure("toolDefinitions", "nullIf(length(r.tool_names), 0)", Unit::Integer),
    measure("toolCalls", "nullIf(length(r.tool_calls), 0)", Unit::Integer),
    measure("costByType", "r.cost_pair.2", Unit::Money).needs(Needs::CostPairs).by("costType"),
    measure("usageByType", "r.usage_pair.2", Unit::Integer).needs(Needs::UsagePairs).by("usageType"),
];

const MEASURES_OF_VALUES: &[Measure] = &[COUNT, measure("value", "r.value", Unit::Float)];
const MEASURES_OF_LABELS: &[Measure] = &[COUNT];
