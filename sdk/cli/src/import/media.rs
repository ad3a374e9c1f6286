//! Files that texts refer to (`@@@langfuseMedia:…@@@`). The API lists none, so they are looked for in the texts that are copied. A file's id is the
//! beginning of its hash: it stays the same, references stay valid, and bytes that the source gives under a foreign id are found out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use agenttrace_domain::media::{content_type, media_id};
use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use ureq::Agent;
use ureq::unversioned::transport::DefaultConnector;

use super::reach::{Guarded, Reach, TooNear};
use super::sink::Counted;
use super::{Import, at_once, now, text};
use crate::api::{Api, segment};

const OPEN: &str = "@@@langfuseMedia:";
const CLOSE: &str = "@@@";
/// As many as the target looks for in one text.
const MOST_IN_A_TEXT: usize = 100;
/// What AgentTrace takes unless its operator says otherwise.
const MAX_BYTES: u64 = 1_000_000_000;
/// How often a file is asked for, and sent.
const TRIES: u32 = 4;
const LONGEST_PAUSE: Duration = Duration::from_secs(90);
/// After so many in a row that could not be reached the bucket is away, and the copy stops to go on later.
const AWAY_AFTER: u32 = 3;
/// Files that are remembered, so that one in many traces is fetched once.
const MOST_KNOWN: usize = 100_000;

/// Where a file belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Owner {
    Trace { trace: String, observation: Option<String> },
    Item { dataset: String, item: String },
}

/// A file that a text refers to, and where that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    media: String,
    owner: Owner,
    field: String,
}

/// The references in what traces and observations say.
pub fn of_events(events: &[Counted]) -> Vec<Reference> {
    let mut places = Vec::new();
    for (event, _) in events {
        let body = &event["body"];
        let owner = match text(event, "type") {
            "trace-create" => Owner::Trace { trace: text(body, "id").to_owned(), observation: None },
            _ => Owner::Trace { trace: text(body, "traceId").to_owned(), observation: Some(text(body, "id").to_owned()) },
        };
        look(body, &["input", "output", "metadata"], &owner, &mut places);
    }
    places
}

/// The references in a dataset item that is there under this id of a dataset.
pub fn of_item(body: &Value, dataset: &str) -> Vec<Reference> {
    let mut places = Vec::new();
    let owner = Owner::Item { dataset: dataset.to_owned(), item: text(body, "id").to_owned() };
    look(body, &["input", "expectedOutput", "metadata"], &owner, &mut places);
    places
}

fn look(body: &Value, fields: &[&str], owner: &Owner, places: &mut Vec<Reference>) {
    for field in fields {
        let mut found = BTreeSet::new();
        walk(&body[*field], &mut found);
        places.extend(found.into_iter().map(|media| Reference { media, owner: owner.clone(), field: (*field).to_owned() }));
    }
}

fn walk(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => scan(text, found),
        Value::Array(list) => list.iter().for_each(|inner| walk(inner, found)),
        Value::Object(fields) => fields.values().for_each(|inner| walk(inner, found)),
        _ => {}
    }
}

/// References anywhere in a text.
fn scan(text: &str, found: &mut BTreeSet<String>) {
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        rest = &rest[at + OPEN.len()..];
        let Some(end) = rest.find(CLOSE) else { return };
        let id = rest[..end].split('|').find_map(|pair| pair.strip_prefix("id="));
        let is_id = |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if let Some(id) = id.filter(is_id)
            && found.len() < MOST_IN_A_TEXT
        {
            found.insert(id.to_owned());
        }
        rest = &rest[end..];
    }
}

/// What is known of a file once its bytes were seen.
#[derive(Debug, Clone)]
struct Known {
    sha256: String,
    content_type: &'static str,
    length: u64,
}

/// Fetches and sends files.
pub struct Files {
    source: Agent,
    target: Agent,
    reach: Reach,
    known: Mutex<BTreeMap<String, Known>>,
    unreachable: AtomicU32,
}

