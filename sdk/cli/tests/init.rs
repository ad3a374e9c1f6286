//! `agenttrace init`: what it writes for each agent, that it does so once, and that it can take it back.

mod stand;

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;
use stand::Home;

const CLAUDE: &str = r#"{
    // my own
    "model": "opus",
    "hooks": {
        "PreToolUse": [
            { "matcher": "Bash", "hooks": [{ "type": "command", "command": "/home/me/check.sh" }] }
        ]
    },
    "permissions": {"allow": ["Bash(ls)"], "deny": []}
}
"#;
const CODEX: &str = "model = \"gpt-5\"   # mine\n\n[projects.\"/x\"]\ntrust_level = \"trusted\"\n";
const GEMINI: &str = "{\"security\": {\"auth\": {}}, \"hooks\": {\"AfterTool\": [{\"matcher\": \"*\", \"hooks\": [{\"type\": \"command\", \"command\": \"other\"}]}]}}";
const AIDER: &str = "dark-mode: true\nread:\n  - CONVENTIONS.md";

/// A home with every agent's settings as somebody may have them.
fn home() -> Home {
    let home = Home::new();
    home.write(
        ".config/agenttrace/config.toml",
        "base_url = \"https://traces.example.com\"\npublic_key = \"pk\"\nsecret_key = \"sk-hush-hush\"\n",
    );
    home.write(".claude/settings.json", CLAUDE);
    home.write(".codex/config.toml", CODEX);
    home.write(".gemini/settings.json", GEMINI);
    home.write(".copilot/config.json", "{}");
    home.write(".config/opencode/opencode.json", "{}");
    home.write(".cursor/mcp.json", "{}");
    home.write(".aider.conf.yml", AIDER);
    home
}

/// Every file below the home but our own state, with its permissions.
fn all(home: &Home) -> Vec<(String, String, u32)> {
    let mut found = Vec::new();
    let mut folders = vec![home.folder.clone()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
            let name = path.strip_prefix(&home.folder).expect("below").to_string_lossy().into_owned();
            if path.is_dir() && name != "state" {
                found.push((name, String::new(), 0));
                folders.push(path);
            } else if path.is_file() {
                let mode = path.metadata().expect("a file").permissions().mode() & 0o777;
                found.push((name, std::fs::read_to_string(path).expect("text"), mode));
            }
        }
    }
    found.sort_unstable();
    found
}

