//! `agenttrace hook` as agents call it: a process, a payload on its standard input, and nothing on its standard output.

mod stand;

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use serde_json::{Value, json};
use stand::{Home, Server, until};

const PAYLOAD: &str = r#"{"session_id":"c479555f","cwd":"CWD","hook_event_name":"PostToolUse","tool_name":"Bash","tool_input":{"command":"ls"},"tool_response":{"stdout":"a.txt é"},"tool_use_id":"toolu_01","duration_ms":4.50}"#;

fn in_work(home: &Home) -> String {
    PAYLOAD.replace("CWD", &home.at("work").to_string_lossy())
}

fn repository(home: &Home) {
    home.git("work", &["init", "-q"]);
    home.git("work", &["remote", "add", "origin", "https://user:hush@git.example.com/shop.git"]);
    home.write("work/a.txt", "one\n");
    home.git("work", &["add", "."]);
    home.git("work", &["commit", "-qm", "first"]);
}

#[test]
fn a_call_becomes_one_envelope_with_the_payload_unchanged() {
    let home = Home::new();
    let _nobody = home.without_uploader();
    repository(&home);
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-4a5c7b8cd92a20de-01";
    let mut command = home.command(&["hook", "claude-code", "PostToolUse"]);
    command
        .env("TRACEPARENT", trace)
        .env("AGENTTRACE_TRACE_ID", "t1")
        .env("AGENTTRACE_OBSERVATION_ID", "o1")
        .env("AGENTTRACE_ENVIRONMENT", "ci");

    let out = stand::with_input(command, in_work(&home).as_bytes());

    assert_eq!((out.status.code(), out.stdout.as_slice(), out.stderr.as_slice()), (Some(0), &b""[..], &b""[..]));
    let waiting = home.waiting();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["path"], "/api/public/agents/claude-code/hooks");
    let body = &waiting[0]["body"];
    assert_eq!(body["event"], serde_json::from_str::<Value>(&in_work(&home)).expect("JSON"));
    let commit = home.git("work", &["rev-parse", "HEAD"]);
    let git = json!({"root": home.at("work"), "repositoryUrl": "https://git.example.com/shop.git", "branch": "main", "commit": commit});
    assert_eq!(body["git"], git);
    assert_eq!((&body["traceparent"], &body["environment"]), (&trace.into(), &"ci".into()));
    assert_eq!(body["wrap"], json!({"traceId": "t1", "observationId": "o1"}));
    // The payload names its event itself.
    assert_eq!(body["eventName"], Value::Null);
    assert!(body["at"].as_str().is_some_and(|at| at.len() == 27 && at.ends_with('Z')), "{body}");
    let mode = std::fs::metadata(home.spool()).expect("a spool").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn an_event_that_the_payload_does_not_name_is_named_beside_it() {
    let home = Home::new();
    let _nobody = home.without_uploader();

    home.hook(&["copilot-cli", "preToolUse"], br#"{"sessionId":"s","cwd":"/","toolName":"bash"}"#);

    assert_eq!(home.waiting()[0]["body"]["eventName"], "preToolUse");
    assert_eq!(home.waiting()[0]["body"]["git"], Value::Null);
}

#[test]
fn nothing_that_goes_wrong_reaches_the_agent() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let huge = format!(r#"{{"tool_response":"{}"}}"#, "x".repeat(50_000_000));
    let home = Home::new();
    let _nobody = home.without_uploader();
    for (args, payload) in [
        (&["claude-code"][..], &b""[..]),
        (&["claude-code"], b"not JSON"),
        (&["claude-code"], b"{\"cut\": "),
        (&["claude-code"], b"[1,2]"),
        (&["claude-code"], b"\xff\xfe\x00"),
        (&["claude-code"], deep.as_bytes()),
        (&["no-such-agent"], b"{}"),
        (&[], b"{}"),
        (&["claude-code", "a", "b", "--c"], b"{}"),
        (&["claude-code"], br#"{"cwd": "/no/such/folder", "session_id": 7, "tool_use_id": {}}"#),
        (&["gemini-cli"], b"{\"session_id\": \"../../../etc\", \"hook_event_name\": \"BeforeTool\", \"cwd\": \"relative\"}"),
        (&["claude-code"], huge.as_bytes()),
    ] {
        let out = home.hook(args, payload);

        assert_eq!((out.status.code(), out.stdout.as_slice()), (Some(0), &b""[..]), "{args:?}");
    }
    let kept = home.waiting();
    assert_eq!(kept.len(), 4);
    let text = kept[3]["body"]["event"]["tool_response"].as_str().expect("text");
    assert!(text.len() < 70_000 && text.ends_with("x [cut]"), "{} bytes", text.len());
    assert!(!home.at("state/etc").exists() && !home.folder.with_file_name("etc").exists());
}

#[test]
fn a_home_that_cannot_be_written_to_goes_to_the_folder_for_temporary_files_and_none_at_all_is_survived() {
    let mut home = Home::new();
    home.write("blocked", "a file, not a folder");
    let blocked = home.at("blocked/state").to_string_lossy().into_owned();
    home.variables.iter_mut().find(|(name, _)| name == "XDG_STATE_HOME").expect("a variable").1 = blocked.clone();

    let out = home.hook(&["claude-code"], in_work(&home).as_bytes());

    assert_eq!((out.status.code(), out.stdout.len()), (Some(0), 0));
    let beside = std::fs::read_dir(home.at("tmp")).expect("a folder").flatten().next().expect("a spool").path();
    assert_eq!(std::fs::read_dir(beside).expect("a folder").count(), 1);

    home.variables.iter_mut().find(|(name, _)| name == "TMPDIR").expect("a variable").1 = blocked;
    home.variables.retain(|(name, _)| name != "HOME");
    let out = home.hook(&["claude-code"], in_work(&home).as_bytes());
    assert_eq!((out.status.code(), out.stdout.len()), (Some(0), 0));
}

#[test]
fn streams_that_are_closed_or_never_end_are_survived() {
    let home = Home::new();
    let _nobody = home.without_uploader();
    let closed = home.command(&[]).get_program().to_owned();
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", "exec \"$0\" hook claude-code <&- >&- 2>&-"]).arg(closed).env_clear().envs(home.variables.iter().cloned());
    assert_eq!(shell.status().expect("it runs").code(), Some(0));

    // The agent keeps the pipe open: what came is taken all the same.
    let mut child = home.command(&["hook", "claude-code"]).stdin(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut stdin, in_work(&home).as_bytes()).expect("written");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    drop(stdin);
    assert_eq!(home.waiting().len(), 1);
}

