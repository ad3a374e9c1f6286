//! From files to requests. Hooks of one agent go together, up to what the server takes at once; everything else goes as it lies.
//!
//! A file is deleted only after the server has taken what is in it. Ids make sending twice harmless, so an uploader may be killed at any point.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::Outcome;
use super::clean::{clean, clean_hook};
use crate::client::{Client, Sent};
use crate::config::Config;
use crate::links;
use crate::spool::{Entry, Spool};
use crate::withhold::Ignored;

/// Of one request.
const MAX_HOOKS: usize = 1_000;
const MAX_BYTES: usize = 2_000_000;

pub struct Sender<'a> {
    spool: &'a Spool,
    client: Client,
    config: &'a Config,
    pub outcome: Outcome,
}

/// A hook and the file in which it lies.
struct Hook {
    file: PathBuf,
    envelope: Value,
}

/// Hooks that go together.
#[derive(Default)]
struct Gathered {
    hooks: Vec<Hook>,
    bytes: usize,
}

impl<'a> Sender<'a> {
    pub fn new(spool: &'a Spool, client: Client, config: &'a Config) -> Self {
        Self { spool, client, config, outcome: Outcome::default() }
    }

    /// Sends these files; false when the server wants us to wait.
    pub fn round(&mut self, files: &[PathBuf]) -> Result<bool> {
        self.outcome.wait = None;
        let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
        for file in files {
            let Some((entry, bytes)) = self.read(file)? else { continue };
            if !is_hooks(&entry.path) {
                if !self.send(file, entry)? {
                    return Ok(false);
                }
                continue;
            }
            let full = gathered.get(&entry.path).is_some_and(|g| g.hooks.len() >= MAX_HOOKS || g.bytes + bytes > MAX_BYTES);
            if full
                && let Some(together) = gathered.remove(&entry.path)
                && !self.send_hooks(&entry.path, together.hooks)?
            {
                return Ok(false);
            }
            let together = gathered.entry(entry.path).or_default();
            together.bytes += bytes;
            together.hooks.push(Hook { file: file.clone(), envelope: entry.body });
        }
        for (path, together) in gathered {
            if !self.send_hooks(&path, together.hooks)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn read(&mut self, file: &Path) -> Result<Option<(Entry, usize)>> {
        let text = match std::fs::read(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
        };
        match serde_json::from_slice(&text) {
            Ok(entry) => Ok(Some((entry, text.len()))),
            Err(error) => {
                self.refuse(file, &format!("not a request: {error}"))?;
                Ok(None)
            }
        }
    }

    fn refuse(&mut self, file: &Path, reason: &str) -> Result<()> {
        self.outcome.refused += 1;
        self.spool.refuse(file, reason)
    }

    fn taken(&mut self, file: &Path) -> Result<()> {
        self.outcome.sent += 1;
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot delete {}", file.display()))
            }
            _ => Ok(()),
        }
    }

    fn send(&mut self, file: &Path, mut entry: Entry) -> Result<bool> {
        links::complete(&mut entry);
        match clean(&mut entry.body) {
            Ok(found) => self.outcome.redacted += found as u64,
            Err(error) => {
                self.refuse(file, &error.to_string())?;
                return Ok(true);
            }
        }
        match self.client.post(&entry.path, &entry.body) {
            Sent::Done(answer) => {
                let refused = refused_parts(&answer, &mut entry.body);
                if let Some((body, reason)) = refused {
                    self.outcome.refused += 1;
                    self.spool.put_refused(file, &Entry { path: entry.path, body, commits_in: None }, &reason)?;
                }
                self.taken(file)?;
                Ok(true)
            }
            Sent::Refused(status, message) => {
                self.refuse(file, &format!("{status}: {message}"))?;
                Ok(true)
            }
            other => self.not_now(other),
        }
    }

    fn not_now(&mut self, sent: Sent) -> Result<bool> {
        match sent {
            Sent::Unauthorized(status, message) => {
                bail!("the server refuses the keys ({status}: {message}); run `agenttrace login`. What waits is kept")
            }
            Sent::Later(reason, wait) => {
                self.outcome.waiting_for = Some(reason);
                self.outcome.wait = wait;
                Ok(false)
            }
            Sent::Done(_) | Sent::Refused(..) => Ok(true),
        }
    }

    fn send_hooks(&mut self, path: &str, hooks: Vec<Hook>) -> Result<bool> {
        let hooks = self.cleaned(hooks)?;
        self.send_cleaned(path, hooks)
    }

