//! Recorded telemetry of real agents through ingest and merge: once, twice, in other orders, and compared with what truly happened. The same
//! with the agents' hooks, and of the hooks alone: `hooks`.

pub(super) mod hooks;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use agenttrace_domain::Usd;
use agenttrace_ingest::{Context, Limits, decompress, otlp_content_type, otlp_logs, otlp_metrics, otlp_traces};
use agenttrace_pricing::Prices;
use serde_json::Value as Json;

use super::tests::stored;
use super::*;

const NOW: Timestamp = Timestamp(1_796_083_200_000_000);

/// What was recorded over OTLP.
fn scenarios() -> Vec<PathBuf> {
    recordings().into_iter().filter(|scenario| meta(scenario)["requests"].as_array().is_some_and(|requests| !requests.is_empty())).collect()
}

fn recordings() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/agents");
    let mut found: Vec<PathBuf> = Vec::new();
    for agent in std::fs::read_dir(root).expect("fixtures").flatten().filter(|e| e.path().is_dir()) {
        found.extend(std::fs::read_dir(agent.path()).expect("scenarios").flatten().map(|e| e.path()));
    }
    found.sort();
    found
}

pub(super) fn meta(scenario: &Path) -> Json {
    serde_json::from_slice(&std::fs::read(scenario.join("meta.json")).expect("meta.json")).expect("JSON")
}

pub(super) fn with_context<T>(read: impl FnOnce(&Context<'_>) -> T) -> T {
    let limits = Limits::default();
    let sdk = Sdk::default();
    read(&Context {
        now: NOW,
        sdk: &sdk,
        ingestion_version: None,
        prices: Prices::managed(),
        score_configs: &|_| None,
        new_id: &|| panic!("no id is made up"),
        limits: &limits,
    })
}

/// The events of each request, in the order of sending.
pub(super) fn requests(scenario: &Path, meta: &Json) -> Vec<Vec<Event>> {
    let read = |request: &Json, ctx: &Context<'_>| {
        let text = |key: &str| request[key].as_str();
        let body = std::fs::read(scenario.join(text("file").expect("file"))).expect("body");
        let body = decompress(&body, text("contentEncoding"), ctx.limits).expect("decompressed");
        let format = otlp_content_type(text("contentType")).expect("content type");
        let path = text("path").expect("path");
        let batch = if path.ends_with("/logs") {
            otlp_logs(&body, format, ctx)
        } else if path.ends_with("/metrics") {
            otlp_metrics(&body, format, ctx)
        } else {
            otlp_traces(&body, format, ctx)
        };
        let batch = batch.unwrap_or_else(|refusal| panic!("{}: {refusal}", scenario.display()));
        assert_eq!((batch.rejected, batch.message.as_str()), (0, ""), "{}", scenario.display());
        batch.events
    };
    with_context(|ctx| meta["requests"].as_array().expect("requests").iter().map(|request| read(request, ctx)).collect())
}

/// What the store holds after batches came one after another.
#[derive(Default)]
pub(super) struct Db {
    pub known: Known,
    pub files: BTreeMap<String, String>,
    pub commands: BTreeMap<String, (String, Option<i32>, String)>,
    pub links: BTreeMap<String, (String, String)>,
    points: usize,
    tick: i64,
}

