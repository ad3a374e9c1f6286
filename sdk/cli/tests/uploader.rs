//! The uploader against a server that keeps what it is sent: killed, refused, put off, and told to keep quiet about some files.

mod stand;

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use serde_json::{Value, json};
use stand::{Home, Server, until};

fn put(home: &Home, n: usize, agent: &str, event: Value) {
    let entry = json!({"path": format!("/api/public/agents/{agent}/hooks"), "body": {"id": format!("id-{n}"), "at": "2026-11-29T12:00:00.000000Z", "event": event,
                       "git": {"root": home.at("work")}}});
    home.write(&format!("state/agenttrace/spool/{n:020}-1-1.json"), &entry.to_string());
}

#[test]
fn killed_at_any_point_it_loses_and_doubles_nothing() {
    const KILLS: usize = 60;
    const AGENTS: [&str; 4] = ["claude-code", "codex", "cursor", "opencode"];
    let (arrived, arrivals) = mpsc::channel();
    let arrived = Mutex::new(arrived);
    // The test says of each request whether the server takes it, or dies over it.
    let (verdict, verdicts) = mpsc::channel::<bool>();
    let verdicts = Mutex::new(verdicts);
    let store: Arc<Mutex<HashMap<String, Value>>> = Arc::default();
    let kept = Arc::clone(&store);
    let server = Server::answering(move |request| {
        let _ = arrived.lock().map(|arrived| arrived.send(()));
        if verdicts.lock().expect("verdicts").recv() != Ok(true) {
            return (503, json!({"message": "gone"}));
        }
        for envelope in request.body.as_array().into_iter().flatten() {
            let id = envelope["id"].as_str().expect("an id").to_owned();
            let again = kept.lock().expect("a store").insert(id, envelope.clone());
            assert!(again.is_none_or(|before| before == *envelope), "the same id says the same");
        }
        (207, json!({"successes": [], "errors": []}))
    });
    let home = Home::new().logged_in(&server);
    // A fixed sequence of moments, so that a failure can be seen again.
    let mut seed = 7_u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % below
    };
    let arrival = || arrivals.recv_timeout(Duration::from_secs(60)).expect("a request");
    let mut made = 0;
    for _ in 0..KILLS {
        // New ones come between two lives; with these each life has a request to make for each agent.
        for _ in 0..20 {
            put(&home, made, AGENTS[made % 4], json!({"session_id": "s", "n": made, "text": "x".repeat(made % 700)}));
            made += 1;
        }
        let mut uploader = home.command(&["upload"]).stdout(Stdio::null()).spawn().expect("it starts");
        for _ in 0..random(4) {
            arrival();
            verdict.send(true).expect("the server waits");
        }
        arrival();
        let taken = random(3) > 0;
        if taken {
            // Some way into what follows the answer.
            verdict.send(true).expect("the server waits");
            let mut left = random(300_000);
            while std::hint::black_box(left) > 0 {
                left -= 1;
            }
        }
        uploader.kill().expect("killed");
        uploader.wait().expect("gone");
        if !taken {
            verdict.send(false).expect("the server waits");
        }
        // What it may have begun beyond that is lost, too: its connection ends, so the server hears of it at once or never.
        while arrivals.recv_timeout(Duration::from_millis(20)).is_ok() {
            verdict.send(false).expect("the server waits");
        }
    }
    let mut uploader = home.command(&["upload"]).stdout(Stdio::null()).spawn().expect("it starts");
    while uploader.try_wait().expect("a child").is_none() {
        if arrivals.recv_timeout(Duration::from_millis(10)).is_ok() {
            verdict.send(true).expect("the server waits");
        }
    }

    let store = store.lock().expect("a store");
    assert_eq!(store.len(), made);
    for n in 0..made {
        assert_eq!(store[&format!("id-{n}")]["event"]["n"], n);
    }
    assert!(home.waiting().is_empty() && home.refused().is_empty());
}

#[test]
fn what_the_server_refuses_is_put_aside_with_its_reason_and_the_rest_is_done() {
    let server = Server::answering(|request| {
        let rows = request.body.as_array().cloned().unwrap_or_default();
        let bad = |row: &Value| row["event"]["bad"] == true;
        let errors: Vec<Value> = (0..)
            .zip(&rows)
            .filter(|(_, row)| bad(row))
            .map(|(index, _)| json!({"index": index, "message": "no session"}))
            .collect::<Vec<_>>();
        (207, json!({"successes": [], "errors": errors}))
    });
    let home = Home::new().logged_in(&server);
    for n in 0..2_500 {
        put(&home, n, "claude-code", json!({"bad": n % 1_000 == 7}));
    }

    let told = home.json(&["upload", "--json"]);

    assert_eq!((&told["sent"], &told["refused"], &told["left"]), (&2_497.into(), &3.into(), &0.into()));
    let mut refused: Vec<(String, String)> =
        home.refused().into_iter().map(|(entry, reason)| (entry["body"]["id"].as_str().unwrap_or_default().to_owned(), reason)).collect();
    refused.sort_unstable();
    let expected = ["id-1007", "id-2007", "id-7"].map(|id| (id.to_owned(), "no session".to_owned()));
    assert_eq!(refused, expected);
    let sizes: Vec<usize> = server.requests().iter().map(|request| request.body.as_array().map_or(0, Vec::len)).collect();
    assert_eq!(sizes, [1_000, 1_000, 500]);
    let first = &server.requests()[0].body[0];
    assert_eq!(first["userId"], "dev", "the settings say whose they are");
}

