//! Recorded hooks of real agents: alone they tell what truly happened, except for tokens; with the agent's telemetry nothing counts twice.

use agenttrace_ingest::agent_hooks;

use super::*;

/// The events of each call of a hook, in order.
pub(in crate::fold) fn calls(scenario: &Path, agent: &str) -> Vec<Vec<Event>> {
    let Ok(lines) = std::fs::read_to_string(scenario.join("hooks.jsonl")) else { return Vec::new() };
    with_context(|ctx| lines.lines().map(|line| told(agent, &format!("[{line}]"), ctx)).collect())
}

fn told(agent: &str, body: &str, ctx: &Context<'_>) -> Vec<Event> {
    let batch = agent_hooks(agent, body.as_bytes(), ctx).unwrap_or_else(|refusal| panic!("{refusal}: {body}"));
    assert!(batch.list.iter().flatten().all(Result::is_ok), "{:?}: {body}", batch.list);
    assert!(batch.dropped.is_empty());
    batch.events
}

fn agent_of(meta: &Json) -> String {
    meta["agent"].as_str().expect("agent").to_owned()
}

/// Recordings with hooks: path, what happened, the hooks' events.
fn heard() -> Vec<(PathBuf, Json, Vec<Vec<Event>>)> {
    let all = recordings().into_iter().map(|scenario| {
        let meta = meta(&scenario);
        let calls = calls(&scenario, &agent_of(&meta));
        (scenario, meta, calls)
    });
    let heard: Vec<_> = all.filter(|(.., calls)| !calls.is_empty()).collect();
    assert_eq!(
        heard.len(),
        21,
        "of Claude Code four, Codex six, Gemini CLI two, Copilot CLI three, OpenCode four, and two of Cursor's documentation"
    );
    heard
}

/// The truth's calls that the hooks were there for: all, or those whose id the recording holds.
fn told_calls<'m>(scenario: &Path, agent: &str, truth: &'m Json) -> Vec<&'m Json> {
    let text = std::fs::read_to_string(scenario.join("hooks.jsonl")).expect("hooks");
    let calls = truth["tool_calls"].as_array().expect("calls").iter();
    calls
        .filter(|call| matches!(agent, "gemini-cli" | "copilot-cli" | "cursor") || text.contains(call["id"].as_str().expect("id")))
        .collect()
}

/// Checks each recording, and says of all that fail why.
fn of_each(check: impl Fn(&Path, &Json, &[Vec<Event>])) {
    let failed: Vec<String> = heard()
        .into_iter()
        .filter(|(scenario, meta, calls)| std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(scenario, meta, calls))).is_err())
        .map(|(scenario, ..)| scenario.display().to_string())
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn hooks_alone_tell_what_truly_happened() {
    of_each(|scenario, meta, calls| {
        let name = scenario.display().to_string();
        let (agent, truth) = (agent_of(meta), &meta["truth"]);
        let db = check_orders(&name, calls);

        // Tokens are the telemetry's.
        assert!(db.known.observations.values().all(|row| row.observation.usage.is_empty()), "{name}");

        // A subagent of OpenCode is a session of its own, with a prompt that nobody typed.
        let main = db.known.traces.values().filter(|row| row.trace.session_id.as_ref().is_some_and(|s| row.trace.id.ends_with(s.as_str())));
        let main: HashSet<&str> = main.map(|row| row.trace.id.as_str()).collect();
        assert_eq!(main.len(), 1, "{name}: a session is one trace");
        let prompts: Vec<&str> = db
            .of_record("turn")
            .into_iter()
            .filter(|turn| main.contains(turn.trace_id.as_str()))
            .filter_map(|turn| turn.input.as_deref())
            .map(|text| text.trim_matches('"'))
            .collect();
        let asked: Vec<&str> = truth["prompts"].as_array().expect("prompts").iter().filter_map(Json::as_str).collect();
        // Two recordings of Claude Code have few hooks, and none of the prompt.
        if !(name.contains("claude-code/s3") || name.contains("claude-code/s4")) {
            assert_eq!(prompts, asked, "{name}");
        }

        // The last answer.
        if let Some(last) = truth["final_texts"].as_array().and_then(|texts| texts.last()?.as_str())
            && agent != "copilot-cli"
        {
            let outputs: Vec<&str> = main
                .iter()
                .filter_map(|id| db.known.observations.get(&((*id).to_owned(), (*id).to_owned()))?.observation.output.as_deref())
                .collect();
            assert!(outputs.iter().all(|output| output.contains(last) || agent == "gemini-cli"), "{name}: {outputs:?}");
            assert!(!outputs.is_empty(), "{name}");
        }

        // Every call once, with its command and its exit code.
        let told = told_calls(scenario, &agent, truth);
        let tools = db.of_record("tool_call");
        assert_eq!(tools.len(), told.len(), "{name}: {:?}", tools.iter().map(|o| (&o.name, &o.input)).collect::<Vec<_>>());
        // Codex reads files by a command.
        let reads = |command: &str| agent == "codex" && command.starts_with("sed -n ");
        let mut ran: Vec<(&str, Option<i64>)> = db
            .commands
            .values()
            .filter(|(command, ..)| !reads(command))
            .map(|(command, code, _)| (command.as_str(), code.map(i64::from)))
            .collect();
        let mut truly: Vec<(&str, Option<i64>)> =
            told.iter().filter_map(|call| Some((call["command"].as_str()?, known_code(&agent, call)))).collect();
        ran.sort_unstable();
        truly.sort_unstable();
        assert_eq!(ran, truly, "{name}");

        // Every edit that was applied, with its lines.
        for call in told.iter().filter(|call| call["outcome"] == "applied") {
            let path = call["path"].as_str().expect("path");
            let found = db
                .files
                .values()
                .any(|f| f.split(' ').nth(1).is_some_and(|p| p.ends_with(path)) && !f.starts_with("READ") && !f.contains("None"));
            assert!(found, "{name}: {path}: {:?}", db.files);
        }
    });
}