/// What became of a file.
enum Outcome {
    Copied,
    /// It is nowhere to be had, which is no failure.
    LeftOut(&'static str),
    Failed(String),
    /// It could not be reached, and may be the next time.
    Owed(String),
}

/// What asking for a file brought.
enum Fetched {
    There(Known, File),
    Absent(&'static str),
    Failed(String),
    Unreachable(String),
}

impl Fetched {
    /// The file, or what becomes of the reference without it.
    fn file(self) -> Result<(Known, File), Outcome> {
        match self {
            Self::There(known, file) => Ok((known, file)),
            Self::Absent(why) => Err(Outcome::LeftOut(why)),
            Self::Failed(why) => Err(Outcome::Failed(why)),
            Self::Unreachable(why) => Err(Outcome::Owed(why)),
        }
    }
}

/// What one try to download brought.
enum Tried {
    There(Known, File),
    Again(Duration, String),
    /// The address is good no longer, or never was.
    Stale(u16),
    Failed(String),
}

/// Copies the files of these places and links them. What fails is told, and the rest goes on.
pub fn copy(import: &mut Import<'_>, places: Vec<Reference>) -> Result<()> {
    if import.arguments.no_media || places.is_empty() {
        return Ok(());
    }
    let concurrency = usize::from(import.arguments.concurrency);
    let linked = linked(import, &places, concurrency)?;
    let mut wanted: BTreeMap<String, Vec<Reference>> = BTreeMap::new();
    for place in places {
        if linked.contains(&(place.owner.clone(), place.field.clone(), place.media.clone())) {
            import.report.done("media", 1);
        } else {
            wanted.entry(place.media.clone()).or_default().push(place);
        }
    }
    let wanted: Vec<(String, Vec<Reference>)> = wanted.into_iter().collect();
    let (files, source, target) = (&import.files, &import.source, &import.target);
    let outcomes = at_once(&wanted, concurrency, |(id, places)| files.carry(source, target, id, places));
    for ((id, places), outcome) in wanted.iter().zip(outcomes) {
        match outcome.context("a file was given up")?.with_context(|| format!("copy the file {id}"))? {
            Outcome::Copied => import.report.done("media", places.len() as u64),
            Outcome::LeftOut(why) => import.report.left_out("media", why, places.len() as u64),
            Outcome::Failed(why) => import.report.refused("media", id, &why),
            Outcome::Owed(why) => {
                import.report.refused("media", id, &format!("{why}: the same command tries again"));
                import.state.noted.owed.extend_from_slice(places);
            }
        }
    }
    Ok(())
}

/// Those that could not be reached the last time.
pub fn copy_owed(import: &mut Import<'_>) -> Result<()> {
    if import.arguments.no_media || import.state.noted.owed.is_empty() {
        return Ok(());
    }
    let owed = std::mem::take(&mut import.state.noted.owed);
    copy(import, owed)?;
    import.save()
}

/// The places of these traces that the target has files for already.
fn linked(import: &Import<'_>, places: &[Reference], concurrency: usize) -> Result<BTreeSet<(Owner, String, String)>> {
    let traces: BTreeSet<&str> = places
        .iter()
        .filter_map(|place| match &place.owner {
            Owner::Trace { trace, .. } => Some(trace.as_str()),
            Owner::Item { .. } => None,
        })
        .collect();
    let traces: Vec<&str> = traces.into_iter().collect();
    let answers = at_once(&traces, concurrency, |trace| import.target.get(&format!("/api/public/v2/traces/{}/media", segment(trace)), &[]));
    let mut found = BTreeSet::new();
    for (trace, answer) in traces.iter().zip(answers) {
        let answer = match answer.context("a trace was given up")? {
            Err(failure) if failure.status() == Some(404) => continue,
            answer => answer?,
        };
        for row in answer["data"].as_array().into_iter().flatten() {
            let observation = row["observationId"].as_str().map(str::to_owned);
            let owner = Owner::Trace { trace: (*trace).to_owned(), observation };
            found.insert((owner, text(row, "field").to_owned(), text(row, "mediaId").to_owned()));
        }
    }
    Ok(found)
}

impl Files {
    pub fn new(reach: Reach) -> Self {
        let config = || {
            Agent::config_builder()
                .timeout_connect(Some(Duration::from_secs(10)))
                .timeout_per_read(Some(Duration::from_secs(60)))
                .timeout_recv_response(Some(Duration::from_secs(60)))
                .http_status_as_error(false)
                .max_redirects(0)
                // The bytes as they are: the hash is theirs.
                .accept_encoding("identity")
                .user_agent(concat!("agenttrace/", env!("CARGO_PKG_VERSION")))
                .build()
        };
        Self {
            source: Agent::with_parts(config(), DefaultConnector::default(), Guarded(reach.clone())),
            target: config().into(),
            reach,
            known: Mutex::default(),
            unreachable: AtomicU32::new(0),
        }
    }

