use super::*;
use agenttrace_domain::{Trace, Usd};

const MINUTE: i64 = 60_000_000;

fn envelope(received: i64, events: Vec<Event>) -> Envelope {
    Envelope { project_id: "p".into(), received_at: Timestamp(received), source: Source::OtlpTraces, sdk: Sdk::default(), events }
}

fn span(id: &str, parent: Option<&str>, start: i64, end: i64) -> Observation {
    Observation {
        trace_id: "t".into(),
        id: id.into(),
        parent_id: parent.map(Into::into),
        name: Some(format!("step {id}")),
        start_time: Some(Timestamp(start)),
        end_time: Some(Timestamp(end)),
        ..Observation::default()
    }
}

fn whole(observation: Observation) -> Event {
    Event::Observation(Box::new(observation))
}

fn run(envelopes: Vec<Envelope>, known: Known) -> Folded {
    fold("p".into(), envelopes, known, Prices::managed())
}

/// What a second batch finds when `folded` was stored.
pub(super) fn stored(folded: &Folded) -> Known {
    let mut known = Known::default();
    for (key, step) in &folded.steps {
        known.steps.entry(key.0.clone()).or_default().push(Step::of(&step.observation, step.start));
        let (times, origin) = (step.times.clone(), &step.origin);
        known.observations.insert(
            key.clone(),
            StoredObservation {
                observation: step.observation.clone(),
                times,
                start: step.start,
                created_at: origin.created_at,
                row_version: origin.row_version,
            },
        );
    }
    for (id, trace) in &folded.traces {
        let row = StoredTrace { timestamp: trace.timestamp, row_version: trace.origin.row_version, ..trace.stored.clone() };
        known.traces.insert(id.clone(), row);
    }
    known
}

#[test]
fn the_root_gives_the_trace_its_name_and_texts() {
    let root = Observation { input: Some("question".into()), ..span("a", None, 10, 50) };

    let folded = run(vec![envelope(100, vec![whole(span("b", Some("a"), 20, 30)), whole(root)])], Known::default());

    let rows = folded.trace_rows();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].name, rows[0].input, rows[0].observation_count), ("step a", "question", 2));
    assert_eq!((rows[0].timestamp, rows[0].end_time), (10, Some(50)));
}

#[test]
fn a_root_that_comes_later_moves_the_trace_and_leaves_nothing_at_its_old_place() {
    let first = run(vec![envelope(100, vec![whole(span("b", Some("a"), 3 * MINUTE, 3 * MINUTE + 5))])], Known::default());

    let second = run(vec![envelope(200, vec![whole(span("a", None, MINUTE, 4 * MINUTE))])], stored(&first));

    let rows = second.trace_rows();
    assert_eq!(rows.iter().map(|r| (r.minute, r.is_deleted)).collect::<Vec<_>>(), [(3, 1), (1, 0)]);
    assert_eq!(rows[1].observation_count, 2);
    assert!(rows[1].row_version > first.trace_rows()[0].row_version);
}

#[test]
fn the_same_batch_again_gives_the_same_facts() {
    let events = || vec![whole(Observation { cost: vec![("total".into(), Usd(7))], ..span("a", None, 10, 50) })];
    let first = run(vec![envelope(100, events())], Known::default());

    let second = run(vec![envelope(300, events())], stored(&first));

    let (before, after) = (first.trace_rows(), second.trace_rows());
    assert_eq!(after.len(), 1);
    assert_eq!((after[0].total_cost, after[0].observation_count), (before[0].total_cost, before[0].observation_count));
}

