//! `agenttrace status`: what is set up, and what waits.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use crate::config::Config;
use crate::gitdir::GitDir;
use crate::spool::Spool;
use crate::{background, dirs, git_install, init};

pub fn run(as_json: bool) -> Result<ExitCode> {
    let config = Config::load()?;
    let spool = Spool::open()?;
    let waiting = spool.waiting()?;
    let file = dirs::config_file()?;
    let agents = init::set_up()?;
    let running = background::is_running();
    let repository = std::env::current_dir().ok().and_then(|folder| GitDir::around(&folder));
    let git_hooks = repository.as_ref().map(|repository| git_install::is_installed(&repository.root));
    if as_json {
        println!(
            "{}",
            json!({"baseUrl": config.base_url, "publicKey": config.public_key, "userId": config.user_id, "config": file,
                   "spool": {"folder": spool.folder(), "waiting": waiting}, "uploader": {"running": running}, "agents": agents,
                   "git": repository.map(|repository| json!({"root": repository.root, "hooks": git_hooks}))})
        );
        return Ok(ExitCode::SUCCESS);
    }
    let shown = |text: &str| if text.is_empty() { "not set (run `agenttrace login`)".to_owned() } else { text.to_owned() };
    println!("Address     {}", shown(&config.base_url));
    println!("Public key  {}", shown(&config.public_key));
    println!("Settings    {}", file.display());
    println!("Spool       {} waiting ({} bytes), {} refused, {} dropped", waiting.files, waiting.bytes, waiting.refused, waiting.dropped);
    if waiting.refused > 0 {
        println!("            reasons lie in {}", spool.folder().join("refused").display());
    }
    println!("Uploader    {}", if running { "runs" } else { "starts with the next hook" });
    for (place, agent) in agents.iter().enumerate() {
        let hooks = if agent.hooks { "set up" } else { "not set up (run `agenttrace init`)" };
        let last = agent.last_hook.at.as_deref().map_or_else(String::new, |at| format!(", last heard of {at}"));
        println!("{:<11} {:<12} {hooks}{last}", if place == 0 { "Agents" } else { "" }, agent.agent);
    }
    if let Some(installed) = git_hooks {
        println!("Git hooks   {}", if installed { "set up here" } else { "not set up here (run `agenttrace git install`)" });
    }
    Ok(ExitCode::SUCCESS)
}
