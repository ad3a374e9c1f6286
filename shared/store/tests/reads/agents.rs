//! Sessions of agents, commits and pull requests: rows of many tables that are read as one.

use agenttrace_store::TimeRange;
use agenttrace_store::agents::{
    CommitFilter, CommitList, PullRequestFilter, PullRequestList, SessionFilter, SessionList, SessionOrder, UsageGroup,
};
use serde_json::json;

use crate::support::{Build, Db, push, request, row, second, step, trace};

const REPOSITORY: &str = "https://github.com/o/r";
const SHA: [&str; 3] =
    ["aaaaaaa111111111111111111111111111111111", "bbbbbbb111111111111111111111111111111111", "ccccccc111111111111111111111111111111111"];

fn session(id: &str, n: i64) -> Build {
    trace(id, &second(n)).set("metadata", json!({"agent.name": "codex", "vcs.repository.url.full": REPOSITORY})).set("session_id", id)
}

fn call(trace_id: &str, id: &str, n: i64, pico: i64) -> Build {
    step(trace_id, id, &second(n))
        .set("metadata", json!({"agent.name": "codex", "agent.record": "model_call"}))
        .set("model", "m")
        .set("total_tokens", 10)
        .set("total_cost", pico)
}

fn link(id: &str, trace_id: &str, sha: &str, n: i64) -> Build {
    row("git_links", id, &second(n)).set("trace_id", trace_id).set("commit_sha", sha).set("confidence", 1.0).set("method", "manual")
}

fn commits(filter: CommitFilter, limit: usize) -> CommitList {
    CommitList { range: TimeRange::default(), filter, after: None, limit }
}

#[tokio::test]
async fn what_is_told_twice_or_replaced_counts_once_in_a_session() {
    let db = Db::new().await;
    let command = |id: &str, exit: i64| row("terminal_commands", id, &second(2)).set("trace_id", "s").set("exit_code", exit);
    let file = |id: &str, path: &str| {
        row("file_operations", id, &second(2)).set("trace_id", "s").set("operation", "UPDATE").set("file_path", path).set("lines_added", 2)
    };
    db.insert(&[session("s", 0), call("s", "c", 1, 5), command("k", 1), command("l", 0), file("f", "a"), file("g", "a"), file("h", "b")])
        .await;
    // The call's begin moves to another minute, a command turns out well, a file's row is deleted.
    db.insert(&[call("s", "c", 1, 5).version(2).deleted(), call("s", "c", 61, 5).version(2)]).await;
    db.insert(&[
        command("k", 0).version(2),
        file("h", "b").version(2).deleted(),
        link("1", "s", &SHA[0][..7], 3),
        link("2", "s", SHA[0], 3),
    ])
    .await;

    let found = db.project().get_agent_session("s").await.expect("an answer").expect("the session");

    assert_eq!((found.model_calls, found.commands, found.failed_commands), (1, 2, 0));
    assert_eq!((found.files_changed, found.lines_added, found.commits), (1, 4, 1));
    let usage = db.project().agent_usage(UsageGroup::Model, TimeRange::default(), &SessionFilter::default(), 10).await.expect("sums");
    assert_eq!(usage.iter().map(|row| (row.key.as_str(), row.commands, row.total_tokens)).collect::<Vec<_>>(), [("m", 2, 10)]);
    assert_eq!(db.other_project().get_agent_session("s").await.expect("an answer"), None);
    assert_eq!(db.project().get_agent_session("none").await.expect("an answer"), None);
    db.done().await;
}

#[tokio::test]
async fn a_sessions_cost_is_split_among_its_commits_on_whatever_pages_they_are() {
    let db = Db::new().await;
    db.insert(&[
        session("s", 0),
        session("t", 0),
        call("s", "1", 1, 1),
        call("s", "2", 5, 2),
        call("s", "3", 15, 4),
        call("s", "4", 99, 8),
    ])
    .await;
    db.insert(&[
        call("t", "1", 3, 100),
        link("a", "s", SHA[0], 4),
        link("b", "s", SHA[1], 10),
        link("c", "s", &SHA[2][..8], 20),
        link("d", "t", SHA[1], 9),
    ])
    .await;
    db.insert(&[push(SHA[2], REPOSITORY, "main", &second(20))]).await;

    let (mut costs, mut after) = (Vec::new(), None);
    loop {
        let list = CommitList { after: after.clone(), ..commits(CommitFilter::default(), 1) };
        let (rows, next) = db.project().list_commits(list).await.expect("a list");
        costs.extend(rows.into_iter().map(|row| (row.commit_sha, row.cost.map(|usd| (usd * 1e12).round()), row.sessions.len())));
        after = next;
        if after.is_none() {
            break;
        }
    }

    let expected = [(SHA[2], Some(4.0), 1), (SHA[1], Some(102.0), 2), (SHA[0], Some(1.0), 1)];
    assert_eq!(costs, expected.map(|(sha, cost, sessions)| (sha.to_owned(), cost, sessions)));
    db.done().await;
}

