//! `agenttrace import langfuse`: copies a project from any Langfuse-compatible server into an AgentTrace project.
//!
//! Ids are kept wherever the API takes them, so that doing it twice gives the same as once. What was done is noted in a state file after each
//! step: the same command goes on where it stopped, and once all is done it brings what is new since. Servers that still answer the first API
//! (`/traces`, `/v2/scores`, dataset runs) are read by it, and those that do not by the later one (`/v2/observations`, `/v3/scores`,
//! `/experiments`). What a server does not offer at all is said and passed over. The source is not trusted: its answers, lists and files have
//! limits, and files are fetched only from where such a server may have them ([`reach`]).

mod comments;
mod configs;
mod convert;
mod datasets;
mod media;
mod observations;
mod people;
mod prompts;
mod queues;
mod reach;
mod report;
mod scores;
mod sink;
mod state;
mod traces;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::api::{Api, Failure};
use media::Files;
use people::People;
use reach::Reach;
use report::Report;
use state::{Place, State};

/// What can be copied, in the order in which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Kind {
    Models,
    ScoreConfigs,
    Prompts,
    Datasets,
    Traces,
    /// Runs of datasets; they refer to traces.
    Runs,
    /// With their items.
    AnnotationQueues,
    Scores,
    /// On what was copied before.
    Comments,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::Models,
        Self::ScoreConfigs,
        Self::Prompts,
        Self::Datasets,
        Self::Traces,
        Self::Runs,
        Self::AnnotationQueues,
        Self::Scores,
        Self::Comments,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Models => "models",
            Self::ScoreConfigs => "score-configs",
            Self::Prompts => "prompts",
            Self::Datasets => "datasets",
            Self::Traces => "traces",
            Self::Runs => "runs",
            Self::AnnotationQueues => "annotation-queues",
            Self::Scores => "scores",
            Self::Comments => "comments",
        }
    }
}

/// Copy a project from a Langfuse server into AgentTrace: models, score configs, prompts with all versions, datasets with items and runs,
/// traces with observations, scores, annotation queues, comments, media files. Keys are best given by environment variables.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Address of the Langfuse server.
    #[arg(long, env = "LANGFUSE_BASE_URL", value_name = "URL", default_value = "https://cloud.langfuse.com")]
    from: String,
    /// Public key of the project to copy.
    #[arg(long, env = "LANGFUSE_PUBLIC_KEY", value_name = "KEY", hide_env_values = true)]
    from_public_key: String,
    /// Secret key of the project to copy.
    #[arg(long, env = "LANGFUSE_SECRET_KEY", value_name = "KEY", hide_env_values = true)]
    from_secret_key: String,
    /// Address of AgentTrace.
    #[arg(long, env = "AGENTTRACE_BASE_URL", value_name = "URL")]
    to: String,
    /// Public key of the project to copy into.
    #[arg(long, env = "AGENTTRACE_PUBLIC_KEY", value_name = "KEY", hide_env_values = true)]
    to_public_key: String,
    /// Secret key of the project to copy into.
    #[arg(long, env = "AGENTTRACE_SECRET_KEY", value_name = "KEY", hide_env_values = true)]
    to_secret_key: String,
    /// Public key of the organization to copy from. With those of both organizations, people are found again by their e-mail.
    #[arg(
        long,
        env = "LANGFUSE_ORGANIZATION_PUBLIC_KEY",
        value_name = "KEY",
        hide_env_values = true,
        requires = "from_organization_secret_key"
    )]
    from_organization_public_key: Option<String>,
    /// Secret key of the organization to copy from.
    #[arg(
        long,
        env = "LANGFUSE_ORGANIZATION_SECRET_KEY",
        value_name = "KEY",
        hide_env_values = true,
        requires = "from_organization_public_key"
    )]
    from_organization_secret_key: Option<String>,
    /// Public key of the organization to copy into.
    #[arg(
        long,
        env = "AGENTTRACE_ORGANIZATION_PUBLIC_KEY",
        value_name = "KEY",
        hide_env_values = true,
        requires = "to_organization_secret_key"
    )]
    to_organization_public_key: Option<String>,
    /// Secret key of the organization to copy into.
    #[arg(
        long,
        env = "AGENTTRACE_ORGANIZATION_SECRET_KEY",
        value_name = "KEY",
        hide_env_values = true,
        requires = "to_organization_public_key"
    )]
    to_organization_secret_key: Option<String>,
    /// Copy these alone, separated by commas.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND")]
    only: Vec<Kind>,
    /// Copy traces and scores from this time on, such as 2026-01-31T00:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    since: Option<String>,
    /// Leave the files out that traces and dataset items refer to.
    #[arg(long)]
    no_media: bool,
    /// Fetch files from this host too, whatever its address is. May be given several times.
    #[arg(long, value_name = "HOST")]
    media_host: Vec<String>,
    /// Count what there is and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Where progress is noted, to go on later. It holds no keys.
    #[arg(long, value_name = "FILE", default_value = "agenttrace-import.json")]
    state: PathBuf,
    /// How many traces are read at the same time.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16))]
    concurrency: u8,
}

