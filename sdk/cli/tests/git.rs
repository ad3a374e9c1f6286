//! `agenttrace git install` with real repositories: commits find what made them, and other hooks go on.

mod stand;

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};
use stand::{Home, Server, until};

const CODEX: [(&str, &str); 3] = [("CODEX_SESSION_ID", "s1"), ("CODEX_THREAD_ID", "s1"), ("CODEX_TOOL_CALL_ID", "call_1")];

fn home() -> Home {
    let home = Home::new();
    drop(home.without_uploader());
    home.git("work", &["init", "-q"]);
    home.git("work", &["remote", "add", "origin", "https://git.example.com/shop.git"]);
    home
}

fn commit(home: &Home, folder: &str, message: &str, variables: &[(&str, &str)]) -> String {
    home.git_with(folder, &["commit", "-q", "--allow-empty", "-m", message], variables);
    home.git(folder, &["rev-parse", "HEAD"])
}

/// The links that wait, in order.
fn links(home: &Home) -> Vec<Value> {
    let entries = home.waiting().into_iter().filter(|entry| entry["path"] == "/api/public/git-links");
    entries.flat_map(|entry| entry["body"].as_array().cloned().unwrap_or_default()).collect()
}

fn executable(home: &Home, name: &str, text: &str) {
    home.write(name, text);
    std::fs::set_permissions(home.at(name), std::fs::Permissions::from_mode(0o755)).expect("executable");
}

#[test]
fn a_commit_finds_the_very_call_and_a_persons_finds_none() {
    let home = home();
    let _nobody = home.without_uploader();
    assert_eq!(home.run(&["git", "install"]).status.code(), Some(0));

    commit(&home, "work", "by a person", &[]);
    assert_eq!(links(&home).len(), 0);
    let sha = commit(&home, "work", "by an agent", &CODEX);

    let told = links(&home);
    assert_eq!(told.len(), 1);
    for (key, value) in [
        ("traceId", json!("codex-s1")),
        ("observationId", json!("tool-call_1")),
        ("sessionId", json!("s1")),
        ("agent", json!("codex")),
        ("commitSha", json!(sha)),
        ("branch", json!("main")),
        ("repositoryUrl", json!("https://git.example.com/shop.git")),
        ("method", json!("hook_environment")),
        ("confidence", json!(1.0)),
    ] {
        assert_eq!(told[0][key], value, "{key}");
    }
}

#[test]
fn claudes_call_is_known_from_its_hooks() {
    let home = home();
    let _nobody = home.without_uploader();
    home.run(&["git", "install"]);
    let hook = |event: &str, id: &str, command: &str| {
        let payload = json!({"session_id": "c1", "hook_event_name": event, "tool_name": "Bash", "tool_use_id": id, "tool_input": {"command": command}, "cwd": "/"});
        home.hook(&["claude-code"], payload.to_string().as_bytes());
    };
    let claude = [("CLAUDE_CODE_SESSION_ID", "c1")];

    commit(&home, "work", "before any hook", &claude);
    hook("PreToolUse", "t1", "make");
    hook("PreToolUse", "t2", "sh ship.sh");
    hook("PostToolUse", "t1", "make");
    commit(&home, "work", "by the one that is open", &claude);
    hook("PreToolUse", "t3", "git log");
    commit(&home, "work", "by one of two", &claude);
    hook("Stop", "t3", "");
    commit(&home, "work", "in the background", &claude);

    let told: Vec<_> = links(&home).iter().map(|link| (link["observationId"].clone(), link["confidence"].as_f64())).collect();
    let expected = [(Value::Null, 1.0), (json!("tool-t2"), 1.0), (json!("tool-t3"), 0.8), (Value::Null, 1.0)];
    assert_eq!(told, expected.map(|(call, confidence)| (call, Some(confidence))));
}

#[test]
fn a_rewritten_commit_keeps_its_link() {
    let home = home();
    let _nobody = home.without_uploader();
    home.run(&["git", "install"]);
    commit(&home, "work", "base", &[]);
    home.git("work", &["switch", "-qc", "topic"]);
    let old = commit(&home, "work", "by an agent", &CODEX);
    home.git("work", &["switch", "-q", "main"]);
    commit(&home, "work", "meanwhile", &[]);

    home.git("work", &["-c", "rebase.rebaseMerges=false", "rebase", "-q", "--keep-empty", "main", "topic"]);
    let rebased = home.git("work", &["rev-parse", "topic"]);
    home.git("work", &["commit", "-q", "--amend", "--allow-empty", "-m", "by a person now"]);
    let amended = home.git("work", &["rev-parse", "topic"]);

    let told: Vec<_> =
        links(&home).iter().map(|link| (link["commitSha"].clone(), link["traceId"].clone(), link["confidence"].as_f64())).collect();
    assert!(rebased != old && amended != rebased);
    let expected = [(old, 1.0), (rebased, 0.95), (amended, 0.9025)];
    assert_eq!(told, expected.map(|(sha, confidence)| (json!(sha), json!("codex-s1"), Some(confidence))));
}

