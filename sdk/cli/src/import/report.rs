//! What the person at the terminal sees: a line that counts while it runs, and a summary.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

/// Refusals that are told in full; more are only counted.
const TOLD: usize = 50;

pub struct Report {
    json: bool,
    bar: ProgressBar,
    counts: BTreeMap<&'static str, u64>,
    refusals: u64,
    told: Vec<String>,
    /// What was passed over knowingly: how many of a kind, and why.
    left_out: BTreeMap<(&'static str, &'static str), u64>,
    not_offered: BTreeSet<&'static str>,
}

impl Report {
    #[must_use]
    pub fn new(json: bool) -> Self {
        let bar = if std::io::stderr().is_terminal() && !json { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {human_pos} ({per_sec})") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { json, bar, counts: BTreeMap::new(), refusals: 0, told: Vec::new(), left_out: BTreeMap::new(), not_offered: BTreeSet::new() }
    }

    /// So many more of a kind were copied, or counted.
    pub fn done(&mut self, kind: &'static str, count: u64) {
        let total = self.counts.entry(kind).or_default();
        *total += count;
        self.bar.set_message(kind);
        self.bar.set_position(*total);
    }

    /// How many of a kind were copied by now.
    #[must_use]
    pub fn count(&self, kind: &str) -> u64 {
        self.counts.get(kind).copied().unwrap_or(0)
    }

    /// So many of a kind have no place in the target: no failure, and told at the end.
    pub fn left_out(&mut self, kind: &'static str, why: &'static str, count: u64) {
        if count > 0 {
            *self.left_out.entry((kind, why)).or_default() += count;
        }
    }

    /// The source has no operation that tells these.
    pub fn not_offered(&mut self, kind: &'static str) {
        if self.not_offered.insert(kind) {
            self.bar.suspend(|| {
                if !self.json {
                    eprintln!("{kind}: not offered by this server");
                }
            });
        }
    }

    /// One could not be copied: the target refused it, or the source did not give it.
    pub fn refused(&mut self, kind: &'static str, id: &str, why: &str) {
        self.refusals += 1;
        let line: String = format!("{kind} {id}: {why}").chars().filter(|c| !c.is_control()).collect();
        if self.told.len() < TOLD {
            self.bar.suspend(|| {
                if !self.json {
                    eprintln!("not copied: {line}");
                }
            });
            self.told.push(line);
        }
    }

    /// A kind is through.
    pub fn finish(&mut self, kind: &'static str) {
        self.counts.entry(kind).or_default();
        let count = self.counts[kind];
        self.bar.suspend(|| {
            if !self.json {
                eprintln!("{kind}: {count}");
            }
        });
        self.bar.reset();
    }

    /// The summary; `true` when all that has a place in the target is there.
    #[must_use]
    pub fn print(&self, dry_run: bool) -> bool {
        self.bar.finish_and_clear();
        if self.json {
            let left_out: Vec<_> =
                self.left_out.iter().map(|((kind, why), count)| json!({"kind": kind, "why": why, "count": count})).collect();
            println!(
                "{}",
                json!({
                    "dryRun": dry_run,
                    "copied": self.counts,
                    "refused": self.refusals,
                    "refusals": self.told,
                    "leftOut": left_out,
                    "notOffered": self.not_offered,
                })
            );
        } else {
            let what: Vec<String> = self.counts.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
            println!("{} {}", if dry_run { "There are" } else { "Copied" }, what.join(", "));
            for ((kind, why), count) in &self.left_out {
                println!("Left out: {count} {kind}: {why}");
            }
            for kind in &self.not_offered {
                println!("Not offered by this server: {kind}");
            }
            if self.refusals > 0 {
                println!("{} could not be copied; the first of them are told above.", self.refusals);
            }
        }
        self.refusals == 0
    }
}
