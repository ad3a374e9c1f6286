//! `agenttrace wrap` with real shells, a real terminal and a real repository; what it would send is read from the spool.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use serde_json::Value;

const BIN: &str = env!("CARGO_BIN_EXE_agenttrace");

/// A home of its own, without settings: nothing is sent.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("agenttrace-wrap-{name}-{}", std::process::id()));
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(folder.join("work")).expect("a folder");
        Self(folder)
    }

    fn variables(&self) -> Vec<(String, String)> {
        let at = |name: &str| self.0.join(name).to_string_lossy().into_owned();
        let ours = ["AGENTTRACE", "OTEL_", "BASH_ENV", "PROMPT_COMMAND", "TRACEPARENT"];
        let mut variables: Vec<(String, String)> =
            std::env::vars().filter(|(name, _)| !ours.iter().any(|prefix| name.starts_with(prefix))).collect();
        for (name, value) in
            [("HOME", at("")), ("XDG_STATE_HOME", at("state")), ("XDG_CONFIG_HOME", at("config")), ("GIT_CONFIG_GLOBAL", at("gitconfig"))]
        {
            variables.retain(|(other, _)| other != name);
            variables.push((name.to_owned(), value));
        }
        variables
    }

    fn wrap(&self, options: &[&str], command: &[&str]) -> Output {
        self.wrapping(options, command).output().expect("it runs")
    }

    fn wrap_with(&self, variables: &[(&str, &str)], command: &[&str]) -> Output {
        self.wrapping(&[], command).envs(variables.iter().copied()).output().expect("it runs")
    }

    fn wrapping(&self, options: &[&str], command: &[&str]) -> Command {
        let mut wrap = Command::new(BIN);
        wrap.arg("wrap")
            .args(options)
            .arg("--")
            .args(command)
            .env_clear()
            .envs(self.variables())
            .current_dir(self.0.join("work"))
            .stdin(Stdio::null());
        wrap
    }

    fn git(&self, args: &[&str]) {
        let out = Command::new("git").args(args).env_clear().envs(self.variables()).current_dir(self.0.join("work")).output();
        let out = out.expect("git runs");
        assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    }

    fn requests(&self) -> Vec<Value> {
        let entries = std::fs::read_dir(self.0.join("state/agenttrace/spool")).expect("a spool").flatten().map(|e| e.path());
        let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
        files.sort_unstable();
        files.iter().map(|file| serde_json::from_slice(&std::fs::read(file).expect("a file")).expect("JSON")).collect()
    }

    fn bodies(&self, kind: &str) -> Vec<Value> {
        let requests = self.requests();
        let events = requests.iter().filter_map(|r| r["body"]["batch"].as_array()).flatten();
        events.filter(|e| e["type"] == kind).map(|e| e["body"].clone()).collect()
    }

    /// (command, exit code, output) of each command, in order.
    fn commands(&self) -> Vec<(String, Option<i64>, String)> {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let steps = self.bodies("tool-create");
        steps.iter().map(|b| (text(&b["input"]), b["metadata"]["command.exit_code"].as_i64(), text(&b["output"]))).collect()
    }

    fn records(&self, path: &str) -> Vec<Value> {
        self.requests().iter().filter(|r| r["path"] == path).filter_map(|r| r["body"].as_array().cloned()).flatten().collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_command_runs_as_it_would_without_us() {
    let home = Home::new("same");

    let output = home.wrap(&[], &["bash", "-c", "echo out; echo err >&2; exit 7"]);

    let told = (output.status.code(), stdout(&output), String::from_utf8_lossy(&output.stderr).into_owned());
    assert_eq!(told, (Some(7), "out\n".to_owned(), "err\n".to_owned()));
    assert_eq!(home.commands(), [("echo out; echo err >&2; exit 7".to_owned(), Some(7), "out\n\nerr\n".to_owned())]);
}

/// A thousand commands that Python starts by `start`: what was told of them.
fn a_thousand(home: &Home, start: &str) {
    let script = format!(
        "import subprocess\n\
         for i in range(1000):\n    \
             r = subprocess.run({start}, capture_output=True, text=True)\n    \
             assert (r.returncode, r.stdout) == (i % 256, f'n{{i}}\\n'), (i, r)\n"
    );

    let output = home.wrap(&[], &["python3", "-c", &script]);

    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    // Where `python3` is itself a shell script, its own commands are seen as well.
    let told: Vec<_> = home.commands().into_iter().filter(|(command, ..)| command.starts_with("echo n")).collect();
    assert_eq!(told.len(), 1_000);
    for (i, ran) in told.into_iter().enumerate() {
        assert_eq!(ran, (format!("echo n{i}; exit {}", i % 256), Some(i as i64 % 256), format!("n{i}\n")));
    }
}

#[test]
fn none_of_a_thousand_commands_is_missing_and_each_exit_code_is_right() {
    a_thousand(&Home::new("thousand"), "['bash', '-c', f'echo n{i}; exit {i % 256}']");
}

/// `/bin/sh`, which on Debian is dash and reads no file of ours.
#[test]
#[cfg(target_os = "linux")]
fn none_of_a_thousand_commands_of_the_systems_own_shell_is_missing() {
    a_thousand(&Home::new("system"), "f'echo n{i}; exit {i % 256}', shell=True");
}

#[test]
#[cfg(target_os = "linux")]
fn a_shell_that_a_library_function_starts_keeps_its_arguments_and_signals() {
    let home = Home::new("system-arguments");
    let script = "import os, subprocess\n\
                  assert os.waitstatus_to_exitcode(os.system('echo by system; exit 3')) == 3\n\
                  assert os.popen('echo by popen').read() == 'by popen\\n'\n\
                  assert subprocess.run(['/bin/sh', '-euc', 'echo \"$0 $1 $#\"; kill -TERM $$', 'zero', 'o ne', ''], stdin=subprocess.DEVNULL).returncode == -15\n\
                  assert subprocess.run(['/bin/bash', '-o', 'pipefail', '-c', 'false | true']).returncode == 1\n\
                  assert subprocess.run(['/bin/sh'], input=b'exit 4').returncode == 4\n";

    let output = home.wrap(&[], &["python3", "-c", script]);

    assert_eq!((stdout(&output).as_str(), String::from_utf8_lossy(&output.stderr).as_ref()), ("by system\nzero o ne 2\n", ""));
    assert_eq!(output.status.code(), Some(0));
    let told = [
        ("echo by system; exit 3", Some(3), "by system\n"),
        ("echo by popen", Some(0), "by popen\n"),
        ("echo \"$0 $1 $#\"; kill -TERM $$", Some(143), "zero o ne 2\n"),
        ("false | true", Some(1), ""),
    ];
    // Where `python3` is itself a shell script, its own commands are seen as well.
    let commands: Vec<_> = home.commands().into_iter().filter(|(command, ..)| !command.starts_with("bash ")).collect();
    assert_eq!(commands, told.map(|(command, code, output)| (command.to_owned(), code, output.to_owned())));
}

/// A makefile's lines are no commands of the agent's; and a command finds the environment that the user has.
#[test]
#[cfg(target_os = "linux")]
fn what_a_command_runs_by_full_path_is_part_of_it() {
    let home = Home::new("make");
    let script =
        "import subprocess\nsubprocess.run('echo \"[$LD_PRELOAD] [$ASAN_OPTIONS]\"; /bin/sh -c \"echo inner\"', shell=True, check=True)\n";

    let output = home.wrap_with(&[("ASAN_OPTIONS", "a=1")], &["python3", "-c", script]);

    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "[] [a=1]\ninner\n"));
    let told: Vec<_> = home.commands().into_iter().filter(|(command, ..)| command.starts_with("echo")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn scripts_that_a_command_runs_are_part_of_it() {
    let home = Home::new("scripts");
    std::fs::write(home.0.join("work/tool"), "#!/usr/bin/env bash\nbash -c 'echo by the tool'\n").expect("written");

    let output = home.wrap(&[], &["sh", "-c", "bash ./tool; bash < tool"]);

    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "by the tool\nby the tool\n"));
    let commands: Vec<_> = home.commands().into_iter().map(|(command, ..)| command).collect();
    assert_eq!(commands, ["bash ./tool; bash < tool", "echo by the tool", "echo by the tool"]);
}

