//! The transcripts of sessions that hooks tell of: read behind them, and sent with what they told.

mod stand;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use stand::{Home, Server, until};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/agents");
const ROLLOUT: &str = ".codex/sessions/2026/11/22/rollout-2026-11-22T15-18-51-01a203d6-b310-7c60-90e7-c00ad77c85fc.jsonl";

fn recorded(name: &str) -> String {
    std::fs::read_to_string(Path::new(FIXTURES).join(name)).expect(name)
}

/// Requests to the model that worked, by what truly happened.
fn answers(scenario: &str) -> usize {
    let meta: Value = serde_json::from_str(&recorded(&format!("{scenario}/meta.json"))).expect("JSON");
    meta["truth"]["api_requests"].as_array().expect("requests").iter().filter(|request| request["status"] == 200).count()
}

/// The model calls that the server was told of, with their tokens.
fn calls(server: &Server) -> BTreeMap<String, Value> {
    let requests = server.requests().into_iter().filter(|request| request.path == "/api/public/ingestion");
    let events = requests.flat_map(|request| request.body["batch"].as_array().cloned().unwrap_or_default());
    events
        .filter(|event| event["body"]["usageDetails"].is_object())
        .map(|event| (event["body"]["id"].as_str().unwrap_or_default().to_owned(), event["body"]["usageDetails"].clone()))
        .collect()
}

fn batches(server: &Server) -> usize {
    server.requests().iter().filter(|request| request.path == "/api/public/ingestion").count()
}

fn payload(home: &Home, event: &str) -> Vec<u8> {
    let said = json!({"session_id": "01a203d6-b310-7c60-90e7-c00ad77c85fc", "transcript_path": home.at(ROLLOUT), "cwd": home.at("work"), "hook_event_name": event});
    said.to_string().into_bytes()
}

#[test]
fn what_an_agent_wrote_is_told_when_its_turn_ends_and_the_rest_when_there_is_more() {
    let (server, scenario) = (Server::new(), "codex/s2-resume-background");
    let home = Home::new().logged_in(&server);
    let rollout = recorded(&format!("{scenario}/transcripts/{}", ROLLOUT.trim_start_matches(".codex/")));
    let half = rollout.match_indices('\n').nth(28).expect("lines").0 + 1;
    home.write(ROLLOUT, &rollout[..half]);

    home.hook(&["codex"], &payload(&home, "Stop"));

    let first = until("the first answers", || Some(calls(&server)).filter(|calls| !calls.is_empty()));
    assert!(first.len() < answers(scenario), "{first:?}");
    home.write(ROLLOUT, &rollout);
    home.hook(&["codex"], &payload(&home, "SessionEnd"));
    let all = until("all answers", || Some(calls(&server)).filter(|calls| calls.len() == answers(scenario)));
    assert!(first.iter().all(|(id, usage)| all[id] == *usage));

    let sent = batches(&server);
    home.hook(&["codex"], &payload(&home, "SessionEnd"));
    home.run(&["upload"]);
    assert_eq!(batches(&server), sent, "nothing is new");
}

#[test]
fn what_is_written_behind_the_last_hook_is_told_too() {
    let (server, scenario) = (Server::new(), "codex/s2-resume-background");
    let home = Home::new().logged_in(&server);

    home.hook(&["codex"], &payload(&home, "Stop"));
    until("the hook", || (!server.hooks().is_empty()).then_some(()));
    home.write(ROLLOUT, &recorded(&format!("{scenario}/transcripts/{}", ROLLOUT.trim_start_matches(".codex/"))));

    until("the answers", || (calls(&server).len() == answers(scenario)).then_some(()));
    until("the session forgotten", || {
        std::fs::read_dir(home.at("state/agenttrace/follow")).is_ok_and(|mut files| files.next().is_none()).then_some(())
    });
}

