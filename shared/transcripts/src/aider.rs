//! Aider's chat history, `.aider.chat.history.md`: no ids, no times but the begin of each chat, counts rounded for people.
//!
//! `####` is a prompt, `>` what the program says, everything else what the model says; a line with tokens ends an answer. Where Aider also keeps its
//! analytics, the answers of the chat that began at that time have their exact counts and times there. Even those are Aider's own estimate while it
//! streams, its cost ignores the cache, and the small model that writes commit messages is in neither.

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{Rank, edits, key, made_id, step_id};
use serde_json::{Value, json};

use crate::row::{Tokens, count, text};
use crate::story::moment;
use crate::tool::Tool;
use crate::{Beside, Reader, Session, Skip, Story};

/// A chat and its `launched` event are this far apart at most, in microseconds.
const AT_ONCE: i64 = 10_000_000;

/// An answer, as the analytics log has it.
#[derive(Debug, Clone, Copy)]
struct Sent {
    at: Timestamp,
    input: u64,
    output: u64,
    cost: f64,
}

/// A history, chat by chat.
pub struct History {
    beside: Beside,
    session: Option<Session>,
    at: Timestamp,
    version: Option<String>,
    model: String,
    prompts: usize,
    answers: usize,
    edits: usize,
    turn: Option<String>,
    prompt: Vec<String>,
    answer: Vec<String>,
    /// What the answer before the program's lines said: they tell what became of its edits.
    edited: String,
    last_edit: Option<String>,
    analytics: Vec<Sent>,
}

impl History {
    #[must_use]
    pub const fn new(beside: Beside) -> Self {
        Self {
            beside,
            session: None,
            at: Timestamp(0),
            version: None,
            model: String::new(),
            prompts: 0,
            answers: 0,
            edits: 0,
            turn: None,
            prompt: Vec::new(),
            answer: Vec::new(),
            edited: String::new(),
            last_edit: None,
            analytics: Vec::new(),
        }
    }
}

impl Reader for History {
    fn line(&mut self, line: &str, story: &mut Story<'_>) -> Result<(), Skip> {
        if let Some(began) = line.strip_prefix("# aider chat started at ") {
            return self.begin(began.trim(), story);
        }
        let session = self.session.clone().ok_or(Skip::NoSession)?;
        if let Some(said) = line.strip_prefix("#### ") {
            self.prompt.push(said.trim_end().to_owned());
            return Ok(());
        }
        self.prompted(&session, story);
        match line.strip_prefix("> ") {
            Some(said) => self.program(&session, said.trim_end(), story),
            None => self.answer.push(line.to_owned()),
        }
        Ok(())
    }
}

impl History {
    fn begin(&mut self, began: &str, story: &mut Story<'_>) -> Result<(), Skip> {
        let at = (self.beside.local)(began).ok_or(Skip::NoTime)?;
        let id = &made_id(&[&self.beside.folder, began])[..16];
        let session = Session::new("aider", "Aider", id);
        *self = Self {
            at,
            analytics: launched_at(&self.beside.analytics, at),
            session: Some(session.clone()),
            ..Self::new(self.beside.clone())
        };
        story.session(&session, at);
        story.work_in(&self.beside.folder);
        story.label(&session, "process.working_directory", &self.beside.folder);
        story.label(&session, key::REPOSITORY, &story.around().repository(&self.beside.folder).unwrap_or_default());
        Ok(())
    }

    /// The lines of a prompt have ended.
    fn prompted(&mut self, session: &Session, story: &mut Story<'_>) {
        if self.prompt.is_empty() {
            return;
        }
        let said = std::mem::take(&mut self.prompt).join("\n");
        self.answer.clear();
        self.prompts += 1;
        let turn = step_id("turn", &format!("{}-{}", session.id, self.prompts));
        let at = self.analytics.get(self.answers).map_or(self.at, |sent| sent.at);
        story.seen(session, &turn, at);
        story.step(session, &turn, "SPAN", "turn", "turn", None);
        story.say(session, &turn, Rank::Told.at(), json!({"startTime": moment(at), "input": said}));
        story.conversation(session, at, Some(&said), None);
        self.turn = Some(turn);
    }

