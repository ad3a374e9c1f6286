//! `agenttrace login`: saves the address and the keys of a project, after trying them.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::{Result, bail};
use serde_json::json;

use crate::client::Client;
use crate::config::{Config, check_url};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address of AgentTrace, such as https://traces.example.com.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Public key of the project.
    #[arg(long, value_name = "KEY")]
    public_key: Option<String>,
    /// Whose traces these are.
    #[arg(long, value_name = "ID")]
    user_id: Option<String>,
}

/// The secret key is asked for, or read from AGENTTRACE_SECRET_KEY or standard input: as an argument every process could see it.
pub fn run(args: &Args, as_json: bool) -> Result<ExitCode> {
    let mut config = Config::load()?;
    for (given, field, question) in
        [(&args.base_url, &mut config.base_url, "Address of AgentTrace"), (&args.public_key, &mut config.public_key, "Public key (pk-…)")]
    {
        match given {
            Some(value) => field.clone_from(value),
            None => ask(question, field, false)?,
        }
    }
    if std::env::var_os("AGENTTRACE_SECRET_KEY").is_none() {
        ask("Secret key (sk-…)", &mut config.secret_key, true)?;
    }
    if let Some(user) = &args.user_id {
        config.user_id.clone_from(user);
    }
    check_url(&config.base_url)?;
    if !config.is_complete() {
        bail!("an address, a public key and a secret key are needed");
    }
    let (status, answer) = Client::new(&config).get("/api/public/projects")?;
    let project = &answer["data"][0];
    if status != 200 || !project.is_object() {
        bail!("the server refuses these keys ({status}: {}); nothing was saved", answer["message"].as_str().unwrap_or("no reason given"));
    }
    let file = config.save()?;
    let name = project["name"].as_str().unwrap_or_default();
    if as_json {
        println!("{}", json!({"project": {"id": project["id"], "name": name}, "config": file}));
    } else {
        println!("Project {name}. Saved in {}.", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks on a terminal, with what is set as the answer to an empty line; elsewhere reads a line.
fn ask(question: &str, field: &mut String, secret: bool) -> Result<()> {
    let stdin = std::io::stdin();
    let terminal = stdin.is_terminal();
    if terminal {
        let kept = if field.is_empty() {
            String::new()
        } else if secret {
            " [kept]".to_owned()
        } else {
            format!(" [{field}]")
        };
        eprint!("{question}{kept}: ");
        std::io::stderr().flush()?;
    } else if !field.is_empty() {
        return Ok(());
    }
    let hidden = if secret && terminal { Some(Hidden::new()?) } else { None };
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    if hidden.is_some() {
        eprintln!();
    }
    let line = line.trim();
    if !line.is_empty() {
        line.clone_into(field);
    }
    Ok(())
}

/// Typing without echo, until dropped.
struct Hidden(rustix::termios::Termios);

impl Hidden {
    fn new() -> Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(rustix::stdio::stdin())?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(rustix::stdio::stdin(), OptionalActions::Flush, &quiet)?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = rustix::termios::tcsetattr(rustix::stdio::stdin(), rustix::termios::OptionalActions::Flush, &self.0);
    }
}