/// What every kind needs.
pub struct Import<'a> {
    pub source: Api,
    pub target: Api,
    pub arguments: &'a Arguments,
    pub state: State,
    pub report: Report,
    pub files: Files,
    pub people: People,
}

/// Copies; `false` when something was refused by the target.
pub fn run(arguments: &Arguments, json: bool) -> Result<bool> {
    let source = Api::new(&arguments.from, &arguments.from_public_key, &arguments.from_secret_key);
    let target = Api::new(&arguments.to, &arguments.to_public_key, &arguments.to_secret_key);
    let from = place(&source).context("look at the project to copy")?;
    let to = place(&target).context("look at the project to copy into")?;
    if from == to {
        bail!("both key pairs are of the same project ({}): copy into another one", to.project_id);
    }
    let state = State::open(&arguments.state, from, to, arguments.dry_run)?;
    let files = Files::new(Reach::of(&arguments.from, &arguments.media_host));
    let people = People::of(arguments)?;
    let mut import = Import { source, target, arguments, state, report: Report::new(json), files, people };
    media::copy_owed(&mut import).context("fetch the files that could not be reached the last time")?;
    let wanted = |kind: &Kind| arguments.only.is_empty() || arguments.only.contains(kind);
    for kind in Kind::ALL.into_iter().filter(wanted) {
        let copied = match kind {
            Kind::Models => configs::copy_models(&mut import),
            Kind::ScoreConfigs => configs::copy_score_configs(&mut import),
            Kind::Prompts => prompts::copy(&mut import),
            Kind::Datasets => datasets::copy(&mut import),
            Kind::Traces => traces::copy(&mut import),
            Kind::Runs => datasets::copy_runs(&mut import),
            Kind::AnnotationQueues => queues::copy(&mut import),
            Kind::Scores => scores::copy(&mut import),
            Kind::Comments => comments::copy(&mut import),
        };
        import.report.finish(kind.name());
        copied.with_context(|| {
            format!("copy {} (what was copied is noted in {}: the same command goes on from there)", kind.name(), arguments.state.display())
        })?;
    }
    if arguments.only.is_empty() {
        configs::archive_score_configs(&mut import).context("archive score configs")?;
        import.state.finish();
        import.save()?;
    }
    Ok(import.report.print(arguments.dry_run))
}