impl Db {
    pub fn send(&mut self, events: Vec<Event>) {
        self.tick += 1;
        let received_at = Timestamp(NOW.0 + self.tick);
        let envelope = Envelope { project_id: "p".into(), received_at, source: Source::OtlpLogs, sdk: Sdk::default(), events };
        let before = std::mem::take(&mut self.known);
        let kept = Known {
            traces: before.traces.clone(),
            steps: before.steps.clone(),
            observations: before.observations.clone(),
            ..Known::default()
        };
        let envelopes = vec![envelope];
        // The writer reads whole only what is told in part, and what may be its twin.
        let mut before = before;
        let asked: HashSet<(String, String)> = Touched::by(&envelopes)
            .patched
            .into_iter()
            .map(|(trace, id)| (trace.to_owned(), id.to_owned()))
            .chain(to_load(&before.steps, &envelopes))
            .collect();
        before.observations.retain(|key, _| asked.contains(key));
        let folded = fold("p".into(), envelopes, before, Prices::managed());
        for row in folded.file_operation_rows() {
            if row.is_deleted == 1 {
                self.files.remove(row.id);
                continue;
            }
            self.files
                .insert(row.id.to_owned(), format!("{} {} +{:?} -{:?}", row.operation, row.file_path, row.lines_added, row.lines_removed));
        }
        for row in folded.terminal_command_rows() {
            if row.is_deleted == 1 {
                self.commands.remove(row.observation_id);
                continue;
            }
            self.commands.insert(row.observation_id.to_owned(), (row.command.to_owned(), row.exit_code, row.exit_code_source.to_owned()));
        }
        for row in folded.git_link_rows() {
            self.links.insert(row.commit_sha.to_owned(), (row.branch.to_owned(), row.observation_id.to_owned()));
        }
        self.points += folded.metric_rows().len();
        let fresh = stored(&folded);
        self.known = kept;
        self.known.traces.extend(fresh.traces);
        self.known.observations.extend(fresh.observations);
        for (trace, steps) in fresh.steps {
            let all = self.known.steps.entry(trace).or_default();
            all.retain(|old| !steps.iter().any(|new| new.id == old.id));
            all.extend(steps);
        }
        for (key, _) in folded.steps.iter().filter(|(_, step)| step.gone) {
            self.known.observations.remove(key);
            self.known.steps.entry(key.0.clone()).or_default().retain(|old| old.id != key.1);
        }
    }

    /// Everything that can be read, without the versions of rows.
    #[allow(clippy::type_complexity)]
    pub fn readable(&self) -> (BTreeMap<(String, String), (String, i64)>, BTreeMap<String, String>) {
        let steps = self.known.observations.iter().map(|(key, row)| (key.clone(), (format!("{:#?}", row.observation), row.start.0)));
        let traces = self.known.traces.iter().map(|(id, row)| {
            let facts = Facts::of(&self.known.steps[id]);
            (id.clone(), format!("{:#?} {facts:#?}", row.trace))
        });
        (steps.collect(), traces.collect())
    }

    pub fn of_record(&self, record: &str) -> Vec<&Observation> {
        let is = |o: &&Observation| o.metadata.iter().any(|(k, v)| k == "agent.record" && v == record);
        let mut found: Vec<&Observation> = self.known.observations.values().map(|row| &row.observation).filter(is).collect();
        found.sort_by_key(|o| (o.start_time, &o.id));
        found
    }
}

pub(super) fn said<'o>(o: &'o Observation, key: &str) -> &'o str {
    o.metadata.iter().find(|(k, _)| k == key).map_or("", |(_, v)| v)
}

/// A small generator, so that the orders are the same on every run.
pub(super) fn shuffle(order: &mut [usize], mut seed: u64) {
    for i in (1..order.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(i, (seed >> 33) as usize % (i + 1));
    }
}

#[test]
fn any_order_and_any_repetition_give_the_same() {
    for scenario in scenarios() {
        check_orders(&scenario.display().to_string(), &requests(&scenario, &meta(&scenario)));
    }
}

/// Sends requests in order; then twice, backwards, and in other orders, which has to give the same.
fn check_orders(name: &str, requests: &[Vec<Event>]) -> Db {
    let mut once = Db::default();
    for events in requests {
        once.send(events.clone());
    }
    let expected = once.readable();

    for seed in 0..6 {
        let mut order: Vec<usize> = (0..requests.len()).chain(0..requests.len()).collect();
        match seed {
            0 => order.reverse(),
            seed => shuffle(&mut order, seed),
        }
        let mut db = Db::default();
        for i in order {
            db.send(requests[i].clone());
        }
        let (steps, traces) = db.readable();
        assert_eq!(steps.keys().collect::<Vec<_>>(), expected.0.keys().collect::<Vec<_>>(), "{name} {seed}");
        for (key, step) in &steps {
            assert!(step == &expected.0[key], "{name} {seed} {key:?}:\n{}\nafter\n{}", step.0, expected.0[key].0);
        }
        assert_eq!(traces, expected.1, "{name} {seed}");
        assert_eq!((&db.files, &db.commands, &db.links), (&once.files, &once.commands, &once.links), "{name} {seed}");
    }

    let mut together = Db::default();
    together.send(requests.iter().flatten().cloned().collect());
    assert_eq!(together.readable().0.len(), expected.0.len(), "{name}");
    once
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    pub fresh: u64,
    pub cache_read: u64,
    pub cache_write: u64,
    pub output: u64,
    pub reasoning: u64,
}

