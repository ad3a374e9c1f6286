//! Recorded transcripts of real agents through the importer's readers, ingest and merge: alone, and before, after and between what the same session
//! sent while it ran; compared with what truly happened.

use std::path::{Path, PathBuf};

use agenttrace_domain::Usd;
use agenttrace_ingest::{BatchScope, Context, Limits, OtlpFormat, batch, otlp_logs};
use agenttrace_pricing::Prices;
use agenttrace_transcripts::opencode::{Conversation, SessionRow};
use agenttrace_transcripts::{Beside, Lines, Story, Surroundings};
use serde_json::{Value as Json, json};

use super::recorded::hooks::calls;
use super::recorded::{Db, Tokens, meta, requests, said, shuffle, tokens, with_context};
use super::*;

const NOW: Timestamp = Timestamp(1_796_083_200_000_000);

struct Machine;

impl Surroundings for Machine {
    fn is_secret(&self, _: &str, _: &str) -> bool {
        false
    }

    fn names_secrets(&self, _: &str) -> bool {
        false
    }

    fn repository(&self, folder: &str) -> Option<String> {
        (folder == "/home/dev/shop").then(|| "https://git.example.com/acme/shop.git".to_owned())
    }

    fn commit(&self, _: &str, _: &str) -> Option<String> {
        None
    }

    fn owns(&self, _: &str, _: &str) -> bool {
        true
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() { files(&entry.path(), found) } else { found.push(entry.path()) }
    }
    found.sort();
}

/// Scenarios whose transcripts were kept, with the agent and its transcripts.
fn scenarios() -> Vec<(PathBuf, String, Vec<PathBuf>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/agents");
    let mut all = Vec::new();
    for agent in std::fs::read_dir(root).expect("fixtures").flatten().filter(|e| e.path().is_dir()) {
        for scenario in std::fs::read_dir(agent.path()).expect("scenarios").flatten().map(|e| e.path()) {
            let mut transcripts = Vec::new();
            if scenario.join("transcripts").is_dir() {
                files(&scenario.join("transcripts"), &mut transcripts);
                all.push((scenario, agent.file_name().to_string_lossy().into_owned(), transcripts));
            }
        }
    }
    all.sort();
    assert_eq!(all.len(), 22, "recordings with transcripts");
    all
}

/// What an import sends, request by request.
fn imported(agent: &str, transcripts: &[PathBuf]) -> Vec<Vec<Event>> {
    let kind = match agent {
        "claude-code" => Some(Lines::ClaudeCode),
        "codex" => Some(Lines::Codex),
        "gemini-cli" => Some(Lines::GeminiCli),
        "copilot-cli" => Some(Lines::CopilotCli),
        "aider" => Some(Lines::Aider),
        _ => None,
    };
    let machine = Machine;
    let mut story = Story::new(&machine, Some("dev".to_owned()), None);
    let mut bodies = Vec::new();
    for path in transcripts {
        let name = path.file_name().expect("a name").to_string_lossy();
        let text = std::fs::read_to_string(path).expect("text");
        match kind {
            Some(kind) if name.ends_with(".jsonl") && !name.starts_with("aider.") || name.ends_with("chat.history.md") => {
                let analytics = std::fs::read_to_string(path.with_file_name("aider.analytics.jsonl")).unwrap_or_default();
                let mut reader = kind.reader(Beside { folder: "/home/dev/shop".to_owned(), analytics, local: Timestamp::parse });
                for line in text.lines().filter(|line| !line.is_empty()) {
                    reader.line(line, &mut story).unwrap_or_else(|skip| panic!("{}: {skip:?}: {line:.200}", path.display()));
                    if story.bytes() > 8_000 {
                        bodies.push(story.take());
                    }
                }
                reader.end(&mut story);
                bodies.push(story.take());
            }
            None if name.ends_with(".jsonl") => bodies.extend(database(&text, &mut story)),
            _ => {}
        }
    }
    bodies.into_iter().map(|events| through_ingest(&events)).collect()
}