    /// One file, from the source to all its places. An error means that a server is away.
    fn carry(&self, source: &Api, target: &Api, id: &str, places: &[Reference]) -> Result<Outcome> {
        let remembered = self.known.lock().ok().and_then(|known| known.get(id).cloned());
        let (known, mut bytes) = match remembered {
            Some(known) => (known, None),
            None => match self.fetch(source, id)?.file() {
                Ok((known, file)) => (known, Some(file)),
                Err(outcome) => return Ok(outcome),
            },
        };
        for place in places {
            let made = match target.send("POST", "/api/public/media", &announcement(place, &known)) {
                Ok(made) => made,
                Err(failure) if matches!(failure.status(), Some(401 | 403) | None) => return Err(failure.into()),
                Err(failure) => return Ok(Outcome::Failed(failure.to_string())),
            };
            if text(&made, "mediaId") != id {
                return Ok(Outcome::Failed("the target gives the same bytes another id".to_owned()));
            }
            let Some(url) = made["uploadUrl"].as_str() else { continue };
            if bytes.is_none() {
                bytes = match self.fetch(source, id)?.file() {
                    Ok((_, file)) => Some(file),
                    Err(outcome) => return Ok(outcome),
                };
            }
            if let Some(file) = &mut bytes
                && let Some(why) = self.upload(target, id, &known, url, file)?
            {
                return Ok(Outcome::Failed(why));
            }
        }
        if let Ok(mut all) = self.known.lock() {
            if all.len() >= MOST_KNOWN {
                all.clear();
            }
            all.insert(id.to_owned(), known);
        }
        Ok(Outcome::Copied)
    }

    /// Asks where a file is and fetches it from there.
    fn fetch(&self, source: &Api, id: &str) -> Result<Fetched> {
        let mut told = String::new();
        for attempt in 0..TRIES {
            let about = match source.get(&format!("/api/public/media/{}", segment(id)), &[]) {
                Ok(about) => about,
                Err(failure) => {
                    return match failure.status() {
                        Some(404 | 410) => Ok(Fetched::Absent("the source has no file under the id of the reference")),
                        Some(405) => Ok(Fetched::Absent("not offered by this server")),
                        Some(401 | 403) | None => Err(failure.into()),
                        Some(_) => Ok(Fetched::Failed(failure.to_string())),
                    };
                }
            };
            let pause = match self.download(id, &about, attempt)? {
                Tried::There(known, file) => {
                    self.unreachable.store(0, Ordering::Relaxed);
                    return Ok(Fetched::There(known, file));
                }
                Tried::Failed(why) => return Ok(Fetched::Failed(why)),
                // An address that was signed too long ago is had anew, once.
                Tried::Stale(status) if attempt > 0 => {
                    return Ok(Fetched::Failed(format!("the address that the source gives for it answers {status}")));
                }
                Tried::Stale(_) => Duration::ZERO,
                Tried::Again(pause, why) => {
                    told = why;
                    pause
                }
            };
            if attempt + 1 < TRIES {
                std::thread::sleep(pause.min(LONGEST_PAUSE));
            }
        }
        if self.unreachable.fetch_add(1, Ordering::Relaxed) + 1 >= AWAY_AFTER {
            bail!("{AWAY_AFTER} files in a row could not be fetched; the last because {told}");
        }
        Ok(Fetched::Unreachable(told))
    }