#[test]
fn every_agents_session_is_found_with_its_subagents_and_nobody_elses() {
    for (agent, scenario, place, session, named) in [
        (
            "claude-code",
            "claude-code/s2-resume-subagent",
            ".claude/projects",
            "b7a2ab3a-6b1c-4ef2-b7e1-14d75e27a01f",
            Some("-home-dev-shop/b7a2ab3a-6b1c-4ef2-b7e1-14d75e27a01f.jsonl"),
        ),
        ("gemini-cli", "gemini-cli/s2-resume", ".gemini/tmp", "dfaffa0d", Some("shop/chats/session-2026-11-22T15-22-dfaffa0d.jsonl")),
        ("copilot-cli", "copilot-cli/s2-continue-subagent", ".copilot/session-state", "cb75eb03-2fd0-4e82-85ec-4f03ec69eb0e", None),
    ] {
        let server = Server::new();
        let home = Home::new().logged_in(&server);
        let _nobody = home.without_uploader();
        copy(&Path::new(FIXTURES).join(scenario).join("transcripts"), &home.at(place));
        // Of another session, of which no hook told.
        copy(&Path::new(FIXTURES).join(agent).join("s1-fix-and-commit/transcripts"), &home.at(place));
        let mut said = json!({"session_id": session, "sessionId": session, "hook_event_name": "SessionEnd", "cwd": home.at("work")});
        if let Some(named) = named {
            said["transcript_path"] = home.at(place).join(named).to_string_lossy().into();
        }

        home.hook(&[agent, "sessionEnd"], said.to_string().as_bytes());
        assert_eq!(calls(&server).len(), 0);
        home.run(&["upload"]);

        let found = calls(&server);
        assert_eq!(found.len(), answers(scenario), "{agent}: {found:?}");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).expect("copied");
        }
    }
}

#[test]
fn without_a_login_nothing_is_read_and_later_all_is() {
    let (server, scenario) = (Server::new(), "codex/s2-resume-background");
    let home = Home::new();
    home.write(ROLLOUT, &recorded(&format!("{scenario}/transcripts/{}", ROLLOUT.trim_start_matches(".codex/"))));
    home.hook(&["codex"], &payload(&home, "Stop"));
    until("the uploader's end", || home.uploader().is_none().then_some(()));

    let home = home.logged_in(&server);
    home.run(&["upload"]);

    assert_eq!((server.hooks().len(), calls(&server).len()), (1, answers(scenario)));
}

#[test]
fn what_an_agent_wrote_under_wrap_is_told_with_the_run_and_of_other_folders_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let (server, scenario) = (Server::new(), "codex/s2-resume-background");
    let mut home = Home::new().logged_in(&server);
    let rollout = recorded(&format!("{scenario}/transcripts/{}", ROLLOUT.trim_start_matches(".codex/")));
    home.write("here.jsonl", &rollout.replace("/home/dev/shop", &home.at("work").to_string_lossy()));
    home.write("elsewhere.jsonl", &rollout.replace("01a203d6-b310", "01a203d6-b311"));
    let sessions = ".codex/sessions/2026/11/22";
    home.write(
        "bin/codex",
        &format!("#!/bin/sh\nmkdir -p ~/{sessions}\ncp ~/here.jsonl ~/{ROLLOUT}\ncp ~/elsewhere.jsonl ~/{sessions}/rollout-other.jsonl\n"),
    );
    std::fs::set_permissions(home.at("bin/codex"), std::fs::Permissions::from_mode(0o755)).expect("a program");
    let path = format!("{}:{}", home.at("bin").display(), std::env::var("PATH").unwrap_or_default());
    home.variables.iter_mut().filter(|(name, _)| name == "PATH").for_each(|(_, value)| value.clone_from(&path));

    let out = home.run(&["wrap", "--", "codex"]);

    assert_eq!((out.status.code(), String::from_utf8_lossy(&out.stderr).as_ref()), (Some(0), ""));
    let found = calls(&server);
    assert_eq!(found.len(), answers(scenario), "{found:?}");
    let told = serde_json::to_string(&server.requests().iter().map(|request| request.body.clone()).collect::<Vec<_>>()).expect("JSON");
    assert!(!told.contains("01a203d6-b311"));
    let events = server.requests().into_iter().flat_map(|request| request.body["batch"].as_array().cloned().unwrap_or_default());
    let session = "01a203d6-b310-7c60-90e7-c00ad77c85fc";
    let runs: Vec<Value> = events
        .filter(|event| {
            event["type"] == "trace-create" && event["body"]["sessionId"] == session && event["body"]["id"] != format!("codex-{session}")
        })
        .map(|event| event["body"]["id"].clone())
        .collect();
    assert_eq!(runs.len(), 1, "the run is shown with the session");
    assert!(told.contains(&format!("\"agenttrace.run.trace_id\":{}", runs[0])), "{told:.2000}");
}
