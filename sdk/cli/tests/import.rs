//! `agenttrace import <agent>` with recorded transcripts, and with what no agent should write, against a server that notes what it is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

const BIN: &str = env!("CARGO_BIN_EXE_agenttrace");
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/agents");

/// Takes everything at once.
struct Server {
    address: String,
    events: Arc<Mutex<Vec<Value>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let events = Arc::new(Mutex::new(Vec::new()));
        let theirs = Arc::clone(&events);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let events = Arc::clone(&theirs);
                std::thread::spawn(move || serve(stream, &events));
            }
        });
        Self { address, events }
    }

    fn taken(&self) -> Vec<Value> {
        std::mem::take(&mut self.events.lock().expect("no panic"))
    }
}

fn serve(stream: TcpStream, events: &Mutex<Vec<Value>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("a body");
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        events.lock().expect("no panic").extend(body["batch"].as_array().expect("a batch").iter().cloned());
        let answer = r#"{"successes":[],"errors":[]}"#;
        let mut stream = reader.get_ref();
        write!(stream, "HTTP/1.1 207 Multi-Status\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{answer}", answer.len())
            .expect("answered");
    }
}

/// A home of its own.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("agenttrace-transcripts-{name}-{}", std::process::id()));
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    /// A file below it.
    fn write(&self, path: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let file = self.0.join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(&file, contents).expect("written");
        file
    }

    fn append(&self, path: &str, text: &str) {
        std::fs::File::options().append(true).open(self.0.join(path)).expect("a file").write_all(text.as_bytes()).expect("written");
    }

    /// The summary of an import.
    fn import(&self, address: &str, args: &[&str]) -> Value {
        let out = Command::new(BIN)
            .args(["--json", "import"])
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &self.0)
            .env("AGENTTRACE_BASE_URL", address)
            .env("AGENTTRACE_PUBLIC_KEY", "pk-lf-1")
            .env("AGENTTRACE_SECRET_KEY", "sk-lf-1")
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        serde_json::from_slice(&out.stdout)
            .unwrap_or_else(|_| panic!("{}\n{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn recorded(path: &str) -> String {
    std::fs::read_to_string(Path::new(FIXTURES).join(path)).expect(path)
}

const CLAUDE: &str = "claude-code/s1-fix-and-commit/transcripts/-home-dev-shop/c479555f-fa72-4392-932b-c5c184c39a22.jsonl";
const OURS: &str = ".claude/projects/-home-dev-shop/c479555f-fa72-4392-932b-c5c184c39a22.jsonl";

/// Statements by step: all their fields together.
fn steps(events: &[Value]) -> BTreeMap<String, Value> {
    let mut steps: BTreeMap<String, Value> = BTreeMap::new();
    for event in events.iter().filter(|event| event["type"] == "observation-update") {
        let step = steps.entry(event["body"]["id"].as_str().expect("an id").to_owned()).or_insert_with(|| json!({"metadata": {}}));
        for (name, value) in event["body"].as_object().expect("fields") {
            match value.as_object().filter(|_| name == "metadata") {
                Some(metadata) => metadata.iter().for_each(|(key, value)| step["metadata"][key] = value.clone()),
                None => step[name] = value.clone(),
            }
        }
    }
    steps
}

fn of_kind<'s>(steps: &'s BTreeMap<String, Value>, record: &str) -> Vec<&'s Value> {
    steps.values().filter(|step| step["metadata"]["agent.record"] == record).collect()
}

#[test]
fn what_was_sent_is_not_sent_again_and_what_is_new_is() {
    let (server, home) = (Server::start(), Home::new("again"));
    let whole = recorded(CLAUDE);
    let lines: Vec<&str> = whole.lines().collect();
    let (begin, rest) = lines.split_at(lines.len() - 8);
    home.write(OURS, begin.join("\n") + "\n");

    let first = home.import(&server.address, &["claude-code"]);
    assert_eq!((&first["sessions"], &first["turns"], &first["requests"]["left"]), (&json!(1), &json!(1), &json!(0)), "{first}");
    let told = steps(&server.taken());
    assert_eq!(
        of_kind(&told, "turn")[0]["input"],
        "The cart total ignores the percent discount. Find out why the tests fail, fix it and commit."
    );

    let again = home.import(&server.address, &["claude-code"]);
    assert_eq!((&again["transcripts"]["unchanged"], &again["lines"], server.taken().len()), (&json!(1), &json!(0), 0), "{again}");

    // A line is written in two halves, and the import comes between them.
    let (half, other_half) = rest[0].split_at(rest[0].len() / 2);
    home.append(OURS, half);
    assert_eq!(home.import(&server.address, &["claude-code"])["lines"], 0);
    home.append(OURS, &format!("{other_half}\n{}\n", rest[1..].join("\n")));
    let last = home.import(&server.address, &["claude-code"]);
    assert_eq!(last["lines"], rest.len(), "{last}");
    let new = steps(&server.taken());
    assert!(of_kind(&new, "tool_call").len() < of_kind(&told, "tool_call").len(), "what was told is not told again");

    // All in all it is what an import of the whole says.
    let (other, all) = (Home::new("whole"), Server::start());
    other.write(OURS, &whole);
    other.import(&all.address, &["claude-code"]);
    let mut together = told;
    together.extend(new);
    assert_eq!(together.keys().collect::<Vec<_>>(), steps(&all.taken()).keys().collect::<Vec<_>>());
}