#[tokio::test]
async fn links_pushes_requests_and_runs_meet_in_any_order_of_arrival() {
    let rows = [
        push(SHA[0], REPOSITORY, "fix/x", &second(1)).set("message", "fix").set("agents", vec!["aider"]),
        link("a", "s", &SHA[0][..9], 1),
        session("s", 0),
        request(REPOSITORY, 4, "fix/x", &second(2)),
        row("ci_runs", "run", &second(3))
            .set("provider", "GITHUB_ACTIONS")
            .set("run_id", "1")
            .set("status", "SUCCESS")
            .set("commit_sha", SHA[0])
            .set("repository_url", REPOSITORY),
        row("ci_runs", "job", &second(3))
            .set("provider", "GITHUB_ACTIONS")
            .set("run_id", "1")
            .set("job_name", "lint")
            .set("status", "FAILURE")
            .set("commit_sha", SHA[0])
            .set("repository_url", REPOSITORY),
    ];
    for turn in 0..2 {
        let db = Db::new().await;
        let mut rows = rows.to_vec();
        if turn == 1 {
            rows.reverse();
        }
        for row in rows {
            db.insert(&[row]).await;
        }

        let filter = CommitFilter { repository: Some(REPOSITORY.to_owned()), agent: Some("aider".to_owned()), ..CommitFilter::default() };
        let (found, _) = db.project().list_commits(commits(filter, 10)).await.expect("a list");

        assert_eq!(found.len(), 1);
        assert_eq!((found[0].commit_sha.as_str(), found[0].pr_number, found[0].branch.as_deref()), (SHA[0], Some(4), Some("fix/x")));
        assert_eq!((found[0].ci_status.as_deref(), found[0].ci_runs), (Some("success"), 1), "a run's own word counts over its jobs'");
        let list = PullRequestList { range: TimeRange::default(), filter: PullRequestFilter::default(), after: None, limit: 10 };
        let (requests, _) = db.project().list_pull_requests(list).await.expect("a list");
        assert_eq!(requests[0].agents, ["aider", "codex"], "of its sessions, and co-authors");
        assert_eq!(requests.iter().map(|r| (r.number, r.commits, r.sessions, r.state.as_str())).collect::<Vec<_>>(), [(4, 1, 1, "open")]);
        db.done().await;
    }
}

#[tokio::test]
async fn pages_of_sessions_have_no_gaps_and_no_doubles_in_any_order() {
    let db = Db::new().await;
    let mut rows: Vec<Build> =
        (0..20).map(|n| session(&format!("s{n:02}"), n * 7 % 20).set("total_cost", n % 3).set("latency_ms", n % 4)).collect();
    rows.extend(
        (0..10).map(|n| row("terminal_commands", &n.to_string(), &second(5)).set("trace_id", format!("s{:02}", n % 4)).set("exit_code", 1)),
    );
    rows.push(trace("no agent", &second(3)));
    db.insert(&rows).await;

    for order in ["startTime", "totalCost", "durationMs", "failedCommands"] {
        let order = SessionOrder::parse(Some(order)).expect("an order");
        let list = |after, limit| SessionList { range: TimeRange::default(), filter: SessionFilter::default(), order, after, limit };
        let (whole, _) = db.project().list_agent_sessions(list(None, 100)).await.expect("a list");
        assert_eq!(whole.len(), 20);
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let (rows, next) = db.project().list_agent_sessions(list(after, 3)).await.expect("a list");
            pages.extend(rows);
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(pages, whole, "{order:?}");
    }
    db.done().await;
}

#[tokio::test]
async fn every_filter_alone_and_all_together_are_valid_and_hold() {
    let db = Db::new().await;
    db.insert(&[session("s", 0), link("a", "s", SHA[0], 1), request(REPOSITORY, 4, "fix/x", &second(2))]).await;
    let hostile = || Some("x') OR 1=1 --".to_owned());

    let filter = CommitFilter { repository: hostile(), branch: hostile(), author: hostile(), agent: hostile(), search: hostile() };
    assert!(db.project().list_commits(commits(filter, 5)).await.expect("a list").0.is_empty());
    let filter = PullRequestFilter {
        repository: hostile(),
        branch: hostile(),
        author: hostile(),
        agent: hostile(),
        search: hostile(),
        state: Some("unknown"),
    };
    let list = PullRequestList { range: TimeRange::default(), filter, after: None, limit: 5 };
    assert!(db.project().list_pull_requests(list).await.expect("a list").0.is_empty());
    let filter = SessionFilter {
        agent: hostile(),
        repository: hostile(),
        branch: hostile(),
        user_id: hostile(),
        environment: hostile(),
        search: hostile(),
    };
    for group in ["agent", "repository", "branch", "userId", "model", "day"] {
        let group = UsageGroup::parse(group).expect("a group");
        assert!(db.project().agent_usage(group, TimeRange::default(), &filter, 5).await.expect("sums").is_empty());
    }
    db.done().await;
}
