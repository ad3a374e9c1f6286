//! The coding agents that the program knows, by the names that their telemetry bears (docs/coding-agents.md).

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Agent {
    ClaudeCode,
    Codex,
    GeminiCli,
    CopilotCli,
    #[value(name = "opencode")]
    #[serde(rename = "opencode")]
    OpenCode,
    Cursor,
}

impl Agent {
    pub const ALL: [Self; 6] = [Self::ClaudeCode, Self::Codex, Self::GeminiCli, Self::CopilotCli, Self::OpenCode, Self::Cursor];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
            Self::Codex => "codex",
            Self::GeminiCli => "gemini-cli",
            Self::CopilotCli => "copilot-cli",
            Self::OpenCode => "opencode",
            Self::Cursor => "cursor",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|agent| agent.name() == name)
    }

    /// Where the server takes what its hooks say.
    #[must_use]
    pub fn hooks_path(self) -> String {
        format!("/api/public/agents/{self}/hooks")
    }
}

impl fmt::Display for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