#[test]
fn a_run_within_a_run_is_a_run_of_its_own() {
    let home = Home::new("within");

    let output = home.wrap(&[], &[BIN, "wrap", "--", "bash", "-c", "/bin/bash -c 'echo inner'; /bin/sh -c 'exit 3'"]);

    assert_eq!(
        (output.status.code(), stdout(&output).as_str(), String::from_utf8_lossy(&output.stderr).as_ref()),
        (Some(3), "inner\n", "")
    );
    let steps = home.bodies("tool-create");
    let outer = steps.iter().find(|step| step["input"].as_str().is_some_and(|command| command.starts_with("/bin/bash")));
    let outer = outer.unwrap_or_else(|| panic!("{steps:?}"));
    let inner = steps.iter().find(|step| step["input"] == "echo inner").expect("what ran in it");
    assert_eq!((&inner["traceId"], &inner["parentObservationId"]), (&outer["traceId"], &outer["id"]));
    let runs = home.bodies("trace-create").into_iter().map(|trace| trace["id"].to_string()).collect::<std::collections::HashSet<_>>();
    assert_eq!(runs.len(), 2);
}

/// A folder's name that cannot stand in `LD_PRELOAD`.
#[test]
#[cfg(target_os = "linux")]
fn where_the_linker_cannot_take_the_library_nothing_is_said() {
    let home = Home::new("a blank in its name");

    let output = home.wrap(&[], &["python3", "-c", "import subprocess; subprocess.run('echo here', shell=True)"]);

    assert_eq!((stdout(&output).as_str(), String::from_utf8_lossy(&output.stderr).as_ref()), ("here\n", ""));
}