impl Import<'_> {
    /// Notes what was done.
    pub fn save(&self) -> Result<()> {
        self.state.save()
    }

    /// Writes one thing; a refusal is reported and the rest goes on. `None` when it was refused.
    pub fn write(&mut self, kind: &'static str, id: &str, method: &'static str, path: &str, body: &Value) -> Result<Option<Value>> {
        self.took(kind, id, self.target.send(method, path, body))
    }

    /// The same for what is made anew at each call.
    pub fn write_once(&mut self, kind: &'static str, id: &str, method: &'static str, path: &str, body: &Value) -> Result<Option<Value>> {
        self.took(kind, id, self.target.send_once(method, path, body))
    }

    pub fn took(&mut self, kind: &'static str, id: &str, outcome: Result<Value, Failure>) -> Result<Option<Value>> {
        match outcome {
            Ok(answer) => {
                self.report.done(kind, 1);
                Ok(Some(answer))
            }
            Err(failure @ Failure::Refused { status, .. }) if !matches!(status, 401 | 403) => {
                self.report.refused(kind, id, &failure.to_string());
                Ok(None)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    /// All pages of a list with `page` and `limit`.
    pub fn pages(&self, path: &str, query: &[(&str, &str)]) -> Result<Vec<Value>> {
        all_pages(&self.source, path, query)
    }

    /// Does the source have this list? One that it does not have is told, and no failure.
    pub fn offers(&mut self, kind: &'static str, path: &str) -> Result<bool> {
        let first = self.source.get(path, &[("page", "1"), ("limit", "1")]);
        if is_missing(&first) {
            self.report.not_offered(kind);
            return Ok(false);
        }
        first?;
        Ok(true)
    }
}

/// Rows of a list that is held in memory.
const LARGEST_LIST: usize = 1_000_000;

/// All pages of a list with `page` and `limit`. How many there are is the server's word: an empty page ends them, and the same twice is an error.
pub fn all_pages(api: &Api, path: &str, query: &[(&str, &str)]) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    let mut before = Vec::new();
    for page in 1.. {
        let number = page.to_string();
        let mut query = query.to_vec();
        query.extend([("page", number.as_str()), ("limit", "100")]);
        let answer = api.get(path, &query)?;
        let list = rows(&answer);
        check_progress(path, &before, &list)?;
        all.extend_from_slice(&list);
        if all.len() > LARGEST_LIST {
            bail!("{path} of {} has no end: more than {LARGEST_LIST} rows", api.server());
        }
        if list.is_empty() || page >= answer["meta"]["totalPages"].as_u64().unwrap_or(0) {
            break;
        }
        before = list;
    }
    Ok(all)
}

/// A server that gives the same page again and again would never end.
pub fn check_progress(path: &str, before: &[Value], list: &[Value]) -> Result<()> {
    if !list.is_empty() && before == list {
        bail!("the pages of {path} repeat: the server gives the same rows for the next page");
    }
    Ok(())
}

/// The cursor of the next page, if there is one, which must be another.
pub fn next_cursor(path: &str, answer: &Value, before: Option<&str>) -> Result<Option<String>> {
    let next = answer["meta"]["cursor"].as_str().filter(|cursor| !cursor.is_empty());
    if next.is_some() && next == before {
        bail!("the pages of {path} repeat: the server gives the same cursor again");
    }
    Ok(next.map(str::to_owned))
}

/// The rows of a page.
pub fn rows(answer: &Value) -> Vec<Value> {
    answer["data"].as_array().cloned().unwrap_or_default()
}

/// Text of a field, or nothing.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// Does the server no longer (or not yet) have this address? A 404 of a list, which exists even when it is empty.
pub fn is_missing(outcome: &Result<Value, Failure>) -> bool {
    matches!(outcome, Err(failure) if matches!(failure.status(), Some(404 | 405 | 410)))
}

pub fn now() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default()
}

fn place(api: &Api) -> Result<Place> {
    let answer = api.get("/api/public/projects", &[])?;
    let project_id = answer["data"][0]["id"].as_str().context("the server names no project for these keys")?.to_owned();
    Ok(Place { server: api.server().to_owned(), project_id })
}

/// Does so with several at a time; what each brought, in the order of the list.
pub fn at_once<T: Sync, R: Send>(list: &[T], concurrency: usize, work: impl Fn(&T) -> R + Sync) -> Vec<Option<R>> {
    let next = AtomicUsize::new(0);
    let found: Vec<Mutex<Option<R>>> = list.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..concurrency.min(list.len()) {
            scope.spawn(|| {
                while let Some((item, place)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    list.get(at).zip(found.get(at))
                } {
                    let outcome = work(item);
                    if let Ok(mut place) = place.lock() {
                        *place = Some(outcome);
                    }
                }
            });
        }
    });
    found.into_iter().map(|place| place.into_inner().ok().flatten()).collect()
}

fn parse_time(text: &str) -> Result<String, String> {
    match OffsetDateTime::parse(text, &Rfc3339) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("write it as 2026-01-31T00:00:00Z".to_owned()),
    }
}
