//! Records that can never be stored, as `write-events` puts them aside under `failed/` in the data bucket. `redrive-failed` puts them on the stream
//! again, `delete-data` takes out of them what was deleted.

use agenttrace_domain::{Envelope, Event, overflow_prefix};
use serde::{Deserialize, Serialize};

use crate::record::{self, Content};

pub const PREFIX: &str = "failed/";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedRecord {
    pub reason: String,
    /// Shard and sequence number, with a colon between them.
    pub position: String,
    pub partition_key: String,
    /// The record as it came, base64.
    pub data: String,
}

#[derive(Debug, thiserror::Error)]
pub enum NoRecord {
    #[error("the object is no failed record")]
    Object(#[source] serde_json::Error),
    #[error("the record is not base64")]
    Base64(#[source] base64_simd::Error),
}

/// What is left of a record without some of its events.
#[derive(Debug, PartialEq, Eq)]
pub enum Without {
    /// None of them is in it, as far as it can be read.
    Same,
    Nothing,
    Rest(FailedRecord),
}

impl FailedRecord {
    pub fn parse(object: &[u8]) -> Result<Self, NoRecord> {
        serde_json::from_slice(object).map_err(NoRecord::Object)
    }

    /// Where it lies.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{PREFIX}{}.json", self.position.replace(':', "/"))
    }

    pub fn record(&self) -> Result<Vec<u8>, NoRecord> {
        base64_simd::STANDARD.decode_to_vec(self.data.as_bytes()).map_err(NoRecord::Base64)
    }

    /// Without the events of a project that are `gone`. A record too large for the stream lies elsewhere, and is deleted there: here goes what
    /// points to it, if its place is one of `places`.
    #[must_use]
    pub fn without(&self, project_id: &str, places: &[String], gone: impl Fn(&Envelope, &Event) -> bool) -> Without {
        let Ok(data) = self.record() else { return Without::Same };
        match record::unpack(&data) {
            Ok(Content::Pointer(key)) if places.iter().any(|place| key.starts_with(place)) => Without::Nothing,
            Ok(Content::Events(mut envelope)) if envelope.project_id == project_id => {
                let before = envelope.events.len();
                let events = std::mem::take(&mut envelope.events);
                envelope.events = events.into_iter().filter(|event| !gone(&envelope, event)).collect();
                match envelope.events.len() {
                    0 => Without::Nothing,
                    left if left == before => Without::Same,
                    // ClickHouse's reason may quote the row that it refused.
                    _ => Without::Rest(Self {
                        reason: "a part of a record that could not be stored; the rest of it was deleted".to_owned(),
                        data: base64_simd::STANDARD.encode_to_string(record::encode(&envelope)),
                        ..self.clone()
                    }),
                }
            }
            _ => Without::Same,
        }
    }
}

/// Where the large records of these traces lie.
#[must_use]
pub fn places(project_id: &str, trace_ids: &[String]) -> Vec<String> {
    trace_ids.iter().map(|trace_id| overflow_prefix(project_id, trace_id)).collect()
}

#[cfg(test)]
mod tests {
    use agenttrace_domain::{Sdk, Source, Timestamp};

    use super::*;

    fn failed(data: &[u8]) -> FailedRecord {
        let data = base64_simd::STANDARD.encode_to_string(data);
        FailedRecord { reason: "refused 'secret'".to_owned(), position: "shard-0:17".to_owned(), partition_key: "3".to_owned(), data }
    }

    fn told(traces: &[&str]) -> FailedRecord {
        let event = |trace: &&str| Event::Reprice { trace_id: (*trace).to_owned(), id: "step".to_owned() };
        let envelope = Envelope {
            project_id: "p".to_owned(),
            received_at: Timestamp(5),
            source: Source::Api,
            sdk: Sdk::default(),
            events: traces.iter().map(event).collect(),
        };
        failed(&record::encode(&envelope))
    }

    fn without(record: &FailedRecord, project: &str, trace: &str) -> Without {
        let ids = [trace.to_owned()];
        record.without(project, &places(project, &ids), |_, event| ids.iter().any(|id| id == event.ordering_key()))
    }

    #[test]
    fn what_was_deleted_is_taken_out_and_the_rest_stays() {
        let both = told(&["a", "b", "a"]);

        let Without::Rest(rest) = without(&both, "p", "a") else { panic!("something is left") };
        assert_eq!((rest.key().as_str(), rest.partition_key.as_str()), ("failed/shard-0/17.json", "3"));
        assert!(!rest.reason.contains("secret"));
        let Ok(Content::Events(left)) = record::unpack(&rest.record().expect("base64")) else { panic!("events") };
        assert_eq!(left.events.iter().map(Event::ordering_key).collect::<Vec<_>>(), ["b"]);
        assert_eq!(left.received_at, Timestamp(5));

        assert_eq!(without(&rest, "p", "b"), Without::Nothing);
        assert_eq!(without(&both, "p", "c"), Without::Same);
        assert_eq!(without(&both, "another", "a"), Without::Same);
    }

    #[test]
    fn a_pointer_goes_with_what_it_points_to_and_what_cannot_be_read_stays() {
        let large = failed(&record::pointer(&format!("{}x", overflow_prefix("p", "a"))));

        assert_eq!(without(&large, "p", "a"), Without::Nothing);
        assert_eq!(without(&large, "p", "b"), Without::Same);
        for poison in [b"\x01".as_slice(), b"\xffwhat", b""] {
            assert_eq!(without(&failed(poison), "p", "a"), Without::Same);
        }
        assert!(FailedRecord::parse(b"{}").is_err());
    }
}