#[test]
fn an_update_may_come_before_its_create() {
    let update = Observation {
        start_time: None,
        end_time: Some(Timestamp(9 * MINUTE)),
        name: None,
        output: Some("done".into()),
        ..span("a", None, 0, 0)
    };
    let create = Observation { end_time: None, ..span("a", None, MINUTE, 0) };
    let patch = |at: i64, o: Observation| Event::ObservationPatch { at: Timestamp(at), patch: Box::new(o) };
    let first = run(vec![envelope(100, vec![patch(9 * MINUTE, update)])], Known::default());

    let second = run(vec![envelope(200, vec![patch(MINUTE, create)])], stored(&first));

    let rows = second.observation_rows();
    assert_eq!(rows.iter().map(|r| (r.start_minute, r.is_deleted)).collect::<Vec<_>>(), [(9, 1), (1, 0)]);
    assert_eq!((rows[1].name, rows[1].output, rows[1].end_time), ("step a", "done", Some(9 * MINUTE)));
}

#[test]
fn what_is_said_of_a_trace_beats_what_follows_from_its_root() {
    let said =
        Trace { id: "t".into(), name: Some("named".into()), output: Some("said".into()), user_id: Some("u".into()), ..Trace::default() };
    let root = Observation { output: Some("of the root".into()), ..span("a", None, 10, 50) };

    let folded = run(vec![envelope(100, vec![whole(root), Event::Trace { at: Timestamp(100), patch: Box::new(said) }])], Known::default());

    let rows = folded.trace_rows();
    assert_eq!((rows[0].name, rows[0].output, rows[0].user_id), ("named", "said", "u"));
}

#[test]
fn a_trace_without_steps_is_a_trace() {
    let said = Trace { id: "t".into(), name: Some("alone".into()), ..Trace::default() };

    let folded = run(vec![envelope(500, vec![Event::Trace { at: Timestamp(400), patch: Box::new(said) }])], Known::default());

    let rows = folded.trace_rows();
    assert_eq!((rows[0].name, rows[0].timestamp, rows[0].latency_ms, rows[0].total_cost), ("alone", 400, None, None));
}

#[test]
fn every_row_can_be_found_by_its_trace() {
    let folded = run(
        vec![envelope(100, vec![whole(span("a", None, MINUTE, 2 * MINUTE)), whole(span("b", Some("a"), 5 * MINUTE, 6 * MINUTE))])],
        Known::default(),
    );

    assert_eq!(folded.minute_rows(), [TraceMinuteRow::new("p", "t", 1), TraceMinuteRow::new("p", "t", 5)]);
}

#[test]
fn a_score_again_replaces_and_a_patch_changes_what_it_names() {
    let score = Score { id: "s".into(), name: Some("quality".into()), value: Some(0.5), ..Score::default() };
    let patch = Score { id: "s".into(), value: Some(0.9), ..Score::default() };
    let known = Known {
        scores: HashMap::from([("s".into(), StoredScore { score, created_at: Timestamp(1), row_version: 50 })]),
        ..Known::default()
    };

    let folded = run(vec![envelope(10, vec![Event::ScorePatch { at: Timestamp(10), patch: Box::new(patch) }])], known);

    let rows = folded.score_rows();
    assert_eq!((rows[0].name, rows[0].value, rows[0].row_version, rows[0].created_at), ("quality", Some(0.9), 51, 1));
}

#[test]
fn what_was_accepted_before_a_deletion_stays_away_and_what_comes_after_is_new() {
    let mut known = stored(&run(vec![envelope(100, vec![whole(span("a", None, 10, 50))])], Known::default()));
    known.deleted.insert("t".into(), Timestamp(200));
    known.forget_deleted();
    let judged = Score { id: "s".into(), trace_id: Some("t".into()), ..Score::default() };
    let late = envelope(150, vec![whole(span("b", None, 20, 60)), Event::Score(Box::new(judged))]);
    let fresh = envelope(300, vec![whole(span("c", None, 30, 70))]);

    let folded = run(vec![late, fresh], known);

    assert_eq!(folded.steps.keys().map(|(_, id)| id.as_str()).collect::<Vec<_>>(), ["c"]);
    assert_eq!(folded.traces["t"].facts.observation_count, 1);
    assert!(folded.scores.is_empty());
}