    /// One try. What is told to the user holds no address: it is signed.
    fn download(&self, id: &str, about: &Value, attempt: u32) -> Result<Tried> {
        let failed = |why: String| Ok(Tried::Failed(why));
        let length = about["contentLength"].as_u64().unwrap_or(0);
        if !(1..=MAX_BYTES).contains(&length) {
            return failed(format!("a file must have from 1 to {MAX_BYTES} bytes, and the source tells of {}", about["contentLength"]));
        }
        let url = text(about, "url");
        if let Some(why) = self.reach.refusal(url) {
            return failed(why);
        }
        let backoff = Duration::from_millis(500) * 2_u32.pow(attempt);
        let limit = Duration::from_secs(60 + length / 100_000);
        let answer = match self.source.get(url).config().timeout_global(Some(limit)).build().call() {
            Ok(answer) => answer,
            Err(ureq::Error::Other(why)) if why.is::<TooNear>() => return failed(why.to_string()),
            Err(error) => return Ok(Tried::Again(backoff, format!("its address could not be reached: {error}"))),
        };
        match answer.status().as_u16() {
            200 => {}
            status @ (403 | 404 | 410) => return Ok(Tried::Stale(status)),
            status @ (408 | 429 | 500..=599) => {
                let asked = answer.headers().get("retry-after").and_then(|v| v.to_str().ok()?.trim().parse().ok()).map(Duration::from_secs);
                return Ok(Tried::Again(asked.unwrap_or(backoff), format!("its address answers {status}")));
            }
            status => return failed(format!("its address answers {status}")),
        }
        let mut body = answer.into_body().into_with_config().limit(length + 1).reader();
        let mut file = scratch().context("make a temporary file")?;
        let (mut hash, mut read, mut buffer) = (Sha256::new(), 0_u64, vec![0; 1 << 16]);
        while read <= length {
            let got = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(got) => got,
                Err(error) => return Ok(Tried::Again(backoff, format!("it broke off: {error}"))),
            };
            read += got as u64;
            hash.update(&buffer[..got]);
            file.write_all(&buffer[..got]).context("write a temporary file")?;
        }
        if read < length {
            return Ok(Tried::Again(backoff, format!("it has {read} bytes in place of {length}")));
        }
        let sha256 = STANDARD.encode(hash.finalize());
        if read > length || media_id(&sha256).as_deref() != Some(id) {
            return failed("the bytes that the source gives are not those of its id".to_owned());
        }
        let content_type = content_type(text(about, "contentType")).unwrap_or("application/octet-stream");
        Ok(Tried::There(Known { sha256, content_type, length }, file))
    }