#[test]
fn nothing_is_lost_when_the_server_is_away() {
    let home = Home::new("away");
    home.write(OURS, recorded(CLAUDE));

    let away = home.import("http://127.0.0.1:9", &["claude-code", "--within", "1"]);
    assert_eq!((&away["requests"]["sent"], &away["requests"]["left"]), (&json!(0), &json!(1)), "{away}");

    // What was read waits; another import of the same project sends it, too.
    let server = Server::start();
    let spool = home.0.join(".local/state/agenttrace/spool");
    assert!(std::fs::read_dir(&spool).expect("a spool").flatten().any(|entry| entry.path().extension().is_some_and(|e| e == "json")));
    home.import(&server.address, &["claude-code"]);
    assert_eq!(of_kind(&steps(&server.taken()), "model_call").len(), 7);
}

#[test]
fn a_dry_run_leaves_no_trace() {
    let home = Home::new("dry");
    home.write(OURS, recorded(CLAUDE));

    let told = home.import("http://127.0.0.1:9", &["claude-code", "--dry-run"]);

    assert_eq!((&told["calls"], &told["commands"], &told["toolCalls"]), (&json!(7), &json!(4), &json!(6)), "{told}");
    assert!(!home.0.join(".local").exists());
}

#[test]
fn what_cannot_be_read_is_counted_and_the_rest_is_sent() {
    let (server, home) = (Server::start(), Home::new("bad"));
    let whole = recorded(CLAUDE);
    let deep = format!(
        r#"{{"type":"user","sessionId":"s","timestamp":"2026-01-01T00:00:00Z","message":{}1{}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let long = format!(
        r#"{{"type":"user","sessionId":"s","timestamp":"2026-01-01T00:00:00Z","message":{{"content":"{}"}}}}"#,
        "x".repeat(100_000_000)
    );
    let strange: Vec<Vec<u8>> = vec![
        b"\xff\xfe\x00\x01binary".to_vec(),
        b"{\"type\":\"user\",\"message\"".to_vec(),
        b"[1,2,3]".to_vec(),
        br#"{"type":"invented","sessionId":"s","timestamp":"2026-01-01T00:00:00Z"}"#.to_vec(),
        br#"{"type":"user","sessionId":"s"}"#.to_vec(),
        br#"{"type":"user","sessionId":"s","timestamp":12,"message":null,"toolUseResult":[[]],"cwd":{},"gitBranch":7}"#.to_vec(),
        br#"{"type":"assistant","sessionId":"s","timestamp":"2026-01-01T00:00:00Z","requestId":"r","message":{"usage":{"input_tokens":-1,"output_tokens":"x","cache_read_input_tokens":1e300},"content":{"a":[]},"model":["m"]}}"#.to_vec(),
        deep.into_bytes(),
        long.into_bytes(),
    ];
    let mut contents = strange.join(&b'\n');
    contents.push(b'\n');
    contents.extend_from_slice(whole.as_bytes());
    home.write(".claude/projects/a/odd\nname.jsonl", contents);
    home.write(".claude/projects/a/empty.jsonl", "");
    home.write(".claude/projects/a/zeros.jsonl", [0; 5_000]);

    let told = home.import(&server.address, &["claude-code"]);

    assert_eq!(told["transcripts"], json!({"found": 3, "read": 3, "unchanged": 0, "failed": 0}), "{told}");
    let skipped = told["skipped"].as_object().expect("reasons");
    assert_eq!((&skipped["not text"], &skipped["too long"], &skipped["unknown type"]), (&json!(1), &json!(1), &json!(1)), "{told}");
    assert_eq!((&skipped["not JSON"], &skipped["no time"]), (&json!(3), &json!(2)), "{told}");
    assert_eq!(told["turns"], 1, "the session behind all that is told: {told}");
    assert_eq!(of_kind(&steps(&server.taken()), "tool_call").len(), 6);
}