#[test]
fn a_shell_by_its_full_path_and_shells_in_shells_are_seen() {
    let home = Home::new("nested");
    let script = "/bin/bash -c 'echo inner; exit 3'; echo $?; bash -ec 'echo e; false; echo no'; exit 5";

    let output = home.wrap(&[], &["env", "/bin/bash", "-c", script]);

    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(5), "inner\n3\ne\n"));
    let commands: Vec<_> = home.commands().into_iter().map(|(command, code, _)| (command, code)).collect();
    let inner = [("echo inner; exit 3".to_owned(), Some(3)), ("echo e; false; echo no".to_owned(), Some(1))];
    assert_eq!(commands, [&[(script.to_owned(), Some(5))][..], &inner].concat());
    let steps = home.bodies("tool-create");
    assert_eq!(steps[1]["parentObservationId"], steps[0]["id"]);
}

#[test]
fn arguments_and_names_reach_the_shell_untouched() {
    let home = Home::new("arguments");

    let output = home.wrap(&[], &["env", "/bin/bash", "-c", "printf '%s|' \"$0\" \"$@\"", "the name", "a b", "*", "", "-c", "$HOME"]);

    assert_eq!(stdout(&output), "the name|a b|*||-c|$HOME|");
}

#[test]
fn what_a_command_leaves_in_the_background_keeps_its_output() {
    let home = Home::new("background");

    let output = home.wrap(&[], &["bash", "-c", "(sleep 0.4; echo late; echo later) & echo now; exit 4"]);

    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(4), "now\nlate\nlater\n"));
}

#[test]
fn signals_end_it_as_they_would() {
    let home = Home::new("signals");

    let output = home.wrap(&[], &["bash", "-c", "bash -c 'kill -TERM $$'; echo $?; kill -9 $$"]);

    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(137), "143\n"));
    assert_eq!(home.commands().iter().map(|c| c.1).collect::<Vec<_>>(), [Some(137), Some(143)]);
}

#[test]
fn a_hundred_megabytes_of_output_pass_and_both_ends_are_kept() {
    let home = Home::new("large");

    let output = home.wrap(&[], &["bash", "-c", "echo first; head -c 100000000 /dev/zero | tr '\\0' 'a' | fold -w 99; echo last"]);

    assert!(output.stdout.len() > 100_000_000);
    let (_, _, kept) = home.commands().remove(0);
    assert!(kept.len() < 70_000 && kept.starts_with("first\n") && kept.trim_end().ends_with("last"), "{} bytes", kept.len());
}

#[test]
fn a_program_that_is_not_there_ends_with_127() {
    let home = Home::new("absent");

    let output = home.wrap(&[], &["no-such-program-anywhere"]);

    assert_eq!(output.status.code(), Some(127));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-program-anywhere"));
}