    /// Sends the bytes to where the target wants them and reports that. Why not, if they are refused.
    fn upload(&self, target: &Api, id: &str, known: &Known, url: &str, file: &mut File) -> Result<Option<String>> {
        let began = Instant::now();
        let limit = Duration::from_secs(60 + known.length / 100_000);
        for attempt in 0..TRIES {
            file.rewind().context("read a temporary file")?;
            let request = self.target.put(url).config().timeout_global(Some(limit)).build();
            let request = request.header("Content-Type", known.content_type).header("x-amz-checksum-sha256", &known.sha256);
            let outcome = request.send(&*file);
            let why = match outcome.map(|answer| answer.status().as_u16()) {
                Ok(status @ 200..=299) => {
                    let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
                    let body =
                        json!({"uploadedAt": now(), "uploadHttpStatus": if status == 201 { 201 } else { 200 }, "uploadTimeMs": took});
                    return match target.send("PATCH", &format!("/api/public/media/{}", segment(id)), &body) {
                        Ok(_) => Ok(None),
                        Err(failure) if matches!(failure.status(), Some(401 | 403) | None) => Err(failure.into()),
                        Err(failure) => Ok(Some(failure.to_string())),
                    };
                }
                Ok(status @ (408 | 429 | 500..=599)) => format!("the target's bucket answers {status}"),
                Ok(status) => return Ok(Some(format!("the target's bucket answers {status}"))),
                Err(error) => format!("the target's bucket could not be reached: {error}"),
            };
            if attempt + 1 == TRIES {
                bail!(why);
            }
            std::thread::sleep(Duration::from_millis(500) * 2_u32.pow(attempt));
        }
        Ok(None)
    }
}

fn announcement(place: &Reference, known: &Known) -> Value {
    let mut body =
        json!({"contentType": known.content_type, "contentLength": known.length, "sha256Hash": known.sha256, "field": place.field});
    match &place.owner {
        Owner::Trace { trace, observation } => {
            body["traceId"] = trace.as_str().into();
            if let Some(observation) = observation {
                body["observationId"] = observation.as_str().into();
            }
        }
        Owner::Item { dataset, item } => {
            body["datasetId"] = dataset.as_str().into();
            body["datasetItemId"] = item.as_str().into();
        }
    }
    body
}

/// A file that nobody else sees and that is gone with the program, however it ends.
fn scratch() -> io::Result<File> {
    let path = std::env::temp_dir().join(format!("agenttrace-import-{}", uuid::Uuid::new_v4()));
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(id: &str) -> String {
        format!("@@@langfuseMedia:type=image/png|id={id}|source=bytes@@@")
    }

    #[test]
    fn references_are_found_wherever_they_stand() {
        let (a, b) = (reference("abc-_1"), reference("def"));
        for (name, value, expected) in [
            ("alone", json!(a), vec!["abc-_1"]),
            ("in a sentence, twice", json!(format!("see {a}, {a} and {b}.")), vec!["abc-_1", "def"]),
            ("deep", json!({"messages": [{"content": [{"image": a}, 1, null]}]}), vec!["abc-_1"]),
            ("in a text that is JSON", json!(json!({"image": a}).to_string()), vec!["abc-_1"]),
            ("cut off", json!("@@@langfuseMedia:type=image/png|id=abc"), vec![]),
            ("cut off before another", json!(format!("@@@langfuseMedia:type=x {b}")), vec!["def"]),
            ("an id that leads elsewhere", json!(reference("../../x")), vec![]),
            ("no id", json!("@@@langfuseMedia:type=x@@@"), vec![]),
        ] {
            let mut found = BTreeSet::new();
            walk(&value, &mut found);
            assert_eq!(found.into_iter().collect::<Vec<_>>(), expected, "{name}");
        }
    }

    #[test]
    fn a_text_names_a_limited_number_of_files() {
        let text: String = (0..1_000).map(|n| reference(&format!("id{n}"))).collect();
        let mut found = BTreeSet::new();

        walk(&json!(text), &mut found);

        assert_eq!(found.len(), MOST_IN_A_TEXT);
    }

    #[test]
    fn files_belong_to_the_trace_the_observation_or_the_item_and_to_a_field() {
        let events = [
            (json!({"type": "trace-create", "body": {"id": "t", "input": reference("a"), "name": reference("x")}}), None),
            (
                json!({"type": "tool-create", "body": {"id": "o", "traceId": "t", "output": [reference("b")], "metadata": {"k": reference("c")}}}),
                None,
            ),
        ];
        let of = |observation: Option<&str>| Owner::Trace { trace: "t".to_owned(), observation: observation.map(str::to_owned) };

        let found = of_events(&events);

        let expected = [("a", of(None), "input"), ("b", of(Some("o")), "output"), ("c", of(Some("o")), "metadata")];
        assert_eq!(found, expected.map(|(media, owner, field)| Reference { media: media.to_owned(), owner, field: field.to_owned() }));
        let item = of_item(&json!({"id": "i", "expectedOutput": reference("d")}), "D");
        assert_eq!(item[0].owner, Owner::Item { dataset: "D".to_owned(), item: "i".to_owned() });
        assert_eq!(item[0].field, "expectedOutput");
    }
}
