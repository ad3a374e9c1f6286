//! What follows for a trace from its steps: latency, cost, tokens, counts. Computed from all steps at once, never added to, so that
//! neither a repeated nor a late step can make it wrong.

use crate::{Level, Observation, ObservationType, Timestamp, Usd};

/// The few fields of a step that a trace's facts rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub id: String,
    /// No parent, or marked as the application's root.
    pub is_root: bool,
    pub app_root: bool,
    pub name: String,
    pub environment: String,
    pub start: Timestamp,
    pub end: Option<Timestamp>,
    pub level: Level,
    pub model: String,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cached_tokens: u64,
    pub total_tokens: u64,
    pub total_cost: Option<Usd>,
}

impl Step {
    /// `start` is passed because a step may not have said its own.
    #[must_use]
    pub fn of(observation: &Observation, start: Timestamp) -> Self {
        Self {
            id: observation.id.clone(),
            is_root: observation.is_root(),
            app_root: observation.app_root == Some(true),
            name: observation.name.clone().unwrap_or_default(),
            environment: observation.environment.as_ref().map(|e| e.as_str().to_owned()).unwrap_or_default(),
            start,
            end: observation.end_time.or((observation.kind == Some(ObservationType::Event)).then_some(start)),
            level: observation.level.unwrap_or(Level::Default),
            model: observation.model.clone().unwrap_or_default(),
            input_tokens: observation.input_tokens(),
            output_tokens: observation.output_tokens(),
            cached_tokens: observation.cached_tokens(),
            total_tokens: observation.total_tokens(),
            total_cost: observation.total_cost(),
        }
    }

    const fn is_unpriced(&self) -> bool {
        !self.model.is_empty() && self.total_tokens > 0 && self.total_cost.is_none()
    }
}

/// The sums and extremes over a trace's steps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    /// The step whose name and texts stand for the trace when nothing was said of the trace itself.
    pub root_id: Option<String>,
    pub root_name: String,
    /// Of the root, else of the first step.
    pub environment: String,
    pub level: Option<Level>,
    pub observation_count: u64,
    pub error_count: u64,
    pub warning_count: u64,
    /// Steps that used a model whose price is unknown: the cost is incomplete.
    pub unpriced_count: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cached_tokens: u64,
    pub total_tokens: u64,
    /// `None` when no step has a cost.
    pub total_cost: Option<Usd>,
    /// Sorted, each once.
    pub models: Vec<String>,
}

impl Facts {
    /// From every step of the trace, each id once.
    pub fn of<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Self {
        let mut facts = Self::default();
        let mut root: Option<&Step> = None;
        let mut first: Option<&Step> = None;
        for step in steps {
            facts.observation_count += 1;
            facts.error_count += u64::from(step.level == Level::Error);
            facts.warning_count += u64::from(step.level == Level::Warning);
            facts.unpriced_count += u64::from(step.is_unpriced());
            facts.input_tokens = facts.input_tokens.saturating_add(step.input_tokens);
            facts.output_tokens = facts.output_tokens.saturating_add(step.output_tokens);
            facts.cached_tokens = facts.cached_tokens.saturating_add(step.cached_tokens);
            facts.total_tokens = facts.total_tokens.saturating_add(step.total_tokens);
            if let Some(cost) = step.total_cost {
                let before = facts.total_cost.unwrap_or(Usd::ZERO);
                facts.total_cost = Some(before.checked_add(cost).unwrap_or(Usd(i64::MAX)));
            }
            facts.level = facts.level.max(Some(step.level));
            facts.start = Some(facts.start.map_or(step.start, |s| s.min(step.start)));
            let end = step.end.unwrap_or(step.start);
            facts.end = Some(facts.end.map_or(end, |e| e.max(end)));
            if !step.model.is_empty() && !facts.models.contains(&step.model) {
                facts.models.push(step.model.clone());
            }
            if step.is_root && root.is_none_or(|r| before(step, r)) {
                root = Some(step);
            }
            if first.is_none_or(|f| (step.start, &step.id) < (f.start, &f.id)) {
                first = Some(step);
            }
        }
        facts.models.sort_unstable();
        if let Some(root) = root {
            facts.root_id = Some(root.id.clone());
            facts.root_name.clone_from(&root.name);
        }
        if let Some(step) = root.or(first) {
            facts.environment.clone_from(&step.environment);
        }
        facts
    }
}

/// A marked root comes before an unmarked one, then the earlier one.
fn before(a: &Step, b: &Step) -> bool {
    (!a.app_root, a.start, &a.id) < (!b.app_root, b.start, &b.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(id: &str, start: i64, end: i64) -> Step {
        Step::of(
            &Observation { id: id.into(), parent_id: Some("x".into()), end_time: Some(Timestamp(end)), ..Default::default() },
            Timestamp(start),
        )
    }

    #[test]
    fn facts_do_not_depend_on_the_order_of_steps() {
        let mut steps = vec![
            Step { is_root: true, name: "root".into(), ..step("a", 10, 90) },
            Step { total_cost: Some(Usd(5)), model: "m".into(), total_tokens: 7, ..step("b", 20, 30) },
            Step { model: "unknown".into(), total_tokens: 1, level: Level::Error, ..step("c", 15, 120) },
        ];
        let facts = Facts::of(&steps);
        steps.reverse();

        assert_eq!(Facts::of(&steps), facts);
        assert_eq!((facts.start, facts.end), (Some(Timestamp(10)), Some(Timestamp(120))));
        assert_eq!(facts.root_name, "root");
        assert_eq!((facts.total_cost, facts.unpriced_count, facts.error_count), (Some(Usd(5)), 1, 1));
        assert_eq!(facts.models, ["m", "unknown"]);
    }

    #[test]
    fn a_trace_without_a_root_still_has_facts() {
        let facts = Facts::of(&[step("a", 10, 20)]);

        assert_eq!((facts.root_id, facts.observation_count), (None, 1));
    }

    #[test]
    fn no_priced_step_is_no_cost_and_not_zero() {
        assert_eq!(Facts::of(&[step("a", 1, 2)]).total_cost, None);
    }

    #[test]
    fn a_marked_root_beats_an_earlier_one() {
        let early = Step { is_root: true, ..step("early", 1, 2) };
        let marked = Step { is_root: true, app_root: true, ..step("marked", 5, 6) };

        assert_eq!(Facts::of(&[early, marked]).root_id.as_deref(), Some("marked"));
    }
}