/// OpenCode's rows, session by session.
fn database(rows: &str, story: &mut Story<'_>) -> Vec<Vec<Json>> {
    let rows: Vec<Json> = rows.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
    let of = |table: &'static str| rows.iter().filter(move |row| row["table"] == table).map(|row| &row["row"]);
    let text = |row: &Json, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let mut bodies = Vec::new();
    for row in of("session") {
        let mut session = Conversation::new(SessionRow {
            id: text(row, "id"),
            parent: row["parent_id"].as_str().map(str::to_owned),
            version: text(row, "version"),
            folder: text(row, "directory"),
            title: text(row, "title"),
        });
        for message in of("message").filter(|message| message["session_id"] == row["id"]) {
            let parts: Vec<Json> = of("part").filter(|part| part["message_id"] == message["id"]).map(|part| part["data"].clone()).collect();
            session.message(&text(message, "id"), &message["data"], &parts, story).expect("understood");
            bodies.push(story.take());
        }
    }
    bodies
}

fn through_ingest(events: &[Json]) -> Vec<Event> {
    let limits = Limits::default();
    let sdk = Sdk::default();
    let ctx = Context {
        now: NOW,
        sdk: &sdk,
        ingestion_version: None,
        prices: Prices::managed(),
        score_configs: &|_| None,
        new_id: &|| panic!("no id is made up"),
        limits: &limits,
    };
    let outcome = batch(json!({"batch": events}).to_string().as_bytes(), &ctx, BatchScope::All).expect("a batch");
    assert_eq!(outcome.errors, []);
    assert!(outcome.dropped.is_empty(), "{:?}", outcome.dropped);
    outcome.events
}

/// Compares with what truly happened. `live`: the session's telemetry is there, too.
fn check(name: &str, agent: &str, truth: &Json, db: &Db, live: bool) {
    let calls: Vec<&Observation> = db.of_record("model_call").into_iter().filter(|o| !o.usage.is_empty()).collect();
    let worked: Vec<&Json> = truth["api_requests"].as_array().expect("requests").iter().filter(|r| r["status"] == 200).collect();
    // Of the small models that write titles and commit messages these agents keep nothing.
    let worked: Vec<&Json> = worked.into_iter().filter(|r| !matches!(agent, "aider" | "opencode") || r["class"] != "aux").collect();
    assert_eq!(calls.len(), worked.len(), "{name}: {:?}", calls.iter().map(|o| &o.id).collect::<Vec<_>>());
    if agent != "aider" {
        let number = |key: &str| worked.iter().map(|r| r["usage"][key].as_u64().expect("usage")).sum::<u64>();
        let mut expected = Tokens {
            fresh: number("fresh"),
            cache_read: number("cache_read"),
            cache_write: number("cache_write"),
            output: number("output"),
            reasoning: number("reasoning"),
        };
        if matches!(agent, "gemini-cli" | "opencode") {
            expected.fresh += std::mem::take(&mut expected.cache_write);
        }
        if agent == "claude-code" || tokens(&calls).reasoning == 0 {
            expected.reasoning = 0;
        }
        assert_eq!(tokens(&calls), expected, "{name}");
    }
    let cost: f64 = calls.iter().filter_map(|o| o.total_cost()).map(Usd::as_f64).sum();
    if (agent == "claude-code" && live) || (agent == "opencode") {
        let true_cost = truth["cost_usd"].as_f64().expect("cost");
        // OpenCode has no price for what is written to the cache.
        assert!((cost - true_cost).abs() < if agent == "opencode" { true_cost } else { 1e-9 }, "{name}: {cost} for {true_cost}");
    }

    let prompts: Vec<&str> = truth["prompts"].as_array().expect("prompts").iter().filter_map(Json::as_str).collect();
    // A subagent of OpenCode is a session of its own, shown with its parent's, with a prompt that nobody typed.
    let is_main = |o: &&Observation| {
        let trace = &db.known.traces[&o.trace_id].trace;
        trace.session_id.as_deref().is_some_and(|session| trace.id.ends_with(session))
    };
    let turns: Vec<&Observation> = db.of_record("turn").into_iter().filter(is_main).collect();
    let asked: Vec<&str> = turns.iter().map(|turn| turn.input.as_deref().unwrap_or_default().trim_matches('"')).collect();
    assert_eq!(asked, prompts, "{name}");
    for call in &calls {
        assert!(
            call.parent_id.as_deref().is_some_and(|parent| agent == "opencode" || !parent.starts_with(agent)),
            "{name}: {} below {:?}",
            call.id,
            call.parent_id
        );
    }

    let told = truth["tool_calls"].as_array().expect("calls");
    let tools = db.of_record("tool_call");
    let expected = told.iter().filter(|call| call["outcome"] != "suggested").count();
    // With content switched off Gemini CLI's telemetry says nothing by which a tool call is known.
    let nameless = live && name.contains("gemini-cli/s3");
    let tools: Vec<&Observation> = tools.into_iter().filter(|o| !nameless || !said(o, "tool.call_id").is_empty()).collect();
    assert_eq!(tools.len(), expected, "{name}: {:?}", tools.iter().map(|o| &o.id).collect::<Vec<_>>());
    if agent == "aider" {
        return;
    }
    for call in told {
        let id = call["id"].as_str().expect("id");
        let tool = tools.iter().find(|o| said(o, "tool.call_id").ends_with(id)).unwrap_or_else(|| panic!("{name}: {id} is missing"));
        let Some(command) = call["command"].as_str() else { continue };
        let (ran, code, source) = db.commands.get(&tool.id).unwrap_or_else(|| panic!("{name}: {command} is no command"));
        assert_eq!(ran, command, "{name}");
        if call["outcome"] == "ran" {
            assert_eq!(code.map(i64::from), call["exit_code"].as_i64(), "{name}: {command} ({source})");
        } else if call["outcome"].as_str().is_some_and(|outcome| outcome.starts_with("denied")) {
            assert_eq!(*code, None, "{name}: {command}");
        }
    }
    for change in truth["files_changed"].as_array().expect("files") {
        let path = change["path"].as_str().expect("path");
        let by_tool = told.iter().any(|call| call["outcome"] == "applied" && call["path"] == path);
        let changed = db.files.values().any(|f| f.contains(path) && !f.starts_with("READ"));
        assert!(changed || !by_tool, "{name}: {path}: {:?}", db.files);
    }
}