#[test]
fn files_that_changed_and_commits_are_told_and_the_repository_is_untouched() {
    let home = Home::new("files");
    for args in [&["init", "-q", "-b", "main"][..], &["config", "user.email", "dev@example.com"], &["config", "user.name", "Dev"]] {
        home.git(args);
    }
    let work = home.0.join("work");
    for (name, text) in [("kept.txt", "one\ntwo\n"), ("gone.txt", "gone\n"), ("dirty.txt", "before\n")] {
        std::fs::write(work.join(name), text).expect("a file");
    }
    home.git(&["add", "."]);
    home.git(&["commit", "-qm", "first"]);
    std::fs::write(work.join("dirty.txt"), "changed before the run\n").expect("a file");
    let objects = count(&work.join(".git/objects"));
    let script = "echo three >>kept.txt; rm gone.txt; mkdir -p 'a b'; echo new >'a b/né w.txt'; echo KEY=abc >.env";

    home.wrap(&["--git-auto-link"], &["bash", "-c", script]);

    assert_eq!(count(&work.join(".git/objects")), objects, "nothing was written into the repository");
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let records = home.records("/api/public/file-operations");
    let mut files: Vec<_> = records.iter().map(|f| (text(&f["filePath"]), text(&f["operation"]), f["diff"].is_string())).collect();
    files.sort_unstable();
    let expected =
        [(".env", "CREATE", false), ("a b/né w.txt", "CREATE", true), ("gone.txt", "DELETE", true), ("kept.txt", "UPDATE", true)];
    assert_eq!(files, expected.map(|(path, operation, diff)| (path.to_owned(), operation.to_owned(), diff)));
    assert_eq!(home.records("/api/public/git-links").len(), 0);

    home.wrap(&["--git-auto-link"], &["bash", "-c", "git commit -qam 'second, by the run'"]);

    let links = home.records("/api/public/git-links");
    let told: Vec<_> = links.iter().map(|link| (text(&link["commitMessage"]), text(&link["branch"]))).collect();
    assert_eq!(told, [("second, by the run".to_owned(), "main".to_owned())]);
}

fn count(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|e| if e.path().is_dir() { count(&e.path()) } else { 1 }).sum()
}

/// A session at a terminal: each line is typed when its prompt has come.
fn at_a_terminal(home: &Home, command: &[&str], lines: &[String], prompt: &str) -> (u32, String) {
    let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 100, pixel_width: 0, pixel_height: 0 }).expect("a terminal");
    let mut builder = CommandBuilder::new(BIN);
    builder.args(["wrap", "--"]);
    builder.args(command);
    builder.env_clear();
    for (name, value) in home.variables() {
        builder.env(name, value);
    }
    builder.env("TERM", "xterm");
    builder.cwd(home.0.join("work"));
    let mut child = pair.slave.spawn_command(builder).expect("it starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let mut writer = pair.master.take_writer().expect("a writer");
    let mut seen = Vec::new();
    let mut buffer = [0; 65_536];
    let mut typed = 0;
    while let Ok(read @ 1..) = reader.read(&mut buffer) {
        seen.extend_from_slice(&buffer[..read]);
        let prompts = String::from_utf8_lossy(&seen).matches(prompt).count();
        while typed < prompts.min(lines.len()) {
            writer.write_all(format!("{}\n", lines[typed]).as_bytes()).expect("typed");
            typed += 1;
        }
    }
    (child.wait().expect("it ends").exit_code(), String::from_utf8_lossy(&seen).into_owned())
}

#[test]
fn commands_typed_at_a_prompt_are_seen_with_their_exit_codes() {
    let home = Home::new("prompt");
    std::fs::write(home.0.join(".bashrc"), "PS1='ready> '\n").expect("a file");
    let mut lines: Vec<String> = (0..40).map(|i| format!("(exit {i})")).collect();
    lines.extend(["tty | grep -c pts".to_owned(), String::new(), "exit 9".to_owned()]);

    let (code, seen) = at_a_terminal(&home, &["bash"], &lines, "ready> ");

    assert_eq!(code, 9, "{seen}");
    let told: Vec<_> = home.commands().into_iter().map(|(command, code, _)| (command, code)).collect();
    let mut expected: Vec<_> = (0..40).map(|i| (format!("(exit {i})"), Some(i))).collect();
    // The last one ended its own shell: nobody was left to tell its code.
    expected.extend([("tty | grep -c pts".to_owned(), Some(0)), ("exit 9".to_owned(), None)]);
    assert_eq!(told, expected);
}

#[test]
fn a_full_screen_program_gets_its_terminal_its_size_and_its_keys() {
    let home = Home::new("screen");
    let script = "import curses\n\
                  def main(s):\n    \
                      s.addstr(0, 0, 'size %dx%d' % (curses.LINES, curses.COLS)); s.refresh()\n    \
                      key = s.getkey(); s.addstr(1, 0, 'key ' + key); s.refresh()\n\
                  curses.wrapper(main)\n";

    let (code, seen) = at_a_terminal(&home, &["python3", "-c", script], &["q".to_owned()], "size 24x100");

    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("key q"), "{seen}");
}