    /// Without what must not leave. A hook that cannot be scanned is put aside alone.
    fn cleaned(&mut self, hooks: Vec<Hook>) -> Result<Vec<Hook>> {
        let ignored = Ignored::learn(hooks.iter().map(|hook| (&hook.envelope["event"], hook.envelope["git"]["root"].as_str())));
        let mut cleaned = Vec::with_capacity(hooks.len());
        for mut hook in hooks {
            for (key, value) in [("userId", &self.config.user_id), ("environment", &self.config.environment)] {
                if !value.is_empty() && hook.envelope[key].is_null() && hook.envelope.is_object() {
                    hook.envelope[key] = value.clone().into();
                }
            }
            match clean_hook(&mut hook.envelope, &ignored) {
                Ok(found) => {
                    self.outcome.redacted += found as u64;
                    cleaned.push(hook);
                }
                Err(error) => self.refuse(&hook.file, &error.to_string())?,
            }
        }
        Ok(cleaned)
    }

    fn send_cleaned(&mut self, path: &str, mut hooks: Vec<Hook>) -> Result<bool> {
        if hooks.is_empty() {
            return Ok(true);
        }
        let body = Value::Array(hooks.iter_mut().map(|hook| hook.envelope.take()).collect());
        match self.client.post(path, &body) {
            Sent::Done(answer) => {
                let errors = errors_by_place(&answer);
                for (place, hook) in hooks.iter().enumerate() {
                    match errors.get(&place) {
                        Some(reason) => self.refuse(&hook.file, reason)?,
                        None => self.taken(&hook.file)?,
                    }
                }
                Ok(true)
            }
            // Too much at once for something on the way: in halves.
            Sent::Refused(413, _) if hooks.len() > 1 => {
                let Value::Array(envelopes) = body else { return Ok(true) };
                for (hook, envelope) in hooks.iter_mut().zip(envelopes) {
                    hook.envelope = envelope;
                }
                let rest = hooks.split_off(hooks.len() / 2);
                Ok(self.send_cleaned(path, hooks)? && self.send_cleaned(path, rest)?)
            }
            Sent::Refused(status, message) => {
                for hook in &hooks {
                    self.refuse(&hook.file, &format!("{status}: {message}"))?;
                }
                Ok(true)
            }
            other => self.not_now(other),
        }
    }
}

fn is_hooks(path: &str) -> bool {
    path.starts_with("/api/public/agents/") && path.ends_with("/hooks")
}

fn errors_by_place(answer: &Value) -> BTreeMap<usize, String> {
    let errors = answer["errors"].as_array().into_iter().flatten();
    errors.filter_map(|e| Some((usize::try_from(e["index"].as_u64()?).ok()?, reason(e)))).collect()
}

fn reason(error: &Value) -> String {
    error["message"].as_str().or_else(|| error["error"].as_str()).unwrap_or("refused without a reason").to_owned()
}

/// The parts of a body that the answer names as refused: elements of a list by their place, events of a batch by their id.
fn refused_parts(answer: &Value, body: &mut Value) -> Option<(Value, String)> {
    let by_place = errors_by_place(answer);
    let (parts, mut reasons): (Value, Vec<String>) = if let Some(rows) = body.as_array_mut() {
        let parts = by_place.keys().filter_map(|place| rows.get_mut(*place).map(Value::take)).collect();
        (Value::Array(parts), by_place.into_values().collect())
    } else {
        let by_id: BTreeMap<&str, String> =
            answer["errors"].as_array().into_iter().flatten().filter_map(|e| Some((e["id"].as_str()?, reason(e)))).collect();
        let events = body["batch"].as_array_mut()?;
        let parts = events.iter_mut().filter(|e| e["id"].as_str().is_some_and(|id| by_id.contains_key(id))).map(Value::take).collect();
        (json!({"batch": Value::Array(parts)}), by_id.into_values().collect())
    };
    reasons.dedup();
    (!reasons.is_empty()).then(|| (parts, reasons.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_refuses_is_found_in_lists_and_in_batches() {
        let answer = json!({"successes": [{"index": 0, "id": "a"}], "errors": [{"index": 1, "message": "no trace"}]});
        let found = refused_parts(&answer, &mut json!([{"n": 0}, {"n": 1}]));
        assert_eq!(found, Some((json!([{"n": 1}]), "no trace".to_owned())));

        let answer = json!({"successes": [], "errors": [{"id": "y", "status": 400, "message": "no type"}]});
        let found = refused_parts(&answer, &mut json!({"batch": [{"id": "x"}, {"id": "y"}]}));
        assert_eq!(found, Some((json!({"batch": [{"id": "y"}]}), "no type".to_owned())));

        assert_eq!(refused_parts(&json!({"successes": [], "errors": []}), &mut json!([{"n": 0}])), None);
        assert_eq!(refused_parts(&json!({"id": "one"}), &mut json!({"n": 0})), None);
    }
}