#[test]
fn every_agent_survives_rows_of_another_shape() {
    let home = Home::new("shapes");
    let cases = [
        ("claude-code", CLAUDE, "x.jsonl"),
        (
            "codex",
            "codex/s2-resume-background/transcripts/sessions/2026/11/22/rollout-2026-11-22T15-18-51-01a203d6-b310-7c60-90e7-c00ad77c85fc.jsonl",
            "rollout-x.jsonl",
        ),
        ("gemini-cli", "gemini-cli/s2-resume/transcripts/shop/chats/session-2026-11-22T15-22-dfaffa0d.jsonl", "session-x.jsonl"),
        ("copilot-cli", "copilot-cli/s2-continue-subagent/transcripts/cb75eb03-2fd0-4e82-85ec-4f03ec69eb0e/events.jsonl", "events.jsonl"),
        ("aider", "aider/s2-two-prompts-test-loop/transcripts/aider.chat.history.md", ".aider.chat.history.md"),
    ];
    for (agent, recording, name) in cases {
        let text = recorded(recording);
        // Every value becomes another kind of value in turn, and every line is cut somewhere.
        let mut odd = String::new();
        for (number, line) in text.lines().enumerate() {
            let Ok(mut row) = serde_json::from_str::<Value>(line) else {
                odd.push_str(&line[..line.floor_char_boundary(line.len() / 2)]);
                odd.push('\n');
                continue;
            };
            twist(&mut row, number);
            odd.push_str(&row.to_string());
            odd.push('\n');
            odd.push_str(&line[..line.floor_char_boundary(line.len() * (number % 7) / 7)]);
            odd.push('\n');
        }
        let file = home.write(&format!("{agent}/{name}"), odd);

        let told = home.import("http://127.0.0.1:9", &[agent, "--dry-run", "--path", file.to_str().expect("text")]);

        assert_eq!(told["transcripts"]["read"], 1, "{agent}: {told}");
    }
}

/// Replaces some values by values of other kinds.
fn twist(value: &mut Value, mut seed: usize) {
    match value {
        Value::Object(fields) => {
            for (at, (name, field)) in fields.iter_mut().enumerate() {
                seed = seed.wrapping_mul(31).wrapping_add(at + 7);
                if seed.is_multiple_of(5) && !["type", "sessionId", "timestamp", "id"].contains(&name.as_str()) {
                    *field = [json!(null), json!(-1), json!("odd"), json!([[]]), json!({"odd": {}}), json!(1e300)][seed % 6].clone();
                } else {
                    twist(field, seed);
                }
            }
        }
        Value::Array(items) => items.iter_mut().enumerate().for_each(|(at, item)| twist(item, seed.wrapping_add(at))),
        _ => {}
    }
}

