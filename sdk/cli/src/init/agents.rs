//! What is set up for each agent, and how its signs are found. Each agent's own rules lie in a file of their own.

mod aider;
mod claude_code;
mod codex;
mod copilot_cli;
mod cursor;
mod gemini_cli;
mod opencode;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use base64::Engine as _;

use super::record::Record;
use crate::agent::Agent;
use crate::config::Config;

/// What can be set up: the agents with hooks, and Aider, which has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Tool {
    ClaudeCode,
    Codex,
    GeminiCli,
    CopilotCli,
    #[value(name = "opencode")]
    OpenCode,
    Cursor,
    Aider,
}

/// A change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub file: PathBuf,
    pub before: Option<String>,
    /// Nothing: the file goes.
    pub after: Option<String>,
    /// It holds a key, and is to be read by its user alone.
    pub private: bool,
    /// The text before, as it would be had we never been here.
    pub without_ours: Option<String>,
    /// It takes back what was written earlier.
    pub back: bool,
}

#[derive(Debug, Default)]
pub struct Plan {
    pub edits: Vec<Edit>,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// Which of the agents' own telemetry is switched on. It doesn't pass our redaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telemetry {
    None,
    /// Where it can be had without prompts, arguments and outputs.
    WithoutContents,
    Any,
}

/// The machine on which we are, and the settings by which agents send to the same project.
pub struct Place {
    pub home: PathBuf,
    pub base_url: String,
    /// For the `Authorization` header; nothing while nobody logged in.
    pub authorization: Option<String>,
    pub telemetry: Telemetry,
    own: String,
}

impl Place {
    pub fn here(config: &Config, telemetry: Telemetry) -> Result<Self> {
        let home = std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute()).context("HOME is not set")?;
        let own = std::env::current_exe().context("the program does not know where it lies")?;
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", config.public_key, config.secret_key));
        Ok(Self {
            home,
            base_url: config.base_url.trim_end_matches('/').to_owned(),
            authorization: config.is_complete().then(|| format!("Basic {pair}")),
            telemetry: if config.is_complete() { telemetry } else { Telemetry::None },
            own: own.to_string_lossy().into_owned(),
        })
    }

    /// A shell's command line that calls us.
    pub fn command(&self, arguments: &str) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+' | ':');
        if self.own.chars().all(plain) {
            format!("{} {arguments}", self.own)
        } else {
            format!("'{}' {arguments}", self.own.replace('\'', r"'\''"))
        }
    }

    /// The folder that a variable names, else the one in the home.
    fn folder(&self, variable: &str, below_home: &str) -> PathBuf {
        let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
        named.unwrap_or_else(|| self.home.join(below_home))
    }
}

impl Tool {
    pub const ALL: [Self; 7] =
        [Self::ClaudeCode, Self::Codex, Self::GeminiCli, Self::CopilotCli, Self::OpenCode, Self::Cursor, Self::Aider];

    pub const fn name(self) -> &'static str {
        match self {
            Self::ClaudeCode => Agent::ClaudeCode.name(),
            Self::Codex => Agent::Codex.name(),
            Self::GeminiCli => Agent::GeminiCli.name(),
            Self::CopilotCli => Agent::CopilotCli.name(),
            Self::OpenCode => Agent::OpenCode.name(),
            Self::Cursor => Agent::Cursor.name(),
            Self::Aider => "aider",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::ClaudeCode => "Claude Code",
            Self::Codex => "Codex",
            Self::GeminiCli => "Gemini CLI",
            Self::CopilotCli => "Copilot CLI",
            Self::OpenCode => "OpenCode",
            Self::Cursor => "Cursor",
            Self::Aider => "Aider",
        }
    }

    /// Can its past sessions be imported from here? Cursor's cannot be, Aider's lie in each repository.
    pub const fn keeps_sessions(self) -> bool {
        !matches!(self, Self::Cursor | Self::Aider)
    }

    const fn programs(self) -> &'static [&'static str] {
        match self {
            Self::ClaudeCode => &["claude"],
            Self::Codex => &["codex"],
            Self::GeminiCli => &["gemini"],
            Self::CopilotCli => &["copilot"],
            Self::OpenCode => &["opencode"],
            Self::Cursor => &["cursor", "cursor-agent"],
            Self::Aider => &["aider"],
        }
    }

    /// Its folder of settings, or its file.
    pub fn settings(self, place: &Place) -> PathBuf {
        match self {
            Self::ClaudeCode => place.folder("CLAUDE_CONFIG_DIR", ".claude"),
            Self::Codex => place.folder("CODEX_HOME", ".codex"),
            Self::GeminiCli => place.home.join(".gemini"),
            Self::CopilotCli => place.home.join(".copilot"),
            Self::OpenCode => place.folder("XDG_CONFIG_HOME", ".config").join("opencode"),
            Self::Cursor => place.home.join(".cursor"),
            Self::Aider => place.home.join(".aider.conf.yml"),
        }
    }

    /// Its program on the `PATH`, and its settings: what of it is on this machine.
    pub fn signs(self, place: &Place) -> Vec<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let program = std::env::split_paths(&path)
            .filter(|folder| folder.is_absolute())
            .flat_map(|folder| self.programs().iter().map(move |name| folder.join(name)))
            .find(|file| file.is_file());
        program.into_iter().chain(Some(self.settings(place)).filter(|path| path.exists())).collect()
    }
}