#[test]
fn the_hook_that_was_there_runs_with_its_arguments_its_input_and_its_exit_code() {
    let home = home();
    let _nobody = home.without_uploader();
    executable(&home, "work/.git/hooks/post-commit", "#!/bin/sh\necho mine >>../ran\nexit 3\n");
    executable(&home, "work/.git/hooks/post-rewrite", "#!/bin/sh\necho \"$1\" >>../ran\ncat >>../ran\n");
    home.run(&["git", "install"]);
    assert_eq!(home.json(&["git", "install", "--json"])["hooks"][0]["did"], "is there already");

    let one = commit(&home, "work", "one", &CODEX);
    home.git("work", &["commit", "-q", "--amend", "--allow-empty", "-m", "two"]);

    let two = home.git("work", &["rev-parse", "HEAD"]);
    assert_eq!(home.read("ran"), format!("mine\nmine\namend\n{one} {two}\n"));
    assert_eq!(links(&home).len(), 2);

    home.run(&["git", "install", "--undo"]);
    assert_eq!(home.read("work/.git/hooks/post-commit"), "#!/bin/sh\necho mine >>../ran\nexit 3\n");
    let left: Vec<_> = std::fs::read_dir(home.at("work/.git/hooks")).expect("a folder").flatten().map(|file| file.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("agenttrace")), "{left:?}");
}

#[test]
fn folders_that_others_manage_are_not_touched() {
    let home = home();
    let lefthook = "#!/bin/sh\n# lefthook\ncall_lefthook run post-commit \"$@\"\n";
    executable(&home, "work/.git/hooks/post-commit", lefthook);

    let out = home.run(&["git", "install"]);

    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stdout).contains("lefthook manages this hook"));
    assert_eq!(home.read("work/.git/hooks/post-commit"), lefthook);

    executable(&home, "work/.husky/_/post-commit", "#!/bin/sh\n. h\n");
    home.git("work", &["config", "core.hooksPath", ".husky/_"]);
    let told = home.json(&["git", "install", "--json"]);
    assert!(told["hooks"][0]["advice"].as_str().is_some_and(|advice| advice.contains(".husky/post-commit")), "{told}");
    assert_eq!(home.read("work/.husky/_/post-commit"), "#!/bin/sh\n. h\n");

    home.git("work", &["config", "core.hooksPath", home.at("elsewhere").to_str().expect("text")]);
    let told = home.json(&["git", "install", "--json"]);
    assert!(told["hooks"][0]["advice"].as_str().is_some_and(|advice| advice.contains("--global")), "{told}");
    assert!(!home.at("elsewhere").exists());
}

#[test]
fn linked_worktrees_and_submodules_are_served() {
    let home = home();
    let _nobody = home.without_uploader();
    commit(&home, "work", "base", &[]);
    home.git("work", &["worktree", "add", "-q", "-b", "side", "../tree"]);
    home.git("work", &["clone", "-q", "--bare", ".", "../library.git"]);
    let library = home.at("library.git").to_string_lossy().into_owned();
    home.git("work", &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &library, "library"]);
    home.run(&["git", "install", "--repo", home.at("tree").to_str().expect("text")]);
    home.run(&["git", "install", "--repo", home.at("work/library").to_str().expect("text")]);

    let expected = [("tree", "side"), ("work", "main"), ("work/library", "main")].map(|(folder, branch)| {
        // `git` itself exports these to what an agent's command starts in one of its hooks.
        let sha = commit(&home, folder, "by an agent", &CODEX);
        (json!(sha), json!(branch))
    });

    let told: Vec<_> = links(&home).iter().map(|link| (link["commitSha"].clone(), link["branch"].clone())).collect();
    assert_eq!(told, expected);
}