#[test]
fn secrets_stay_on_the_machine() {
    let (server, home) = (Server::start(), Home::new("secrets"));
    let token = format!("ghp_{}", "aZ3".repeat(12));
    home.write("shop/.gitignore", "notes/\n*.log\n!kept.log\n");
    let shop = home.0.join("shop").canonicalize().expect("a folder");
    assert!(Command::new("git").args(["init", "-q"]).current_dir(&shop).status().expect("git runs").success());
    let row = |value: Value| {
        let mut row = json!({"sessionId": "s", "timestamp": "2026-01-01T00:00:00Z", "promptId": "p", "requestId": "r", "cwd": shop});
        value.as_object().expect("fields").iter().for_each(|(key, value)| row[key] = value.clone());
        row.to_string()
    };
    let tool = |id: &str, name: &str, input: Value| {
        row(
            json!({"type": "assistant", "message": {"id": "m", "content": [{"type": "tool_use", "id": id, "name": name, "input": input}], "usage": {"input_tokens": 1, "output_tokens": 1}}}),
        )
    };
    let result = |id: &str, text: &str| {
        row(
            json!({"type": "user", "message": {"content": [{"type": "tool_result", "tool_use_id": id, "content": text}]}, "toolUseResult": {"stdout": text}}),
        )
    };
    let lines = [
        row(json!({"type": "user", "message": {"content": format!("use {token}")}})),
        tool("t1", "Read", json!({"file_path": "/home/dev/shop/.env"})),
        result("t1", "DATABASE=plainwords"),
        tool("t2", "Bash", json!({"command": "cat ./.env | head"})),
        result("t2", "DATABASE=plainwords"),
        tool("t3", "Write", json!({"file_path": "/home/dev/.ssh/config", "content": "plainwords"})),
        result("t3", "written"),
        tool("t4", "Bash", json!({"command": "cat README.md"})),
        result("t4", "all may read this"),
        tool("t5", "Read", json!({"file_path": shop.join("notes/diary.md")})),
        result("t5", "plainwords"),
        tool("t6", "Write", json!({"file_path": "run.log", "content": "plainwords"})),
        result("t6", "written"),
        tool("t7", "Read", json!({"file_path": "kept.log"})),
        result("t7", "all may read that"),
        tool("t8", "Bash", json!({"command": "python3 manage.py --settings .env <<X\nplainwords\nX"})),
        result("t8", "DATABASE=plainwords"),
    ];
    home.write(".claude/projects/a/s.jsonl", lines.join("\n") + "\n");

    let told = home.import(&server.address, &["claude-code"]);

    let events = server.taken();
    let sent = Value::Array(events.clone()).to_string();
    assert!(!sent.contains(&token) && !sent.contains("plainwords"), "{sent}");
    assert!(told["redacted"].as_u64().expect("a count") >= 1, "{told}");
    let steps = steps(&events);
    assert_eq!(steps["tool-t1"]["input"]["file_path"], "/home/dev/shop/.env", "that it was read is told");
    assert_eq!(steps["tool-t4"]["output"], "all may read this");
    assert_eq!(steps["tool-t5"]["input"]["file_path"], shop.join("notes/diary.md").to_string_lossy().as_ref());
    assert_eq!(steps["tool-t7"]["output"], "all may read that");
    assert!(
        steps["tool-t8"]["metadata"]["command.line"].as_str().is_some_and(|line| line.starts_with("python3 manage.py")),
        "{}",
        steps["tool-t8"]
    );
}

#[test]
fn a_copied_history_is_told_once() {
    let (server, home) = (Server::start(), Home::new("copied"));
    let whole = recorded(CLAUDE);
    home.write(OURS, &whole);
    let copy = whole.replace("c479555f-fa72-4392-932b-c5c184c39a22", "11111111-fa72-4392-932b-c5c184c39a22");
    home.write(".claude/projects/-home-dev-shop/11111111-fa72-4392-932b-c5c184c39a22.jsonl", copy);

    let told = home.import(&server.address, &["claude-code"]);

    assert_eq!((&told["calls"], &told["turns"]), (&json!(7), &json!(1)), "{told}");
    assert!(told["skipped"]["copied from another session"].as_u64().expect("counted") > 7);
    // And the next import knows whose they are, too.
    for name in [OURS, ".claude/projects/-home-dev-shop/11111111-fa72-4392-932b-c5c184c39a22.jsonl"] {
        home.append(name, "\n");
    }
    home.import(&server.address, &["claude-code"]);
    let owners: BTreeSet<String> = of_kind(&steps(&server.taken()), "model_call").iter().map(|call| call["traceId"].to_string()).collect();
    assert_eq!(owners.len(), 1, "{owners:?}");
}

/// The database of a recording, as OpenCode keeps it.
fn database(home: &Home, scenario: &str) -> rusqlite::Connection {
    let folder = home.0.join(".local/share/opencode");
    std::fs::create_dir_all(&folder).expect("a folder");
    let connection = rusqlite::Connection::open(folder.join("opencode.db")).expect("a database");
    connection.pragma_update(None, "journal_mode", "wal").expect("WAL");
    connection.pragma_update(None, "foreign_keys", false).expect("rows in any order");
    let schema = recorded(&format!("opencode/{scenario}/transcripts/opencode.schema.sql"));
    for table in schema.split("CREATE TABLE").skip(1) {
        connection.execute_batch(&format!("CREATE TABLE {}", table.trim().trim_end_matches(';'))).expect("a table");
    }
    for line in recorded(&format!("opencode/{scenario}/transcripts/opencode.db.jsonl")).lines() {
        let row: Value = serde_json::from_str(line).expect("a row");
        let (table, fields) = (row["table"].as_str().expect("a table"), row["row"].as_object().expect("fields"));
        let names: Vec<String> = fields.keys().map(|name| format!("`{name}`")).collect();
        let marks: Vec<&str> = fields.keys().map(|_| "?").collect();
        let values = fields.values().map(|value| match value {
            Value::Null => rusqlite::types::Value::Null,
            Value::Number(n) if n.is_i64() => n.as_i64().expect("a number").into(),
            Value::Number(n) => n.as_f64().expect("a number").into(),
            Value::String(text) => text.clone().into(),
            other => other.to_string().into(),
        });
        let insert = format!("INSERT INTO `{table}` ({}) VALUES ({})", names.join(","), marks.join(","));
        connection.execute(&insert, rusqlite::params_from_iter(values)).expect("inserted");
    }
    connection
}