/// A hook's command that is ours, whatever path we had then.
fn is_ours(agent: Agent) -> impl Fn(&str) -> bool {
    let call = format!("hook {agent}");
    move |command: &str| {
        command.find(&call).is_some_and(|at| {
            let before = command[..at].trim_end().trim_end_matches(['\'', '"']);
            let after = command[at + call.len()..].chars().next();
            before.ends_with("agenttrace") && after.is_none_or(char::is_whitespace)
        })
    }
}

/// The text of a file; nothing where there is none.
fn read(file: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// How a text of settings is changed, and changed back.
type Change<'a> = &'a dyn Fn(Option<&str>) -> Result<String>;
type ChangeBack<'a> = &'a dyn Fn(&str) -> Result<Option<String>>;

impl Plan {
    /// Adds the change of a file. What cannot be changed is left alone, and said.
    fn edit(&mut self, file: PathBuf, private: bool, change: Change<'_>, back: ChangeBack<'_>) -> Result<()> {
        let before = read(&file)?;
        let changed = change(before.as_deref()).and_then(|after| Ok((after, before.as_deref().map(back).transpose()?.flatten())));
        match changed {
            Ok((after, without_ours)) => {
                self.edits.push(Edit { file, before, after: Some(after), private, without_ours, back: false });
            }
            Err(error) => self.notes.push(format!("{} is left alone: {error:#}", file.display())),
        }
        Ok(())
    }

    /// Adds the change back of a file: to the byte when nobody changed it since, else without our part.
    fn back(&mut self, file: PathBuf, record: &Record, back: ChangeBack<'_>) -> Result<()> {
        let Some(now) = read(&file)? else { return Ok(()) };
        let after = match record.exact(&file, &now) {
            Some(before) => Ok(before),
            None => back(&now),
        };
        match after {
            Ok(after) => self.edits.push(Edit { file, before: Some(now), after, private: false, without_ours: None, back: true }),
            Err(error) => self.notes.push(format!("{} is left alone: {error:#}", file.display())),
        }
        Ok(())
    }
}

/// What has to be done for an agent. An edit that changes nothing is no edit.
pub fn plan(tool: Tool, place: &Place, record: &Record) -> Result<Plan> {
    let mut plan = Plan::default();
    match tool {
        Tool::ClaudeCode => claude_code::plan(place, &mut plan)?,
        Tool::Codex => codex::plan(place, record, &mut plan)?,
        Tool::GeminiCli => gemini_cli::plan(place, record, &mut plan)?,
        Tool::CopilotCli => copilot_cli::plan(place, &mut plan)?,
        Tool::OpenCode => opencode::plan(place, &mut plan)?,
        Tool::Cursor => cursor::plan(place, &mut plan)?,
        Tool::Aider => aider::plan(place, &mut plan)?,
    }
    Ok(plan)
}

/// What has to be done to take it back.
pub fn undo(tool: Tool, place: &Place, record: &Record) -> Result<Plan> {
    let mut plan = Plan::default();
    match tool {
        Tool::ClaudeCode => claude_code::undo(place, record, &mut plan)?,
        Tool::Codex => codex::undo(place, record, &mut plan)?,
        Tool::GeminiCli => gemini_cli::undo(place, record, &mut plan)?,
        Tool::CopilotCli => copilot_cli::undo(place, record, &mut plan)?,
        Tool::OpenCode => opencode::undo(place, record, &mut plan)?,
        Tool::Cursor => cursor::undo(place, record, &mut plan)?,
        Tool::Aider => aider::undo(place, record, &mut plan)?,
    }
    Ok(plan)
}

/// Are our hooks in its settings?
pub fn is_set_up(tool: Tool, place: &Place) -> bool {
    let hooks = |file: PathBuf, agent| read(&file).ok().flatten().is_some_and(|text| super::json::has_hooks(&text, &is_ours(agent)));
    let folder = tool.settings(place);
    match tool {
        Tool::ClaudeCode => hooks(folder.join(claude_code::FILE), Agent::ClaudeCode),
        Tool::Codex => hooks(folder.join(codex::HOOKS), Agent::Codex),
        Tool::GeminiCli => hooks(folder.join(gemini_cli::FILE), Agent::GeminiCli),
        Tool::CopilotCli => hooks(folder.join(copilot_cli::FILE), Agent::CopilotCli),
        Tool::OpenCode => folder.join(opencode::FILE).is_file(),
        Tool::Cursor => hooks(folder.join(cursor::FILE), Agent::Cursor),
        Tool::Aider => read(&folder).ok().flatten().is_some_and(|text| text.contains(aider::BEGIN)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_commands_are_told_from_others() {
        let ours = is_ours(Agent::Codex);
        for command in ["/usr/bin/agenttrace hook codex", "'/a b/agenttrace' hook codex Stop", "agenttrace hook codex"] {
            assert!(ours(command), "{command}");
        }
        for command in ["/usr/bin/agenttrace hook codex-other", "my-hook codex", "/usr/bin/agenttrace hook claude-code", "echo hook codex"]
        {
            assert!(!ours(command), "{command}");
        }
    }
}