#[test]
fn fifty_at_once_lose_nothing_and_start_one_uploader() {
    let server = Server::new();
    let home = Home::new().logged_in(&server);
    let payload = in_work(&home);

    std::thread::scope(|scope| {
        for n in 0..50 {
            let (home, payload) = (&home, &payload);
            scope.spawn(move || {
                let payload = payload.replace("toolu_01", &format!("toolu_{n}"));
                assert_eq!(home.hook(&["claude-code"], payload.as_bytes()).status.code(), Some(0));
            });
        }
    });

    until("all fifty", || (server.hooks().len() == 50).then_some(()));
    let calls: std::collections::BTreeSet<String> = server.hooks().values().map(|h| h["event"]["tool_use_id"].to_string()).collect();
    assert_eq!(calls.len(), 50);
    until("an empty spool", || home.waiting().is_empty().then_some(()));
    assert!(server.requests().len() < 25, "they go together: {} requests", server.requests().len());
    let running = std::fs::read_dir("/proc").expect("processes").flatten().filter(|process| {
        let variables = std::fs::read(process.path().join("environ")).unwrap_or_default();
        let command = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        let ours = home.folder.to_string_lossy().into_owned();
        String::from_utf8_lossy(&command).contains("--detached") && String::from_utf8_lossy(&variables).contains(&ours)
    });
    assert_eq!(running.count(), 1);
}

#[test]
fn the_uploader_is_nobodys_child_and_holds_nothing_of_the_agents() {
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    // A server that does not answer while the agent waits for the end of our output.
    let server = Server::answering(move |_| {
        drop(held.lock().map(|held| held.recv()));
        (207, json!({"successes": [], "errors": []}))
    });
    let home = Home::new().logged_in(&server);
    home.write("payload", &in_work(&home));
    // An agent that leaked a pipe to its hook as descriptor 7: were it kept open, `cat` would not end.
    let script = "{ \"$0\" hook claude-code < \"$1\"; } 7>&1 | cat; ps -o sid= -p $$ 2>/dev/null || cut -d' ' -f6 /proc/$$/stat";
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", script, stand::BIN]).arg(home.at("payload")).env_clear().envs(home.variables.iter().cloned());

    let out = shell.output().expect("it ends");

    let session = String::from_utf8_lossy(&out.stdout).trim().to_owned();
    let pid = until("an uploader", || home.uploader());
    until("the request", || (!server.requests().is_empty()).then_some(()));
    let theirs = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).expect("it runs");
    let theirs = theirs.rsplit(')').next().and_then(|rest| rest.split(' ').nth(4)).expect("a session").to_owned();
    assert_eq!(theirs, pid.as_raw_nonzero().to_string());
    assert_ne!(theirs, session);
    drop(hold);
    until("an empty spool", || home.waiting().is_empty().then_some(()));
}

