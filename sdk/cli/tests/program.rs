//! The program as a whole: what its help, its completions and its manual name, and what `status` and `doctor` say of hooks.

mod stand;

use stand::{Home, Server};

#[test]
fn people_are_told_of_what_they_call_and_not_of_what_only_programs_call() {
    let home = Home::new();
    for args in [&["--help"][..], &["man"], &["completions", "bash"], &["completions", "zsh"], &["completions", "fish"]] {
        let out = home.run(args);
        let text = String::from_utf8_lossy(&out.stdout).into_owned();

        assert!(out.status.success(), "{args:?}");
        for name in ["init", "hook", "git", "wrap", "upload"] {
            assert!(text.contains(name), "{args:?} does not name {name}");
        }
    }
    let help = String::from_utf8_lossy(&home.run(&["--help"]).stdout).into_owned();
    for name in ["__shell", "__git-hook", "otel-headers", "--detached"] {
        assert!(!help.contains(name), "{name}");
    }
    assert!(String::from_utf8_lossy(&home.run(&["hook", "--help"]).stdout).contains("claude-code"));
}

#[test]
fn status_and_doctor_tell_when_a_hook_called_and_what_was_lost() {
    let server = Server::answering(|_| (200, serde_json::json!({"data": [{"name": "shop"}], "version": "1"})));
    let home = Home::new().logged_in(&server);
    let _nobody = home.without_uploader();
    home.write(".codex/config.toml", "");
    let codex = |home: &Home| {
        home.json(&["status", "--json"])["agents"].as_array().and_then(|all| all.iter().find(|one| one["agent"] == "codex").cloned())
    };
    let doctor = |home: &Home| {
        let told = home.json(&["doctor", "--json"]);
        let hooks = told["checks"].as_array().and_then(|all| all.iter().find(|one| one["name"] == "hooks").cloned()).expect("a check");
        (hooks["ok"].as_bool().expect("a verdict"), hooks["found"].as_str().expect("text").to_owned())
    };
    assert_eq!(codex(&home).expect("found")["hooks"], false);
    assert_eq!(doctor(&home), (true, "codex not set up, run `agenttrace init`".to_owned()));

    home.run(&["init", "--yes", "--agent", "codex"]);
    assert_eq!(doctor(&home), (true, "codex set up, not heard of yet".to_owned()));
    home.hook(&["codex"], br#"{"hook_event_name": "Stop", "session_id": "s"}"#);
    let seen = codex(&home).expect("found");
    assert_eq!((&seen["hooks"], &seen["lastHook"]["event"]), (&true.into(), &"Stop".into()));
    assert!(doctor(&home).0);

    home.hook(&["codex"], b"not JSON");
    let (ok, found) = doctor(&home);
    assert!(!ok && found.contains("codex lost one at") && found.contains("not JSON"), "{found}");
    home.hook(&["codex"], br#"{"hook_event_name": "Stop", "session_id": "s"}"#);
    assert!(doctor(&home).0, "what came since is well");
}