    fn program(&mut self, session: &Session, said: &str, story: &mut Story<'_>) {
        if let Some(version) = said.strip_prefix("Aider v") {
            self.version = Some(version.to_owned());
            self.session = Some(Session { version: self.version.clone(), ..session.clone() });
        } else if let Some(model) = said.strip_prefix("Main model: ").or_else(|| said.strip_prefix("Model: ")) {
            model.split(" with ").next().unwrap_or(model).clone_into(&mut self.model);
        } else if let Some(counts) = said.strip_prefix("Tokens: ") {
            self.answered(session, counts, story);
        } else if let Some(path) = said.strip_prefix("Applied edit to ") {
            self.edit(session, path, story);
        } else if let Some((short, _)) = said.strip_prefix("Commit ").and_then(|rest| rest.split_once(' ')) {
            self.commit(session, short, story);
        } else if let Some(command) = said.strip_prefix("Running ") {
            self.ran(session, command, story);
        }
    }

    fn answered(&mut self, session: &Session, counts: &str, story: &mut Story<'_>) {
        let sent = self.analytics.get(self.answers).copied();
        self.answers += 1;
        let id = step_id("call", &format!("{}-{}", session.id, self.answers));
        let said = std::mem::take(&mut self.answer).join("\n").trim().to_owned();
        let at = sent.map_or(self.at, |sent| sent.at);
        self.at = self.at.max(at);
        let (rank, tokens, cost) = match sent {
            Some(sent) => (Rank::Told, Tokens { fresh: sent.input, output: sent.output, ..Tokens::default() }, Some(sent.cost)),
            None => (Rank::Part, rounded(counts), counts.split_once("Cost: $").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok())),
        };
        story.seen(session, &id, at);
        let name = if self.model.is_empty() { "model call" } else { &self.model };
        story.step(session, &id, "GENERATION", "model_call", name, self.turn.as_deref());
        let cost = cost.filter(|cost| *cost > 0.0).map(|cost| json!({"total": cost}));
        story.say(session, &id, rank.at(), json!({"usageDetails": tokens.usage(), "costDetails": cost}));
        story.say(session, &id, Rank::Told.at(), json!({"model": self.model, "output": said}));
        if let Some(turn) = &self.turn {
            story.seen(session, turn, at);
            story.say(session, turn, at, json!({"output": said}));
        }
        story.conversation(session, at, None, Some(&said));
        self.edited = said;
    }

    fn edit(&mut self, session: &Session, path: &str, story: &mut Story<'_>) {
        self.edits += 1;
        let call = format!("{}-{}", session.id, self.edits);
        let arguments = match replaced(&self.edited, path) {
            Some((old, new)) if !old.is_empty() => json!({"file_path": path, "old_string": old, "new_string": new}),
            Some((_, new)) => json!({"file_path": path, "content": new}),
            None => json!({"file_path": path}),
        };
        let name = if arguments.get("content").is_some() { "write" } else { "edit" };
        let files = edits::of_arguments(name, &arguments);
        let tool = Tool {
            call: &call,
            name,
            parent: self.turn.as_deref(),
            start: Some(self.at),
            end: Some(self.at),
            input: Some(arguments),
            success: Some(true),
            files,
            ..Tool::default()
        };
        self.last_edit = Some(tool.step());
        tool.tell(session, story);
    }

    fn commit(&self, session: &Session, short: &str, story: &mut Story<'_>) {
        let step = self.last_edit.as_ref().or(self.turn.as_ref()).unwrap_or(&session.trace_id);
        let whole = story.around().commit(&self.beside.folder, short);
        let rank = if whole.is_some() { Rank::Told } else { Rank::Hint };
        story.note(session, step, rank, key::COMMIT, whole.as_deref().unwrap_or(short));
        story.note(session, step, Rank::Told, key::REPOSITORY, story.around().repository(&self.beside.folder).unwrap_or_default());
    }

    fn ran(&mut self, session: &Session, command: &str, story: &mut Story<'_>) {
        self.edits += 1;
        let call = format!("{}-{}", session.id, self.edits);
        Tool {
            call: &call,
            name: "shell",
            parent: self.turn.as_deref(),
            start: Some(self.at),
            end: Some(self.at),
            input: Some(json!({"command": command})),
            command: Some(command.to_owned()),
            folder: Some(&self.beside.folder),
            ..Tool::default()
        }
        .tell(session, story);
    }
}