pub(super) fn tokens(calls: &[&Observation]) -> Tokens {
    let mut sum = Tokens::default();
    for (key, count) in calls.iter().flat_map(|o| &o.usage) {
        match key.as_str() {
            "input" => sum.fresh += count,
            "input_cached_tokens" => sum.cache_read += count,
            key if key.starts_with("input_cache_creation") => sum.cache_write += count,
            "output" => sum.output += count,
            "output_reasoning_tokens" => {
                sum.output += count;
                sum.reasoning += count;
            }
            other => panic!("a bucket that no agent has: {other}"),
        }
    }
    sum
}

#[test]
fn tokens_costs_calls_and_commands_are_the_true_ones() {
    for scenario in scenarios() {
        let name = scenario.display().to_string();
        let meta = meta(&scenario);
        let requests = requests(&scenario, &meta);
        let mut db = Db::default();
        for events in requests.iter().chain(&requests) {
            db.send(events.clone());
        }
        check_truth(&name, &meta, &db, false);
    }
}

/// Is what is stored what truly happened? `hooks` says that the agent's hooks were heard, too.
#[allow(clippy::too_many_lines)]
fn check_truth(name: &str, meta: &Json, db: &Db, hooks: bool) {
    let (agent, truth) = (meta["agent"].as_str().expect("agent"), &meta["truth"]);

    // Tokens: each bucket, and the traces' sums.
    let calls = db.of_record("model_call");
    let answered: Vec<&Observation> = calls.iter().copied().filter(|o| !o.usage.is_empty()).collect();
    let number = |key: &str| truth["tokens"][key].as_u64().expect("tokens");
    let mut expected = Tokens {
        fresh: number("fresh"),
        cache_read: number("cache_read"),
        cache_write: number("cache_write"),
        output: number("output"),
        reasoning: number("reasoning"),
    };
    // OpenCode ended before it exported its last call.
    let told_requests: Vec<&Json> = truth["api_requests"].as_array().expect("requests").iter().filter(|r| r["status"] == 200).collect();
    let told_requests = &told_requests[..told_requests.len() - usize::from(agent == "opencode")];
    if agent == "opencode" {
        let of = |key: &str| told_requests.iter().map(|r| r["usage"][key].as_u64().expect("usage")).sum::<u64>();
        (expected.fresh, expected.cache_read, expected.cache_write) = (of("fresh"), of("cache_read"), of("cache_write"));
        (expected.output, expected.reasoning) = (of("output"), of("reasoning"));
    }
    // What an agent doesn't tell apart stands in the bucket that holds it.
    if matches!(agent, "gemini-cli" | "opencode") {
        expected.fresh += std::mem::take(&mut expected.cache_write);
    }
    if agent == "claude-code" || name.contains("copilot-cli/s2") || name.contains("copilot-cli/s3") {
        expected.reasoning = 0;
    }
    assert_eq!(tokens(&answered), expected, "{name}");
    let total: u64 = db.known.steps.values().map(|steps| Facts::of(steps).total_tokens).sum();
    assert_eq!(total, expected.fresh + expected.cache_read + expected.cache_write + expected.output, "{name}");

    // Model calls, prompts, costs.
    let worked = told_requests.len();
    assert_eq!(answered.len(), worked, "{name}: {:?}", answered.iter().map(|o| &o.id).collect::<Vec<_>>());
    assert_eq!(
        db.of_record("turn").len(),
        truth["prompts"].as_array().expect("prompts").len() - usize::from(agent == "opencode" && !hooks),
        "{name}"
    );
    if agent == "claude-code" {
        let cost: f64 = answered.iter().filter_map(|o| o.total_cost()).map(Usd::as_f64).sum();
        assert!((cost - truth["cost_usd"].as_f64().expect("cost")).abs() < 1e-9, "{name}: {cost}");
    }

    // Tool calls: each once, with its command and its exit code.
    let told: Vec<&Json> = truth["tool_calls"].as_array().expect("calls").iter().collect();
    // A call that a hook blocks leaves nothing in Codex' telemetry.
    let silent = |call: &Json| agent == "codex" && !hooks && call["outcome"] == "denied: PreToolUse hook";
    let told: Vec<&Json> = told.into_iter().filter(|call| !silent(call)).collect();
    let tools = db.of_record("tool_call");
    assert_eq!(tools.len(), told.len(), "{name}: {:?}", tools.iter().map(|o| &o.id).collect::<Vec<_>>());
    let content = hooks
        || !(name.contains("no-content")
            || name.contains("copilot-cli/s2")
            || name.contains("copilot-cli/s3")
            || name.contains("gemini-cli/s3"));
    for call in told {
        let id = call["id"].as_str().expect("id");
        let by_id = tools.iter().find(|o| said(o, "tool.call_id").ends_with(id));
        // Gemini tells a call's id in spans with content only.
        let Some(tool) = by_id else {
            assert_eq!(agent, "gemini-cli", "{name}: {id} is missing");
            continue;
        };
        let Some(command) = call["command"].as_str() else { continue };
        let row = db.commands.get(&tool.id);
        let Some((ran, exit_code, source)) = row else {
            assert!(!content, "{name}: {command} is no command");
            continue;
        };
        if content {
            assert_eq!(ran, command, "{name}");
        }
        // Unknown, or right; agents that tell exit codes tell them all.
        let truly = call["exit_code"].as_i64();
        match exit_code {
            None => assert!(agent == "claude-code" || truly.is_none() || call["agent_told_model"] == "no code", "{name}: {command}"),
            Some(code) => assert!(truly.is_none_or(|t| t == i64::from(*code)), "{name}: {command} gave {code} ({source})"),
        }
    }
    if agent == "gemini-cli" && content {
        let known: Vec<i64> = truth["tool_calls"].as_array().expect("calls").iter().filter_map(|c| c["exit_code"].as_i64()).collect();
        let mut ours: Vec<i64> = db.commands.values().filter_map(|(_, code, _)| code.map(i64::from)).collect();
        ours.sort_unstable();
        let mut known = known;
        known.sort_unstable();
        assert_eq!(ours, known, "{name}");
    }

    // Files that edit tools changed, and commits that were typed as commands.
    if content && (agent != "opencode" || hooks) {
        for call in truth["tool_calls"].as_array().expect("calls").iter().filter(|c| c["outcome"] == "applied") {
            let path = call["path"].as_str().expect("path");
            assert!(
                db.files.values().any(|f| f.split(' ').nth(1).is_some_and(|p| p.ends_with(path)) && !f.starts_with("READ")),
                "{name}: {path}: {:?}",
                db.files
            );
        }
    }
    if agent == "claude-code" && content {
        let typed =
            truth["tool_calls"].as_array().expect("calls").iter().any(|c| c["command"].as_str().is_some_and(|c| c.contains("git commit")));
        let commits: Vec<&str> = truth["commits"].as_array().expect("commits").iter().filter_map(|c| c["sha"].as_str()).collect();
        assert_eq!(db.links.keys().map(String::as_str).collect::<Vec<_>>(), if typed { commits } else { Vec::new() }, "{name}");
        assert!(db.links.values().all(|(branch, _)| truth["branch"] == branch.as_str()), "{name}");
    }
}