#[test]
fn git_is_read_right_in_every_kind_of_working_tree() {
    let home = Home::new();
    let _nobody = home.without_uploader();
    repository(&home);
    home.git("work", &["branch", "packed/branch"]);
    home.git("work", &["pack-refs", "--all"]);
    home.git("work", &["worktree", "add", "-q", "../tree", "packed/branch"]);
    home.git("work", &["clone", "-q", "--bare", ".", "../library.git"]);
    let library = home.at("library.git").to_string_lossy().into_owned();
    home.git("work", &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &library, "library"]);
    home.git("work", &["commit", "-qm", "second"]);
    std::fs::create_dir_all(home.at("empty")).expect("a folder");
    home.git("empty", &["init", "-q"]);
    home.git("work", &["clone", "-q", "--no-local", ".", "../detached"]);
    home.git("detached", &["checkout", "-q", "--detach"]);
    std::fs::create_dir_all(home.at("work/deep/er")).expect("a folder");

    for folder in ["work", "work/deep/er", "tree", "work/library", "empty", "detached"] {
        let payload = json!({"hook_event_name": "Stop", "cwd": home.at(folder)});
        home.hook(&["codex"], payload.to_string().as_bytes());

        let told = home.waiting().pop().expect("an entry")["body"]["git"].clone();
        let ask = |args: &[&str]| {
            let mut command = std::process::Command::new("git");
            let out =
                command.args(args).env_clear().envs(home.variables.iter().cloned()).current_dir(home.at(folder)).output().expect("git");
            let text = String::from_utf8_lossy(&out.stdout).trim().to_owned();
            if out.status.success() && !text.is_empty() { Value::String(text) } else { Value::Null }
        };
        assert_eq!(told["root"], ask(&["rev-parse", "--show-toplevel"]), "{folder}");
        assert_eq!(told["branch"], ask(&["symbolic-ref", "--quiet", "--short", "HEAD"]), "{folder}");
        assert_eq!(told["commit"], ask(&["rev-parse", "--verify", "--quiet", "HEAD"]), "{folder}");
        let url = ask(&["remote", "get-url", "origin"]);
        assert_eq!(
            told["repositoryUrl"].as_str().map(|u| u.replace("user:hush@", "")),
            url.as_str().map(|u| u.replace("user:hush@", "")),
            "{folder}"
        );
    }
}

#[test]
fn a_commit_under_an_agent_that_disables_git_hooks_is_found_by_its_calls() {
    let home = Home::new();
    let _nobody = home.without_uploader();
    repository(&home);
    let call = |event: &str, command: &str| {
        let payload = json!({"session_id": "g1", "hook_event_name": event, "cwd": home.at("work"), "tool_name": "run_shell_command",
                             "tool_input": {"command": command}});
        home.hook(&["gemini-cli"], payload.to_string().as_bytes());
    };
    let links = || home.waiting().into_iter().filter(|entry| entry["path"] == "/api/public/git-links").collect::<Vec<_>>();

    call("BeforeTool", "ls");
    call("AfterTool", "ls");
    assert_eq!(links().len(), 0);
    call("BeforeTool", "git switch");
    home.git("work", &["switch", "-qc", "other"]);
    call("AfterTool", "git switch");
    call("BeforeTool", "git commit");
    home.write("work/b.txt", "two\n");
    home.git("work", &["add", "."]);
    home.git("work", &["commit", "-qm", "second"]);
    home.git("work", &["commit", "-qm", "third", "--allow-empty"]);
    call("AfterTool", "git commit");
    call("AfterTool", "git commit");

    let told = links();
    let commits: Vec<&str> = told.iter().filter_map(|entry| entry["body"][0]["commitSha"].as_str()).collect();
    assert_eq!(commits, [home.git("work", &["rev-parse", "HEAD~1"]), home.git("work", &["rev-parse", "HEAD"])]);
    let body = &told[0]["body"][0];
    assert_eq!((&body["traceId"], &body["branch"]), (&"gemini-cli-g1".into(), &"other".into()));
    assert_eq!((&body["method"], &body["confidence"]), (&"hook_environment".into(), &0.9.into()));
}