fn json(text: &str) -> Value {
    let bare: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    serde_json::from_str(&bare.join("\n")).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn it_is_set_up_once_and_taken_back_to_the_byte() {
    for more in [&[] as &[&str], &["--unredacted-telemetry"]] {
        let home = home();
        let before = all(&home);
        let init = |rest: &[&str]| home.json(&[&["init", "--json"], more, rest].concat());

        let shown = init(&["--dry-run"]);
        assert_eq!(shown["written"], false);
        assert_eq!(all(&home), before, "a dry run writes nothing");
        assert!(!shown.to_string().contains("hush"));
        let out = home.run(&["init"]);
        assert_eq!((out.status.code(), all(&home) == before), (Some(1), true), "nobody was asked");

        assert_eq!(init(&["--yes"])["written"], true);
        let after = all(&home);
        let again = init(&["--yes"]);
        assert_eq!(again["written"], false);
        assert!(
            again["agents"]
                .as_array()
                .is_some_and(|agents| agents.len() == 7 && agents.iter().all(|agent| agent["files"] == serde_json::json!([]))),
            "{again}"
        );
        assert_eq!(all(&home), after);
        let told = home.run(&[&["init", "--yes"], more].concat());
        assert!(String::from_utf8_lossy(&told.stdout).contains("nothing to do"));

        assert_eq!(home.json(&["init", "--undo", "--yes", "--json"])["written"], true);
        assert_eq!(all(&home), before);
        assert_eq!(home.json(&["init", "--undo", "--yes", "--json"])["written"], false);
    }
}

#[test]
fn telemetry_that_passes_no_redaction_is_there_only_while_it_is_asked_for() {
    let home = home();
    let (config, settings) = (".codex/config.toml", ".gemini/settings.json");
    home.run(&["init", "--yes"]);
    let without = all(&home);
    assert_eq!(home.read(config), CODEX);
    assert!(!home.at(".gemini/.env").exists() && json(&home.read(settings))["telemetry"].is_null());

    let told = home.json(&["init", "--yes", "--json", "--unredacted-telemetry"]);

    assert_eq!(told["agents"].to_string().matches("past our redaction").count(), 2, "{told}");
    let codex = home.read(config);
    assert!(codex.starts_with(CODEX) && codex.contains("[otel]") && codex.contains("log_user_prompt = false"), "{codex}");
    let mode = |name: &str| std::fs::metadata(home.at(name)).expect("a file").permissions().mode() & 0o777;
    assert_eq!((mode(config), mode(".gemini/.env")), (0o600, 0o600), "they hold the key");
    assert_eq!(json(&home.read(settings))["telemetry"]["logPrompts"], false);

    home.run(&["init", "--yes"]);

    // Beside blanks in the settings that are still ours.
    let others = |files: &[(String, String, u32)]| files.iter().filter(|file| file.0 != settings).cloned().collect::<Vec<_>>();
    let is = |files: &[(String, String, u32)]| files.iter().find(|file| file.0 == settings).map(|file| json(&file.1));
    let after = all(&home);
    assert_eq!((others(&after) == others(&without), is(&after)), (true, is(&without)));
}

#[test]
fn settings_keep_what_is_the_users_and_no_key_lies_where_it_need_not() {
    let home = home();

    home.run(&["init", "--yes"]);

    let claude = home.read(".claude/settings.json");
    assert!(
        claude.contains("    // my own\n    \"model\": \"opus\",\n") && !claude.contains("c2staHVzaC1odXNo") && !claude.contains("hush")
    );
    let claude = json(&claude);
    assert_eq!(claude["hooks"]["PreToolUse"][0]["hooks"][0]["command"], "/home/me/check.sh");
    let ours = &claude["hooks"]["PreToolUse"][1]["hooks"][0];
    assert!(ours["command"].as_str().is_some_and(|command| command.ends_with("agenttrace hook claude-code")) && ours["async"].is_null());
    assert_eq!(claude["hooks"]["UserPromptSubmit"][0]["hooks"][0]["async"], true);
    assert_eq!(claude["env"]["OTEL_EXPORTER_OTLP_ENDPOINT"], "https://traces.example.com");
    assert_eq!(claude["env"]["OTEL_LOG_TOOL_DETAILS"], Value::Null, "contents go by hooks alone, which are redacted");
    let helper = claude["otelHeadersHelper"].as_str().expect("a helper").to_owned();
    let headers: Value = serde_json::from_slice(&home.command(&["otel-headers"]).output().expect("it runs").stdout).expect("JSON");
    assert!(
        helper.ends_with("agenttrace otel-headers") && headers["Authorization"].as_str().is_some_and(|header| header.starts_with("Basic "))
    );

    assert_eq!(home.read(".codex/config.toml"), CODEX);
    assert!(home.read(".codex/hooks.json").contains("agenttrace hook codex"));
    assert_eq!(std::fs::metadata(home.at(".claude/settings.json")).expect("a file").permissions().mode() & 0o777, 0o644);
    let gemini = json(&home.read(".gemini/settings.json"));
    assert_eq!(gemini["hooks"]["AfterTool"][0]["hooks"][0]["command"], "other");
    assert!(gemini["hooks"]["AfterTool"][1].to_string().contains("agenttrace hook gemini-cli"), "{gemini}");
    let copilot = json(&home.read(".copilot/hooks/agenttrace.json"));
    assert!(copilot["hooks"]["preToolUse"][0]["bash"].as_str().is_some_and(|command| command.ends_with("hook copilot-cli preToolUse")));
    assert_eq!(json(&home.read(".cursor/hooks.json"))["version"], 1);
    assert!(home.read(".config/opencode/plugin/agenttrace.js").contains("\"hook\", \"opencode\""));
    assert!(home.read(".aider.conf.yml").starts_with(AIDER));
}

#[test]
fn what_the_user_changed_since_stays_when_it_is_taken_back() {
    let home = home();
    home.run(&["init", "--yes", "--unredacted-telemetry"]);
    let changed = home.read(".claude/settings.json").replace("\"opus\"", "\"sonnet\"").replace("/home/me/check.sh", "/home/me/new.sh");
    home.write(".claude/settings.json", &changed);
    home.write(".codex/config.toml", &home.read(".codex/config.toml").replace("gpt-5", "gpt-6"));
    home.write(".gemini/.env", &format!("A=1\n{}", home.read(".gemini/.env")));
    home.write(".aider.conf.yml", &format!("{}auto-commits: false\n", home.read(".aider.conf.yml")));
    let cursor = home.read(".cursor/hooks.json").replacen("\"stop\": [", "\"stop\": [{\"command\": \"theirs\"},", 1);
    home.write(".cursor/hooks.json", &cursor);

    home.run(&["init", "--undo", "--yes"]);

    let claude = json(&home.read(".claude/settings.json"));
    let expected = json(&CLAUDE.replace("\"opus\"", "\"sonnet\"").replace("/home/me/check.sh", "/home/me/new.sh"));
    assert_eq!(claude, expected);
    assert!(home.read(".claude/settings.json").contains("// my own"));
    assert_eq!(home.read(".codex/config.toml").trim_end(), CODEX.replace("gpt-5", "gpt-6").trim_end());
    assert_eq!(home.read(".gemini/.env"), "A=1\n");
    assert_eq!(home.read(".aider.conf.yml"), format!("{AIDER}\nauto-commits: false\n"));
    assert_eq!(json(&home.read(".cursor/hooks.json")), serde_json::json!({"version": 1, "hooks": {"stop": [{"command": "theirs"}]}}));
}

#[test]
fn telemetry_that_goes_elsewhere_stays_and_what_cannot_be_read_is_left_alone() {
    let home = home();
    let claude = r#"{"env": {"OTEL_EXPORTER_OTLP_ENDPOINT": "https://other.example.com"}}"#;
    let codex = "[otel]\nexporter = { otlp-http = { endpoint = \"https://other.example.com\", protocol = \"binary\" } }\n";
    home.write(".claude/settings.json", claude);
    home.write(".codex/config.toml", codex);
    home.write(".gemini/settings.json", "{ not JSON");
    home.write(".cursor/hooks.json", "{\"hooks\": []}");
    home.write(".aider.conf.yml", "{dark-mode: true}\n");

    let told = home.json(&["init", "--yes", "--json", "--unredacted-telemetry"]);

    let after = json(&home.read(".claude/settings.json"));
    assert_eq!((&after["env"], &after["otelHeadersHelper"]), (&json(claude)["env"], &Value::Null));
    assert!(after["hooks"]["Stop"].is_array());
    assert_eq!(home.read(".codex/config.toml"), codex);
    assert!(home.at(".codex/hooks.json").exists());
    assert_eq!((home.read(".gemini/settings.json").as_str(), home.read(".cursor/hooks.json").as_str()), ("{ not JSON", "{\"hooks\": []}"));
    assert_eq!(home.read(".aider.conf.yml"), "{dark-mode: true}\n");
    let notes = told["agents"].to_string();
    assert_eq!((notes.matches("goes elsewhere already").count(), notes.matches("is left alone").count()), (2, 3), "{notes}");
}

#[test]
fn a_login_to_another_server_is_followed() {
    let home = home();
    home.run(&["init", "--yes", "--unredacted-telemetry"]);
    home.write(".config/agenttrace/config.toml", "base_url = \"https://new.example.com\"\npublic_key = \"pk2\"\nsecret_key = \"sk2\"\n");

    home.run(&["init", "--yes", "--unredacted-telemetry"]);

    for name in [".claude/settings.json", ".codex/config.toml", ".codex/hooks.json", ".gemini/settings.json", ".gemini/.env"] {
        let text = home.read(name);
        assert!(!text.contains("traces.example.com"), "{name}: {text}");
    }
    home.run(&["init", "--undo", "--yes"]);
    assert_eq!(home.read(".claude/settings.json"), CLAUDE);
    assert_eq!(home.read(".gemini/settings.json"), GEMINI);
}

#[test]
fn only_what_is_asked_for_and_only_hooks_without_a_login() {
    let home = home();
    std::fs::remove_file(home.at(".config/agenttrace/config.toml")).expect("a file");
    let before = all(&home);

    home.run(&["init", "--yes", "--agent", "codex"]);

    let changed: Vec<String> = all(&home).into_iter().filter(|file| !before.contains(file)).map(|file| file.0).collect();
    assert_eq!(changed, [".codex/hooks.json"]);
    let status = home.json(&["status", "--json"]);
    let hooks: Vec<&str> =
        status["agents"].as_array().into_iter().flatten().filter(|a| a["hooks"] == true).filter_map(|a| a["agent"].as_str()).collect();
    assert_eq!(hooks, ["codex"]);
}

#[test]
fn the_plugin_of_opencode_tells_what_is_final_and_names_the_call_to_its_shells() {
    let home = home();
    let _nobody = home.without_uploader();
    home.run(&["init", "--yes", "--agent", "opencode"]);
    std::fs::rename(home.at(".config/opencode/plugin/agenttrace.js"), home.at("plugin.mjs")).expect("moved");
    let script = r#"
        import { AgentTrace } from "./plugin.mjs"
        const hooks = await AgentTrace({ directory: "/w", worktree: "/w" })
        const part = (status) => ({ type: "message.part.updated", properties: { part: { type: "tool", callID: "c1", state: { status } } } })
        for (const event of [
          { type: "session.created", properties: { info: { id: "ses_1" } } },
          { type: "message.part.delta", properties: { delta: "a" } },
          part("running"), part("completed"),
          { type: "session.status", properties: { status: { type: "busy" } } },
          { type: "session.idle", properties: { sessionID: "ses_1" } },
        ]) await hooks.event({ event })
        await hooks["tool.execute.after"]({ tool: "bash", sessionID: "ses_1", callID: "c1", args: { command: "ls" } }, { output: "a" })
        const output = { env: { KEPT: "1" } }
        await hooks["shell.env"]({ cwd: "/w", sessionID: "ses_1", callID: "c1" }, output)
        console.log(JSON.stringify(output.env))
    "#;
    home.write("drive.mjs", script);
    let mut node = std::process::Command::new("node");
    let out = node.arg("drive.mjs").env_clear().envs(home.variables.iter().cloned()).current_dir(&home.folder).output().expect("node runs");

    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let variables: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let expected =
        serde_json::json!({"KEPT": "1", "AGENTTRACE_AGENT": "opencode", "AGENTTRACE_SESSION_ID": "ses_1", "AGENTTRACE_TOOL_CALL_ID": "c1"});
    assert_eq!(variables, expected);
    let mut told: Vec<String> = home
        .waiting()
        .iter()
        .map(|e| &e["body"]["event"])
        .map(|e| e["event"]["type"].as_str().or_else(|| e["kind"].as_str()).unwrap_or_default().to_owned())
        .collect();
    told.sort_unstable();
    assert_eq!(told, ["message.part.updated", "session.created", "session.idle", "tool.execute.after"]);
}