/// The answers of the chat whose launch is the nearest to then.
fn launched_at(analytics: &str, at: Timestamp) -> Vec<Sent> {
    let (mut nearest, mut within) = (AT_ONCE, false);
    let mut found = Vec::new();
    for row in analytics.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let Some(time) = row["time"].as_i64().and_then(|seconds| Timestamp::from_millis(seconds.checked_mul(1_000)?)) else { continue };
        match text(&row, "/event") {
            Some("launched") => {
                let apart = (time.0 - at.0).abs();
                within = apart <= nearest;
                if within {
                    nearest = apart;
                    found.clear();
                }
            }
            Some("message_send") if within => {
                let of = |pointer: &str| count(&row, pointer).unwrap_or(0);
                found.push(Sent {
                    at: time,
                    input: of("/properties/prompt_tokens"),
                    output: of("/properties/completion_tokens"),
                    cost: row["properties"]["cost"].as_f64().unwrap_or(0.0),
                });
            }
            _ => {}
        }
    }
    found
}

/// `2.5k sent, 1.0k cache write, 3k cache hit, 39 received.`
fn rounded(counts: &str) -> Tokens {
    let mut tokens = Tokens::default();
    let counts = counts.split_once(" Cost:").map_or(counts, |(counts, _)| counts);
    for (amount, what) in counts.trim_end_matches('.').split(", ").filter_map(|part| part.split_once(' ')) {
        let Some(amount) = self::amount(amount) else { continue };
        match what {
            "sent" => tokens.fresh = amount,
            "cache write" => tokens.cache_write = amount,
            "cache hit" => tokens.cache_read = amount,
            "received" => tokens.output = amount,
            _ => {}
        }
    }
    tokens
}

/// `39`, `2.5k`, `1.2M`
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn amount(word: &str) -> Option<u64> {
    let (digits, times) = match word.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1e3),
        None => word.strip_suffix('M').map_or((word, 1.0), |digits| (digits, 1e6)),
    };
    digits.parse::<f64>().ok().map(|n| n * times).filter(|n| (0.0..1e12).contains(n)).map(|n| n.round() as u64)
}

/// What an answer replaces in a file: the first block below its name.
fn replaced(answer: &str, path: &str) -> Option<(String, String)> {
    let mut blocks = answer.split("<<<<<<< SEARCH\n");
    let mut named = blocks.next()?;
    for block in blocks {
        let file = named.lines().rev().find(|line| !line.is_empty() && !line.starts_with("```")).unwrap_or_default();
        let (old, rest) = block.split_once("=======\n")?;
        let (new, after) = rest.split_once(">>>>>>> REPLACE")?;
        if file.trim() == path {
            return Some((old.to_owned(), new.to_owned()));
        }
        named = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_for_people_are_read() {
        let counts = rounded("2.5k sent, 1.0k cache write, 3k cache hit, 39 received. Cost: $0.0053 message, $0.0053 session.");

        assert_eq!(counts, Tokens { fresh: 2_500, cache_write: 1_000, cache_read: 3_000, output: 39, ..Tokens::default() });
        assert_eq!(rounded("nothing of the kind"), Tokens::default());
    }

    #[test]
    fn the_block_of_a_file_is_found() {
        let answer = "Two.\n\na.py\n```python\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n```\n\nb.py\n```\n<<<<<<< SEARCH\n=======\nnew\n>>>>>>> REPLACE\n```\n";

        assert_eq!(replaced(answer, "a.py"), Some(("x\n".to_owned(), "y\n".to_owned())));
        assert_eq!(replaced(answer, "b.py"), Some((String::new(), "new\n".to_owned())));
        assert_eq!(replaced(answer, "c.py"), None);
        assert_eq!(replaced("<<<<<<< SEARCH", "a"), None);
    }
}
