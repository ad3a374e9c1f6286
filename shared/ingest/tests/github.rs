//! Recorded webhooks of GitHub (`tests/fixtures/github`) become commits, pull requests, CI runs and links.

use agenttrace_domain::agent::{AgentRecord, CiRun, CiStatus, Commit, GitLink, PullRequest};
use agenttrace_domain::{Event, Timestamp};
use agenttrace_ingest::github::{Delivery, delivery};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

fn fixture(name: &str) -> Value {
    let path = format!("{}/../../tests/fixtures/github/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))).expect("JSON")
}

fn read(event: &str, payload: &Value) -> Delivery {
    delivery(event, payload.to_string().as_bytes(), NOW).unwrap_or_else(|e| panic!("{event}: {e}"))
}

fn records(event: &str, payload: &Value) -> Vec<AgentRecord> {
    let events = read(event, payload).events.into_iter();
    events.map(|event| if let Event::Agent(record) = event { record } else { panic!("{event:?} is no fact") }).collect()
}

fn commits(records: &[AgentRecord]) -> Vec<&Commit> {
    records.iter().filter_map(|record| if let AgentRecord::Commit(commit) = record { Some(&**commit) } else { None }).collect()
}

fn links(records: &[AgentRecord]) -> Vec<&GitLink> {
    records.iter().filter_map(|record| if let AgentRecord::GitLink(link) = record { Some(&**link) } else { None }).collect()
}

fn request(payload: &Value) -> PullRequest {
    match records("pull_request", payload).as_slice() {
        [AgentRecord::PullRequest(request)] => (**request).clone(),
        other => panic!("{other:?}"),
    }
}

fn run(event: &str, payload: &Value) -> CiRun {
    match records(event, payload).as_slice() {
        [AgentRecord::CiRun(run)] => (**run).clone(),
        other => panic!("{other:?}"),
    }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

#[test]
fn a_push_tells_its_commits() {
    let told = records("push", &fixture("push"));

    let commits = commits(&told);
    assert_eq!(commits.len(), 1, "the head is one of the commits");
    let commit = commits[0];
    assert_eq!(commit.repository_url, "https://github.com/codertocat/hello-world");
    assert_eq!((commit.sha.as_str(), commit.branch.as_str()), ("6113728f27ae82c7b1a177c8d03f9e96e0adf246", "master"));
    assert_eq!((commit.message.as_str(), commit.author_name.as_str()), ("Initial commit", "Codertocat"));
    assert_eq!((commit.files_changed.as_slice(), commit.timestamp), (["README.md".to_owned()].as_slice(), at("2019-05-15T15:19:25Z")));
    assert_eq!(commit.pushed_at, Timestamp(1_557_933_657_000_000));
    assert!(links(&told).is_empty(), "it names no session");
}

#[test]
fn a_message_links_to_the_session_that_it_names() {
    let mut push = fixture("push");
    push["commits"][0]["message"] = json!("fix\n\nCo-Authored-By: Claude <noreply@anthropic.com>\nAgentTrace-Session: claude-code-7d3f");

    let told = records("push", &push);

    let link = links(&told)[0];
    assert_eq!((link.trace_id.as_str(), link.agent.as_str(), link.method.as_str()), ("claude-code-7d3f", "claude-code", "trailer"));
    assert_eq!((link.commit_sha.as_str(), link.timestamp), (commits(&told)[0].sha.as_str(), commits(&told)[0].timestamp));
    assert_eq!(commits(&told)[0].agents, ["claude-code"]);
}

#[test]
fn a_co_author_alone_is_a_fact_and_no_link() {
    let mut push = fixture("push");
    push["commits"][0]["message"] = json!("fix\n\nCo-authored-by: aider (openai/gpt-4.1) <aider@aider.chat>");

    let told = records("push", &push);

    assert!(links(&told).is_empty());
    assert_eq!(commits(&told)[0].agents, ["aider"]);
}

#[test]
fn tags_and_deleted_refs_tell_nothing() {
    for name in ["push_tag", "push_deleted"] {
        let delivery = read("push", &fixture(name));
        assert!(delivery.events.is_empty() && delivery.known, "{name}");
    }
}

#[test]
fn a_pull_request_is_told_whole_by_each_action() {
    let opened = request(&fixture("pull_request_opened"));
    let closed = request(&fixture("pull_request_closed"));

    assert_eq!((opened.number, opened.state(), opened.head_branch.as_str(), opened.base_branch.as_str()), (2, "open", "changes", "master"));
    assert_eq!((opened.author.as_str(), opened.additions, opened.deletions), ("Codertocat", Some(1), Some(1)));
    assert_eq!(opened.created_at, at("2019-05-15T15:20:33Z"));
    assert_eq!((closed.state(), closed.merge_sha.as_str()), ("closed", ""), "a trial merge is no merge");
    assert!(closed.version() > opened.version());

    let mut merged = fixture("pull_request_closed");
    merged["pull_request"]["merged_at"] = json!("2019-05-15T15:21:18Z");
    let merged = request(&merged);
    assert_eq!((merged.state(), merged.merge_sha.len()), ("merged", 40));
}

#[test]
fn runs_and_jobs_are_ci_runs_with_ids_that_do_not_change() {
    let (requested, completed) =
        (run("workflow_run", &fixture("workflow_run_requested")), run("workflow_run", &fixture("workflow_run_completed")));
    assert_eq!(requested.id, completed.id);
    assert_eq!((requested.status, completed.status), (Some(CiStatus::Pending), Some(CiStatus::Success)));
    assert_eq!((completed.pr_number, completed.attempt, requested.finished_at), (Some(2), Some(1), None));
    assert!(completed.finished_at >= completed.started_at);

    let job = run("workflow_job", &fixture("workflow_job_completed"));
    assert_eq!(
        (job.job_name.as_deref(), job.workflow_name.as_deref(), job.status),
        (Some("linters"), Some("CodeQL"), Some(CiStatus::Failure))
    );
    assert_eq!((job.started_at, job.finished_at), (Some(at("2021-08-05T10:34:58Z")), Some(at("2021-08-05T10:38:16Z"))));
    assert_eq!(run("workflow_job", &fixture("workflow_job_in_progress")).status, Some(CiStatus::Running));
    let queued = run("workflow_job", &fixture("workflow_job_queued"));
    assert_eq!((queued.status, queued.started_at), (Some(CiStatus::Pending), None), "what waits has not begun");
}

#[test]
fn deliveries_in_any_order_give_one_run() {
    let mut running = fixture("workflow_run_requested");
    running["workflow_run"]["status"] = json!("in_progress");
    let told = [
        run("workflow_run", &fixture("workflow_run_requested")),
        run("workflow_run", &running),
        run("workflow_run", &fixture("workflow_run_completed")),
    ];
    let merged = |order: [usize; 3]| {
        let mut stored = CiRun { id: told[0].id.clone(), ..CiRun::default() };
        order.into_iter().chain(order).for_each(|i| stored.merge(told[i].clone()));
        stored
    };

    let expected = merged([0, 1, 2]);

    assert_eq!(expected.status, Some(CiStatus::Success));
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(merged(order), expected, "{order:?}");
    }
}

#[test]
fn pings_and_other_events_are_taken_and_tell_nothing() {
    for (event, name, known) in [("ping", "ping", true), ("issues", "issues", false)] {
        assert_eq!(read(event, &fixture(name)), Delivery { events: Vec::new(), known }, "{event}");
    }
}

#[test]
fn payloads_that_are_none_are_refused_with_a_sentence_and_unusable_facts_are_left_out() {
    for (event, body) in [
        ("push", "{}"),
        ("push", "not JSON"),
        ("ping", "{\"a\":"),
        ("pull_request", "[]"),
        ("workflow_run", "{\"workflow_run\":1}"),
        ("workflow_job", "null"),
    ] {
        let error = delivery(event, body.as_bytes(), NOW).expect_err(body);
        assert!(error.starts_with("the payload can't be read"), "{error}");
    }
    let mut push = fixture("push");
    for (field, value) in [("id", json!("../../etc")), ("timestamp", json!("yesterday"))] {
        let mut broken = push.clone();
        broken["commits"][0][field] = value.clone();
        broken["head_commit"][field] = value;
        assert!(records("push", &broken).is_empty(), "{field}");
    }
    push["commits"][0]["message"] = json!("x".repeat(1 << 20));
    push["commits"][0]["added"] = json!(vec!["a/long/path"; 100_000]);
    let told = records("push", &push);
    assert!(commits(&told)[0].message.len() <= 64 << 10 && commits(&told)[0].files_changed.len() <= 3_000);
}