/// The exit code that an agent's hooks tell of a call.
fn known_code(agent: &str, call: &Json) -> Option<i64> {
    let code = call["exit_code"].as_i64()?;
    match agent {
        // Codex' hooks tell none.
        "codex" => None,
        // A code that the agent takes for no failure is not told.
        "claude-code" if call["agent_told_model"] == "no code" && code != 0 => None,
        _ => Some(code),
    }
}

#[test]
fn hooks_and_telemetry_together_count_nothing_twice() {
    of_each(|scenario, meta, calls| {
        let name = scenario.display().to_string();
        let requests = requests(scenario, meta);
        if requests.is_empty() {
            return;
        }
        let alternating: Vec<Vec<Event>> = interleaved(requests.clone(), calls.to_vec());
        let db = check_orders(&name, &alternating);
        check_truth(&name, meta, &db, true);

        for order in [[requests.as_slice(), calls], [calls, requests.as_slice()]] {
            let mut db = Db::default();
            for events in order.into_iter().flatten() {
                db.send(events.clone());
            }
            check_truth(&name, meta, &db, true);
        }
    });
}

/// One of these, one of those, until both are through.
fn interleaved(a: Vec<Vec<Event>>, b: Vec<Vec<Event>>) -> Vec<Vec<Event>> {
    let (mut a, mut b) = (a.into_iter(), b.into_iter());
    let mut all = Vec::new();
    loop {
        match (a.next(), b.next()) {
            (None, None) => return all,
            (x, y) => all.extend(x.into_iter().chain(y)),
        }
    }
}

#[test]
fn a_subagent_stands_below_the_call_that_started_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/agents/claude-code/s2-resume-subagent");
    let mut db = Db::default();
    for events in calls(&root, "claude-code") {
        db.send(events);
    }

    let agents = db.of_record("subagent");
    assert_eq!(agents.len(), 1);
    assert!(agents[0].parent_id.as_deref().is_some_and(|p| p.starts_with("tool-toolu_013312fc")), "{:?}", agents[0].parent_id);
    assert_eq!(agents[0].output.as_deref(), Some("1 bad price: 19.99 (exit code 3)."));
    let inside = db.known.observations.values().filter(|row| row.observation.parent_id.as_ref() == Some(&agents[0].id)).count();
    assert_eq!(inside, 1, "its tool call");
}

const SESSION: &str = "claude-code-s1";

/// Calls of Claude Code's hooks, with what their process knew.
fn envelopes(envelopes: &[Json]) -> Db {
    let mut db = Db::default();
    for envelope in envelopes {
        db.send(with_context(|ctx| told("claude-code", &Json::Array(vec![envelope.clone()]).to_string(), ctx)));
    }
    db
}

