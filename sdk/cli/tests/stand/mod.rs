//! What the tests of the program stand on: a home of its own, and a server that keeps what it is sent.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub const BIN: &str = env!("CARGO_BIN_EXE_agenttrace");

/// A home of its own.
pub struct Home {
    pub folder: PathBuf,
    pub variables: Vec<(String, String)>,
}

impl Home {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("agenttrace-cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(folder.join("work")).expect("a folder");
        std::fs::create_dir_all(folder.join("tmp")).expect("a folder");
        let folder = folder.canonicalize().expect("a folder");
        let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let variables = [
            ("HOME", at("")),
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("TMPDIR", at("tmp")),
            ("XDG_STATE_HOME", at("state")),
            ("XDG_CONFIG_HOME", at(".config")),
            ("GIT_CONFIG_GLOBAL", at("gitconfig")),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).to_vec();
        std::fs::write(folder.join("gitconfig"), "[user]\n\tname = Dev\n\temail = dev@example.com\n[init]\n\tdefaultBranch = main\n")
            .expect("a file");
        Self { folder, variables }
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Settings that lead to a server.
    pub fn logged_in(self, server: &Server) -> Self {
        self.write(
            ".config/agenttrace/config.toml",
            &format!("base_url = \"{}\"\npublic_key = \"pk\"\nsecret_key = \"sk\"\nuser_id = \"dev\"\n", server.address),
        );
        self
    }

    pub fn write(&self, name: &str, text: &str) {
        let file = self.at(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, text).expect("written");
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.at(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program with these arguments, in the folder `work`.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(BIN);
        command.args(args).env_clear().envs(self.variables.iter().cloned()).current_dir(self.at("work")).stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("it runs")
    }

    pub fn json(&self, args: &[&str]) -> Value {
        let out = self.run(args);
        serde_json::from_slice(&out.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}: {out:?}"))
    }

    pub fn hook(&self, args: &[&str], payload: &[u8]) -> Output {
        with_input(self.command(&[&["hook"], args].concat()), payload)
    }

    pub fn git(&self, folder: &str, args: &[&str]) -> String {
        self.git_with(folder, args, &[])
    }

    pub fn git_with(&self, folder: &str, args: &[&str], variables: &[(&str, &str)]) -> String {
        let mut command = Command::new("git");
        command.args(args).env_clear().envs(self.variables.iter().cloned()).envs(variables.iter().copied()).current_dir(self.at(folder));
        let out = command.stdin(Stdio::null()).output().expect("git runs");
        assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).trim().to_owned()
    }

    pub fn spool(&self) -> PathBuf {
        self.at("state/agenttrace/spool")
    }

    /// What waits, oldest first. What was sent between the look at the folder and at the file waits no more.
    pub fn waiting(&self) -> Vec<Value> {
        let mut files = files(&self.spool());
        files.sort_unstable();
        let left = files.iter().filter_map(|file| std::fs::read(file).ok());
        left.map(|text| serde_json::from_slice(&text).expect("JSON")).collect()
    }

    /// (entry, reason) of what was refused.
    pub fn refused(&self) -> Vec<(Value, String)> {
        let read = |file: &Path| std::fs::read_to_string(file).expect("a file");
        let entry = |file: &PathBuf| (serde_json::from_str(&read(file)).unwrap_or_default(), read(&file.with_extension("reason")));
        files(&self.spool().join("refused")).iter().map(entry).collect()
    }

    /// So that no uploader of a hook's comes in between.
    pub fn without_uploader(&self) -> std::fs::File {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(self.spool()).expect("a folder");
        let file = std::fs::File::options().create(true).truncate(false).write(true).open(self.spool().join("uploader")).expect("a file");
        rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).expect("no uploader runs");
        file
    }

    /// The uploader that runs in the background, if one does.
    pub fn uploader(&self) -> Option<rustix::process::Pid> {
        let pid = std::fs::read_to_string(self.spool().join("uploader")).ok()?.trim().parse().ok()?;
        rustix::process::Pid::from_raw(pid).filter(|_| {
            let name = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            name.contains("--detached")
        })
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some(pid) = self.uploader() {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .filter(|p| p.extension().is_some_and(|e| e == "json") && !p.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.')))
        .collect()
}

pub fn with_input(mut command: Command, input: &[u8]) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    // A program that does not read is its own affair.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let out = child.wait_with_output().expect("it ends");
    writer.join().expect("written");
    out
}

/// Waits for what has to come.
#[allow(clippy::disallowed_methods, reason = "between two looks; no runtime runs here that it would hold up")]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{what} did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub body: Value,
}

/// How a server answers: status and body.
type Answer = dyn Fn(&Request) -> (u16, Value) + Send + Sync;

/// Keeps what it is sent.
pub struct Server {
    pub address: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// One that takes all.
    pub fn new() -> Self {
        Self::answering(|_| (207, json!({"successes": [], "errors": []})))
    }

    pub fn answering(answer: impl Fn(&Request) -> (u16, Value) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer): (_, Arc<Answer>) = (Arc::clone(&seen), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &kept, &*answer));
            }
        });
        Self { address, seen }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().expect("a list").clone()
    }

    /// The envelopes of all hooks that came, each once.
    pub fn hooks(&self) -> HashMap<String, Value> {
        let requests = self.requests().into_iter().filter(|request| request.path.ends_with("/hooks"));
        let envelopes = requests.flat_map(|request| request.body.as_array().cloned().unwrap_or_default());
        envelopes.map(|envelope| (envelope["id"].as_str().unwrap_or_default().to_owned(), envelope)).collect()
    }
}

fn serve(stream: TcpStream, kept: &Mutex<Vec<Request>>, answer: &Answer) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut stream = stream;
    loop {
        let mut first = String::new();
        reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let path = first.split(' ').nth(1)?.to_owned();
        let request = Request { path, body: serde_json::from_slice(&body).unwrap_or_default() };
        kept.lock().ok()?.push(request.clone());
        let (status, body) = answer(&request);
        let body = body.to_string();
        let head = format!("HTTP/1.1 {status} Answer\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).ok()?;
    }
}