#[test]
fn for_all_repositories_their_own_hooks_are_passed_on() {
    let home = home();
    let _nobody = home.without_uploader();
    executable(&home, "work/.git/hooks/pre-commit", "#!/bin/sh\necho \"$GIT_INDEX_FILE\" >>../ran\ntest ! -e ../refuse\n");
    executable(&home, "work/.git/hooks/post-commit", "#!/bin/sh\necho after >>../ran\n");
    home.git("work", &["commit", "-q", "--allow-empty", "-m", "base"]);
    home.git("work", &["worktree", "add", "-q", "-b", "side", "../tree"]);
    std::fs::remove_file(home.at("ran")).expect("it ran");
    assert_eq!(home.run(&["git", "install", "--global"]).status.code(), Some(0));
    assert_eq!(home.run(&["git", "install", "--global"]).status.code(), Some(0));

    commit(&home, "work", "one", &CODEX);
    commit(&home, "tree", "two", &CODEX);
    home.write("refuse", "");
    let refused = std::process::Command::new("git")
        .args(["commit", "-q", "--allow-empty", "-m", "no"])
        .env_clear()
        .envs(home.variables.iter().cloned())
        .current_dir(home.at("work"))
        .status();

    assert_eq!(refused.expect("git runs").code(), Some(1), "their own hook has its say");
    assert_eq!(home.read("ran").lines().filter(|line| *line == "after").count(), 2);
    assert_eq!(links(&home).len(), 2);
    home.run(&["git", "install", "--global", "--undo"]);
    assert!(!home.read("gitconfig").contains("hooksPath"));
    assert!(!home.at(".config/agenttrace/git-hooks").exists());
}

#[test]
fn the_trailer_is_asked_for_and_stands_once() {
    let home = home();
    let _nobody = home.without_uploader();
    home.run(&["git", "install", "--trailer"]);

    commit(&home, "work", "by an agent\n\nWhy it was done.", &CODEX);
    home.git_with("work", &["commit", "-q", "--amend", "--allow-empty", "--no-edit"], &CODEX);

    let message = home.git("work", &["log", "-1", "--format=%B"]);
    assert_eq!(message, "by an agent\n\nWhy it was done.\n\nAgentTrace-Trace: codex-s1");
    commit(&home, "work", "by a person", &[]);
    assert_eq!(home.git("work", &["log", "-1", "--format=%B"]), "by a person");
}

#[test]
fn a_hook_that_cannot_do_its_work_is_not_noticed() {
    let mut home = home();
    home.run(&["git", "install"]);
    home.write("blocked", "a file");
    let blocked = home.at("blocked/x").to_string_lossy().into_owned();
    for (name, value) in &mut home.variables {
        if name == "XDG_STATE_HOME" || name == "TMPDIR" {
            value.clone_from(&blocked);
        }
    }

    commit(&home, "work", "all the same", &CODEX);

    // The program is gone: nothing stands in the way either.
    let script = home.read("work/.git/hooks/post-commit").replace(stand::BIN, "/no/such/agenttrace");
    home.write("work/.git/hooks/post-commit", &script);
    commit(&home, "work", "all the same", &CODEX);
}

#[test]
fn what_git_says_of_the_commit_goes_along_when_it_is_sent() {
    let server = Server::new();
    let home = home().logged_in(&server);
    home.run(&["git", "install"]);
    home.write("work/a b.txt", "one\ntwo\n");
    home.git("work", &["add", "."]);
    let sha = commit(&home, "work", "a message\n\nwith a body", &CODEX);

    let sent = until("the link", || server.requests().into_iter().find(|request| request.path == "/api/public/git-links"));

    let link = &sent.body[0];
    assert_eq!((&link["commitSha"], &link["commitMessage"]), (&json!(sha), &json!("a message\n\nwith a body")));
    assert_eq!((&link["filesChanged"], &link["additions"], &link["authorName"]), (&json!(["a b.txt"]), &json!(2), &json!("Dev")));
}

#[test]
fn inside_wrap_the_commit_finds_its_command_and_is_told_once() {
    let home = home();
    let _nobody = home.without_uploader();
    home.run(&["git", "install"]);

    home.run(&["wrap", "--git-auto-link", "--no-files", "--", "bash", "-c", "git commit -q --allow-empty -m 'by the run'"]);

    let told = links(&home);
    assert_eq!(told.len(), 1);
    let steps: Vec<Value> = home.waiting().iter().filter_map(|r| r["body"]["batch"].as_array().cloned()).flatten().collect();
    let step = steps.iter().find(|event| event["type"] == "tool-create").expect("a command");
    assert_eq!((&told[0]["traceId"], &told[0]["observationId"]), (&step["body"]["traceId"], &step["body"]["id"]));
}