fn call(id: &str, second: u32, name: &str, rest: Json, beside: Json) -> Json {
    let mut event = serde_json::json!({"session_id": "s1", "prompt_id": "p1", "cwd": "/work/shop", "hook_event_name": name});
    let mut envelope = serde_json::json!({"id": id, "at": format!("2026-11-29T10:00:{second:02}.000001Z")});
    for (target, source) in [(&mut event, rest), (&mut envelope, beside)] {
        for (key, value) in source.as_object().expect("object") {
            target[key] = value.clone();
        }
    }
    envelope["event"] = event;
    envelope
}

#[test]
fn the_surroundings_of_a_hook_are_notes_of_the_session_and_the_last_word_counts() {
    let git = |branch: &str, commit: &str| serde_json::json!({"git": {"repositoryUrl": "https://git.example/shop", "branch": branch, "commit": commit, "root": "/work/shop"}});
    let mut first = git("main", "a".repeat(40).as_str());
    first["userId"] = "ada".into();
    first["environment"] = "laptop".into();
    first["traceparent"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".into();
    first["wrap"] = serde_json::json!({"traceId": "run-1", "observationId": "run-step-1"});
    let told = [
        call("h1", 1, "SessionStart", serde_json::json!({"source": "startup", "model": "claude-opus-5-5"}), first),
        call("h2", 2, "SessionEnd", serde_json::json!({"reason": "clear"}), git("fix/x", "b".repeat(40).as_str())),
    ];
    let mut backwards = told.clone();
    backwards.reverse();

    for told in [told, backwards] {
        let db = envelopes(&told);
        let root = &db.known.observations[&(SESSION.to_owned(), SESSION.to_owned())].observation;
        for (key, value) in [
            ("vcs.repository.url.full", "https://git.example/shop"),
            ("vcs.ref.head.name", "fix/x"),
            ("vcs.ref.head.revision", "b".repeat(40).as_str()),
            ("agent.cwd", "/work/shop"),
            ("agent.session_source", "startup"),
            ("agent.session_end", "clear"),
            ("agenttrace.run.trace_id", "run-1"),
            ("agenttrace.run.observation_id", "run-step-1"),
            ("otel.traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ] {
            assert_eq!(said(root, key), value, "{key}");
        }
        assert_eq!(root.model.as_deref(), Some("claude-opus-5-5"));
        assert_eq!(db.known.traces[SESSION].trace.user_id.as_deref(), Some("ada"));
        assert_eq!(db.known.traces["run-1"].trace.session_id.as_deref(), Some("s1"), "one page shows both");
        assert!(db.links.is_empty(), "the HEAD of a session is no commit of its");
    }
}

#[test]
fn a_commit_that_a_command_made_is_linked_by_the_heads_whole_id() {
    let head = format!("0658d87{}", "0".repeat(33));
    let git = serde_json::json!({"git": {"repositoryUrl": "https://git.example/shop", "branch": "fix/x", "commit": head}});
    let bash = |stdout: &str| {
        serde_json::json!({"tool_name": "Bash", "tool_use_id": "t1", "tool_input": {"command": "git commit -am x"},
            "tool_response": {"stdout": stdout, "stderr": "", "interrupted": false}})
    };
    for (stdout, expected) in [("[fix/x 0658d87] x\n", 1), ("[fix/x 1111111] x\n", 0), ("nothing to commit", 0)] {
        let db = envelopes(&[call("h1", 1, "PostToolUse", bash(stdout), git.clone())]);

        assert_eq!(db.links.len(), expected, "{stdout}");
        assert!(db.links.iter().all(|(sha, (branch, step))| (sha, branch.as_str(), step.as_str()) == (&head, "fix/x", "tool-t1")));
    }
}

#[test]
fn what_reports_back_to_the_agent_is_no_prompt() {
    let prompt = |id: &str, text: &str| call(id, 1, "UserPromptSubmit", serde_json::json!({"prompt": text}), serde_json::json!({}));

    let db = envelopes(&[prompt("h1", "Check it"), prompt("h2", "<task-notification>\n<task-id>a</task-id>")]);

    let turns: Vec<_> = db.of_record("turn").into_iter().filter_map(|turn| turn.input.as_deref()).collect();
    assert_eq!(turns, ["Check it"]);
}