#[test]
fn an_import_alone_tells_what_truly_happened() {
    for (scenario, agent, transcripts) in scenarios() {
        let name = scenario.display().to_string();
        let mut db = Db::default();
        let sent = imported(&agent, &transcripts);
        for events in sent.iter().chain(&sent) {
            db.send(events.clone());
        }
        check(&name, &agent, &meta(&scenario)["truth"], &db, false);
        for row in db.known.observations.values() {
            let step = &row.observation;
            assert_eq!((step.user_id.as_deref(), step.tags.as_slice()), (Some("dev"), [agent.clone()].as_slice()), "{name}: {}", step.id);
            assert!(step.session_id.as_deref().is_some_and(|id| step.trace_id.ends_with(id)), "{name}: {}", step.id);
        }
        for trace in db.known.traces.values() {
            let of = |key: &str| trace.trace.metadata.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
            assert_eq!(of("vcs.repository.url.full").map(|url| url.contains("acme/shop")), Some(true), "{name}");
            assert_eq!(
                of("vcs.ref.head.name"),
                matches!(agent.as_str(), "claude-code" | "codex" | "copilot-cli").then_some("fix/discount"),
                "{name}"
            );
        }
    }
}

#[test]
fn an_import_beside_telemetry_counts_nothing_twice_whatever_comes_first() {
    for (scenario, agent, transcripts) in scenarios() {
        let about = meta(&scenario);
        let live = requests(&scenario, &about);
        let heard = calls(&scenario, &agent);
        let is_live = !live.is_empty();
        let live: Vec<Vec<Event>> = live.into_iter().chain(heard).collect();
        if live.is_empty() {
            continue;
        }
        let name = scenario.display().to_string();
        let import = imported(&agent, &transcripts);
        let orders = [live.iter().chain(&import).chain(&live).collect::<Vec<_>>(), import.iter().chain(&live).chain(&import).collect(), {
            let all: Vec<&Vec<Event>> = live.iter().chain(&import).collect();
            let mut order: Vec<usize> = (0..all.len()).chain(0..all.len()).collect();
            shuffle(&mut order, 7);
            order.into_iter().map(|i| all[i]).collect()
        }];
        let mut first: Option<Db> = None;
        for (at, order) in orders.into_iter().enumerate() {
            let mut db = Db::default();
            for events in order {
                db.send(events.clone());
            }
            check(&format!("{name} {at}"), &agent, &about["truth"], &db, is_live);
            match &first {
                None => first = Some(db),
                Some(first) => {
                    let (steps, expected) = (db.readable().0, first.readable().0);
                    assert_eq!(steps.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{name} {at}");
                    for (key, step) in &steps {
                        assert!(step == &expected[key], "{name} {at} {key:?}:\n{}\nafter\n{}", step.0, expected[key].0);
                    }
                    assert_eq!((&db.files, &db.commands), (&first.files, &first.commands), "{name} {at}");
                }
            }
        }
    }
}

#[test]
fn hooks_and_transcripts_tell_all_that_telemetry_would_without_it() {
    for (scenario, agent, transcripts) in scenarios() {
        let heard = calls(&scenario, &agent);
        if heard.is_empty() {
            continue;
        }
        let name = scenario.display().to_string();
        let import = imported(&agent, &transcripts);
        let truth = &meta(&scenario)["truth"];
        for order in [heard.iter().chain(&import).chain(&heard).collect::<Vec<_>>(), import.iter().chain(&heard).collect(), {
            let all: Vec<&Vec<Event>> = heard.iter().chain(&import).collect();
            let mut order: Vec<usize> = (0..all.len()).chain(0..all.len()).collect();
            shuffle(&mut order, 11);
            order.into_iter().map(|i| all[i]).collect()
        }] {
            let mut db = Db::default();
            for events in order {
                db.send(events.clone());
            }
            check(&name, &agent, truth, &db, false);
        }
    }
}

#[test]
fn the_same_command_twice_within_a_moment_stays_two_calls() {
    let call = |id: &str, at: &str| {
        json!({"id": id, "name": "run_shell_command", "args": {"command": "make"}, "status": "success", "timestamp": at,
               "result": [{"functionResponse": {"response": {"output": "ok"}}}]})
    };
    let chat = [
        json!({"sessionId": "s", "startTime": "2026-11-22T15:19:00.000Z"}),
        json!({"id": "u", "type": "user", "timestamp": "2026-11-22T15:19:01.000Z", "content": [{"text": "go"}]}),
        json!({"id": "a", "type": "gemini", "timestamp": "2026-11-22T15:19:02.000Z", "content": "", "model": "gemini-2.5-pro",
               "tokens": {"input": 5, "output": 3, "cached": 0, "thoughts": 0},
               "toolCalls": [call("one", "2026-11-22T15:19:02.100Z"), call("two", "2026-11-22T15:19:03.200Z")]}),
    ];
    let machine = Machine;
    let mut story = Story::new(&machine, None, None);
    let mut reader = Lines::GeminiCli.reader(Beside { folder: String::new(), analytics: String::new(), local: Timestamp::parse });
    for row in &chat {
        reader.line(&row.to_string(), &mut story).expect("understood");
    }
    let import = through_ingest(&story.take());
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let log = |at: &str| {
        json!({"timeUnixNano": at, "attributes": [
            text("event.name", "gemini_cli.tool_call"), text("session.id", "s"), text("function_name", "run_shell_command"),
            text("function_args", "{\"command\":\"make\"}"), {"key": "success", "value": {"boolValue": true}}, {"key": "duration_ms", "value": {"intValue": "90"}},
        ]})
    };
    let told = json!({"resourceLogs": [{"resource": {"attributes": []}, "scopeLogs": [{"scope": {"name": "gemini-cli"},
        "logRecords": [log("1795360742101000000"), log("1795360743201000000")]}]}]});
    let live = with_context(|ctx| otlp_logs(told.to_string().as_bytes(), OtlpFormat::Json, ctx)).expect("understood").events;

    for order in [vec![&live], vec![&import], vec![&live, &import, &live], vec![&import, &live, &import]] {
        let mut db = Db::default();
        for events in &order {
            db.send((*events).clone());
        }
        let names: Vec<&str> = db.of_record("tool_call").into_iter().map(|step| step.id.as_str()).collect();
        assert_eq!(names.len(), 2, "{names:?} of {}", order.len());
        assert!(order.len() == 1 || names.iter().all(|name| ["tool-one", "tool-two"].contains(name)), "{names:?}");
    }
}
