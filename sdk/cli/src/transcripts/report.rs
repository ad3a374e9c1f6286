//! What the person at the terminal sees: how much was read, and what came of it.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use agenttrace_transcripts::{Skip, Skipped, Story};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::Agent;
use super::sources::Transcript;
use crate::upload::Outcome;

/// Transcripts that could not be read, told in full; more are only counted.
const TOLD: usize = 20;

pub struct Report {
    agent: Agent,
    dry_run: bool,
    json: bool,
    bar: ProgressBar,
    /// Bytes of the transcripts that are through.
    through: u64,
    found: usize,
    read: usize,
    unchanged: usize,
    failures: Vec<String>,
    failed: usize,
    lines: u64,
    events: usize,
    skipped: Skipped,
}

impl Report {
    pub fn new(agent: Agent, dry_run: bool, json: bool, transcripts: &[Transcript]) -> Self {
        let bytes = transcripts.iter().map(|transcript| transcript.size).sum();
        let bar = if std::io::stderr().is_terminal() && !json { ProgressBar::new(bytes) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left") {
            bar.set_style(style);
        }
        Self {
            agent,
            dry_run,
            json,
            bar,
            through: 0,
            found: transcripts.len(),
            read: 0,
            unchanged: 0,
            failures: Vec::new(),
            failed: 0,
            lines: 0,
            events: 0,
            skipped: Skipped::new(),
        }
    }

    /// A line was read; one that was sent before only to understand the next ones.
    pub fn line(&mut self, offset: u64, fresh: bool, skipped: Option<Skip>) {
        self.bar.set_position(self.through + offset);
        self.row(fresh, skipped);
    }

    /// The same for what has no place in a file.
    pub fn row(&mut self, fresh: bool, skipped: Option<Skip>) {
        if fresh {
            self.lines += 1;
            if let Some(skip) = skipped {
                *self.skipped.entry(skip.reason()).or_default() += 1;
            }
        }
    }

    pub fn events(&mut self, count: usize) {
        self.events += count;
    }

    pub fn read(&mut self, transcript: &Transcript) {
        self.read += 1;
        self.through(transcript);
    }

    pub fn unchanged(&mut self, transcript: &Transcript) {
        self.unchanged += 1;
        self.through(transcript);
    }

    pub fn failed(&mut self, transcript: &Transcript, error: &anyhow::Error) {
        self.failed += 1;
        self.through(transcript);
        let line: String =
            format!("{}: {error:#}", transcript.path.display()).chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        if self.failures.len() < TOLD {
            if !self.json {
                self.bar.suspend(|| eprintln!("not read: {line}"));
            }
            self.failures.push(line);
        }
    }

    fn through(&mut self, transcript: &Transcript) {
        self.through += transcript.size;
        self.bar.set_position(self.through);
    }

    /// The summary.
    pub fn print(&self, story: &Story<'_>, outcome: &Outcome) -> ExitCode {
        self.bar.finish_and_clear();
        let tally = story.tally();
        let skipped: u64 = self.skipped.values().sum();
        if self.json {
            println!(
                "{}",
                json!({
                    "agent": self.agent.name(), "dryRun": self.dry_run,
                    "transcripts": {"found": self.found, "read": self.read, "unchanged": self.unchanged, "failed": self.failed},
                    "sessions": tally.of("session"), "turns": tally.of("turn"), "calls": tally.of("model_call"),
                    "toolCalls": tally.of("tool_call"), "commands": tally.of("command"), "subagents": tally.of("subagent"),
                    "lines": self.lines, "skippedLines": skipped, "skipped": self.skipped, "events": self.events,
                    "requests": {"sent": outcome.sent, "refused": outcome.refused, "left": outcome.left},
                    "redacted": outcome.redacted, "failures": self.failures,
                })
            );
        } else {
            println!(
                "{} {} sessions with {} prompts, {} model calls, {} tool calls, {} commands from {} transcripts ({} unchanged, {} not readable)",
                if self.dry_run { "There are" } else { "Imported" },
                tally.of("session"),
                tally.of("turn"),
                tally.of("model_call"),
                tally.of("tool_call"),
                tally.of("command"),
                self.read,
                self.unchanged,
                self.failed,
            );
            if skipped > 0 {
                let reasons: Vec<String> = self.skipped.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
                println!("{skipped} of {} lines were left out: {}", self.lines, reasons.join(", "));
            }
            if outcome.redacted > 0 {
                println!("{} secrets taken out", outcome.redacted);
            }
            if outcome.refused > 0 {
                println!("{} requests were refused: see `agenttrace status`", outcome.refused);
            }
            if outcome.left > 0 {
                println!(
                    "{} requests wait: {}. `agenttrace upload` sends them",
                    outcome.left,
                    outcome.waiting_for.as_deref().unwrap_or("the server is away")
                );
            }
        }
        if self.failed > 0 || outcome.refused > 0 || outcome.left > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}