#[test]
fn subagents_nest_and_decisions_stand_on_the_calls() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/agents/claude-code");
    let send = |scenario: &str| {
        let scenario = root.join(scenario);
        let mut db = Db::default();
        for events in requests(&scenario, &meta(&scenario)) {
            db.send(events);
        }
        db
    };

    let db = send("s2-resume-subagent");
    let agents = db.of_record("subagent");
    assert_eq!(agents.len(), 1);
    assert!(agents[0].parent_id.as_deref().is_some_and(|p| p.starts_with("tool-toolu_013312fc")), "{:?}", agents[0].parent_id);
    let inside = db.known.observations.values().filter(|row| row.observation.parent_id.as_ref() == Some(&agents[0].id)).count();
    assert_eq!(inside, 3, "two model calls and a tool call");
    assert_eq!(db.known.traces.len(), 1, "a resumed session is one trace");

    let db = send("s4-denied-tools");
    let outcomes: Vec<(&str, &str)> =
        db.of_record("tool_call").iter().map(|o| (said(o, "decision.outcome"), said(o, "decision.source"))).collect();
    assert_eq!(
        outcomes,
        [("reject", "hook"), ("reject", "config"), ("reject", "config"), ("accept", "config"), ("accept", "config"), ("accept", "config")]
    );
    let db = send("s3-api-error");
    assert_eq!(db.of_record("model_call").iter().filter(|o| said(o, "api.attempts") == "2").count(), 2);
}