#[test]
fn a_step_is_priced_anew_only_if_it_is_stored_and_only_its_cost_changes() {
    let call = Observation {
        model: Some("house-model".into()),
        usage: vec![("input".into(), 1_000)],
        metadata: vec![("k".into(), "v".into())],
        ..span("a", None, 10, 50)
    };
    let known = stored(&run(vec![envelope(100, vec![whole(call)])], Known::default()));
    let spec = r#"{"id": "mine", "modelName": "house", "matchPattern": "^house-", "tiers": [
        {"name": "Standard", "isDefault": true, "priority": 0, "prices": {"input": 0.000002}}]}"#;
    let own = agenttrace_pricing::OwnModels::new(vec![
        agenttrace_pricing::OwnModel::try_from(serde_json::from_str::<agenttrace_pricing::OwnModelSpec>(spec).expect("a spec"))
            .expect("usable"),
    ]);
    let again = |id: &str| Event::Reprice { trace_id: "t".into(), id: id.into() };

    let folded = fold("p".into(), vec![envelope(200, vec![again("a"), again("never told")])], known, Prices::of(&own));

    let rows = folded.observation_rows();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].id, rows[0].total_cost, rows[0].model_id, rows[0].name), ("a", Some(2_000_000_000), "mine", "step a"));
    assert_eq!((rows[0].row_version, rows[0].created_at, rows[0].metadata.len()), (200, 100, 1));
    let trace = &folded.trace_rows()[0];
    assert_eq!((trace.total_cost, trace.unpriced_count, trace.observation_count), (Some(2_000_000_000), 0, 1));
}

#[test]
fn the_repository_of_an_agents_session_is_shown_by_its_trace_in_one_form() {
    let metadata = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
    let labels = metadata(&[("agent.name", "codex"), ("vcs.repository.url.full", "git@github.com:o/r.git")]);
    let trace = Trace { id: "t".into(), metadata: labels, ..Trace::default() };
    let session = Observation {
        metadata: metadata(&[("vcs.ref.head.name", "fix/x"), ("vcs.repository.url.full", "https://github.com/o/other.git")]),
        ..span("t", None, 10, 50)
    };
    let url = |folded: &Folded| folded.traces["t"].stored.trace.metadata.iter().find(|(k, _)| k == "vcs.repository.url.full").cloned();

    let first = run(vec![envelope(100, vec![Event::Trace { at: Timestamp(5), patch: Box::new(trace) }])], Known::default());
    assert_eq!(url(&first).map(|(_, v)| v).as_deref(), Some("https://github.com/o/r"));
    let second = run(vec![envelope(200, vec![whole(session)])], stored(&first));

    assert_eq!(url(&second).map(|(_, v)| v).as_deref(), Some("https://github.com/o/other"), "its own step knows better");
    assert!(second.traces["t"].stored.trace.metadata.contains(&("vcs.ref.head.name".to_owned(), "fix/x".to_owned())));
}

#[test]
fn commits_and_pull_requests_are_rows_whose_versions_decide() {
    use agenttrace_domain::agent::{Commit, PullRequest};
    let commit =
        |pushed: i64| AgentRecord::Commit(Box::new(Commit { sha: "ab".into(), pushed_at: Timestamp(pushed), ..Commit::default() }));
    let request = |updated: i64| {
        AgentRecord::PullRequest(Box::new(PullRequest { number: 7, updated_at: Timestamp(updated), ..PullRequest::default() }))
    };
    let events = [commit(5), commit(3), request(9), request(8)].map(Event::Agent).to_vec();

    let folded = run(vec![envelope(100, events)], Known::default());

    let (commits, requests) = (folded.commit_rows(), folded.pull_request_rows());
    assert!(commits[1].row_version > commits[0].row_version, "the first push counts");
    assert!(requests[0].row_version > requests[1].row_version, "the later standing counts");
}