#[test]
fn opencodes_database_is_read_while_it_is_written_to() {
    let (server, home) = (Server::start(), Home::new("opencode"));
    let agent = database(&home, "s2-continue-subagent");
    // The agent is in the middle of writing something.
    agent.execute_batch("BEGIN IMMEDIATE; UPDATE session SET title = 'not yet'").expect("a transaction");

    let told = home.import(&server.address, &["opencode"]);

    assert_eq!(
        (&told["sessions"], &told["turns"], &told["calls"], &told["toolCalls"]),
        (&json!(2), &json!(2), &json!(10), &json!(8)),
        "{told}"
    );
    assert_eq!(told["redacted"], 0, "ids are as irregular as secrets and are none: {told}");
    agent.execute_batch("COMMIT").expect("the agent was not held up");
    let steps = steps(&server.taken());
    let codes: Vec<(&str, i64)> = of_kind(&steps, "tool_call")
        .into_iter()
        .filter_map(|step| Some((step["metadata"]["command.line"].as_str()?, step["metadata"]["command.exit_code"].as_i64()?)))
        .collect();
    assert!(codes.contains(&("python3 tools/check_prices.py", 3)), "{codes:?}");

    let again = home.import(&server.address, &["opencode"]);
    assert_eq!((&again["lines"], server.taken().len()), (&json!(0), 0), "{again}");
    agent.execute_batch("UPDATE message SET time_updated = time_updated + 1000000 WHERE id = 'msg_203da5eb1001jX1sam5f5E2LKD'; UPDATE session SET time_updated = time_updated + 1000000 WHERE parent_id IS NULL").expect("written");
    assert_eq!(home.import(&server.address, &["opencode"])["calls"], 1, "the answer that changed");

    let answer = |data: &str| {
        let session = "SELECT id FROM session WHERE parent_id IS NULL";
        let statements = format!(
            "INSERT OR REPLACE INTO message (id, session_id, time_created, time_updated, data) VALUES ('msg_z', ({session}), 1895361000000, (SELECT max(time_updated) + 1 FROM session), '{data}');
             UPDATE session SET time_updated = time_updated + 1000000 WHERE parent_id IS NULL; UPDATE message SET time_updated = (SELECT max(time_updated) FROM session) WHERE id = 'msg_z'"
        );
        agent.execute_batch(&statements).expect("written");
        home.import(&server.address, &["opencode"])["calls"].clone()
    };
    let none = r#"{"role":"assistant","modelID":"m","time":{"created":1895361000000},"tokens":{"input":0,"output":0,"reasoning":0,"cache":{"read":0,"write":0}}}"#;
    assert_eq!(answer(none), 0, "the answer that is being written has no name yet");
    let whole = none.replace("\"input\":0", "\"input\":7").replace("000000}", "000000,\"completed\":1895361000500}");
    assert_eq!(answer(&whole), 1);
}

#[test]
fn what_is_no_database_is_told_and_a_folder_that_is_not_there_is_none() {
    let home = Home::new("no-database");
    let file = home.write("opencode.db", "not a database, and long enough to look like one".repeat(100));

    let told = home.import("http://127.0.0.1:9", &["opencode", "--dry-run", "--path", file.to_str().expect("text")]);
    assert_eq!(told["transcripts"]["failed"], 1, "{told}");

    let none = home.import("http://127.0.0.1:9", &["codex", "--dry-run"]);
    assert_eq!(none["transcripts"]["found"], 0, "{none}");
    let wrong = home.import("http://127.0.0.1:9", &["codex", "--dry-run", "--path", "/nowhere"]);
    assert!(wrong["error"].as_str().is_some_and(|error| error.contains("/nowhere")), "{wrong}");
}

#[test]
fn only_what_was_written_since_is_read() {
    let home = Home::new("since");
    let old = home.write(OURS, recorded(CLAUDE));
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(40 * 86_400);
    std::fs::File::options().append(true).open(old).expect("a file").set_modified(long_ago).expect("aged");

    for (since, found) in [("30d", 0), ("60d", 1), ("1h", 0), ("2020-01-01", 1)] {
        let told = home.import("http://127.0.0.1:9", &["claude-code", "--dry-run", "--since", since]);
        assert_eq!(told["transcripts"]["found"], found, "{since}: {told}");
    }
}