#[test]
fn what_is_too_large_at_once_goes_in_halves_and_what_must_wait_waits() {
    let busy = AtomicUsize::new(0);
    let server = Server::answering(move |request| {
        if busy.fetch_add(1, Ordering::Relaxed) == 0 {
            return (503, json!({"message": "later"}));
        }
        if request.body.as_array().is_some_and(|rows| rows.len() > 3) { (413, json!({"message": "too large"})) } else { (207, json!({})) }
    });
    let home = Home::new().logged_in(&server);
    (0..10).for_each(|n| put(&home, n, "codex", json!({"n": n})));

    let told = home.json(&["upload", "--json"]);

    assert_eq!((&told["sent"], &told["refused"], &told["left"]), (&10.into(), &0.into(), &0.into()));
    assert!(home.waiting().is_empty());
}

#[test]
fn secrets_and_files_that_must_stay_do_not_leave() {
    let server = Server::new();
    let home = Home::new().logged_in(&server);
    home.git("work", &["init", "-q"]);
    home.write("work/.gitignore", "notes/\n*.local\n");
    let work = home.at("work");
    let read = |path: &str| {
        json!({"session_id": "s", "cwd": work, "hook_event_name": "PostToolUse", "tool_name": "Read", "tool_use_id": "t",
               "tool_input": {"file_path": path}, "tool_response": {"content": "the planted text"}})
    };
    for (n, path) in ["/w/.env", "notes/diary.md", "src/a.local", "src/a.rs"].into_iter().enumerate() {
        put(&home, n, "claude-code", read(path));
    }
    put(&home, 4, "claude-code", json!({"prompt": "use AKIAQ3EGRJ5NXW7KD2LM", "session_id": "s"}));

    let told = home.json(&["upload", "--json"]);

    assert_eq!((&told["sent"], &told["redacted"]), (&5.into(), &1.into()));
    let hooks = server.hooks();
    for n in 0..3 {
        let event = &hooks[&format!("id-{n}")]["event"];
        assert!(
            !event.to_string().contains("planted") && event["tool_input"]["file_path"].is_string() && event["tool_use_id"] == "t",
            "{event}"
        );
    }
    assert!(hooks["id-3"].to_string().contains("planted"));
    assert!(!hooks["id-4"].to_string().contains("AKIAQ3EGRJ5NXW7KD2LM"));
}

#[test]
fn what_cannot_be_scanned_is_not_sent() {
    let server = Server::new();
    let home = Home::new().logged_in(&server);
    let deep = (0..120).fold(json!("bottom"), |inner, _| json!([inner]));
    let deeper = (0..10).fold(deep, |inner, _| json!({"in": inner}));
    // Too deep for the scanner, though not for the reader.
    let entry = json!({"path": "/api/public/agents/codex/hooks", "body": {"id": "deep", "event": deeper}}).to_string();
    home.write("state/agenttrace/spool/00000000000000000001-1-1.json", &entry);
    put(&home, 2, "codex", json!({"n": 2}));

    let told = home.json(&["upload", "--json"]);

    assert_eq!((&told["sent"], &told["refused"]), (&1.into(), &1.into()));
    assert_eq!(server.hooks().into_keys().collect::<Vec<_>>(), ["id-2"]);
    assert_eq!(home.refused().len(), 1);
}

#[test]
fn hooks_reach_the_server_by_themselves_as_soon_as_it_answers() {
    let up = Arc::new(AtomicUsize::new(0));
    let says = Arc::clone(&up);
    let server = Server::answering(move |_| if says.load(Ordering::Relaxed) == 1 { (207, json!({})) } else { (503, json!({})) });
    let home = Home::new().logged_in(&server);

    home.hook(&["codex"], br#"{"session_id": "s", "hook_event_name": "Stop", "cwd": "/"}"#);

    until("a first try", || (!server.requests().is_empty()).then_some(()));
    assert_eq!(home.waiting().len(), 1);
    up.store(1, Ordering::Relaxed);
    until("an empty spool", || home.waiting().is_empty().then_some(()));
    assert_eq!(home.json(&["status", "--json"])["uploader"]["running"], true);
}

#[test]
fn what_a_sandbox_left_beside_is_taken_over() {
    let server = Server::new();
    let home = Home::new().logged_in(&server);
    let beside = home.at(&format!("tmp/agenttrace-{}", rustix::process::getuid().as_raw()));
    std::fs::create_dir_all(&beside).expect("a folder");
    std::fs::set_permissions(&beside, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("closed");
    let entry = json!({"path": "/api/public/agents/codex/hooks", "body": {"id": "beside", "event": {"n": 1}}});
    std::fs::write(beside.join("00000000000000000001-1-1.json"), entry.to_string()).expect("written");

    home.run(&["upload"]);

    assert_eq!(server.hooks().into_keys().collect::<Vec<_>>(), ["beside"]);
    // Of a folder that others can write to nothing is taken.
    std::fs::set_permissions(&beside, std::os::unix::fs::PermissionsExt::from_mode(0o777)).expect("opened");
    std::fs::write(beside.join("00000000000000000002-1-1.json"), entry.to_string()).expect("written");
    home.run(&["upload"]);
    assert_eq!(server.requests().len(), 1);
}
