//! What one stream record holds: a version byte, then for version 1 a zstd frame with the postcard encoding of an [`Envelope`], for version 2
//! the S3 key of an object that holds a version-1 record too large for the stream.
//!
//! A new shape gets a new version byte; a reader keeps every version that may still be in the stream (its retention, or a rollback).

use std::cell::RefCell;

use agenttrace_domain::{Envelope, Event, overflow_prefix, trace_hash};
use zstd::bulk::{Compressor, Decompressor};

/// Kinesis takes 1 MiB a record with its partition key; some room is left.
pub const MAX_RECORD: usize = 1_000_000;
/// What one envelope holds before compression: more would make the writer's memory jump.
const MAX_RAW: usize = 4 << 20;
/// Nothing that we packed inflates beyond this.
const MAX_UNPACKED: usize = 64 << 20;
const LEVEL: i32 = 1;

const INLINE: u8 = 1;
const POINTER: u8 = 2;

/// A record ready for the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub partition_key: String,
    pub data: Vec<u8>,
    /// Where the record goes when it is too large for the stream: it holds one event then.
    pub overflow_prefix: Option<String>,
}

impl Record {
    /// Too large for the stream: goes to S3, and a pointer in its place.
    #[must_use]
    pub const fn is_large(&self) -> bool {
        self.data.len() > MAX_RECORD
    }
}

/// What a record turned out to hold.
#[derive(Debug, PartialEq)]
pub enum Content {
    Events(Envelope),
    /// The S3 key where the record is.
    Pointer(String),
}

#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("the record is empty")]
    Empty,
    #[error("the record's version {0} is unknown")]
    Version(u8),
    #[error("the record does not decompress")]
    Compression(#[source] std::io::Error),
    #[error("the record does not decode")]
    Encoding(#[source] postcard::Error),
    #[error("the pointer is not a key")]
    Pointer,
}

/// Packs events into few records: those of one trace share a partition key and keep their order.
#[must_use]
pub fn pack(envelope: Envelope, buckets: u32) -> Vec<Record> {
    let Envelope { project_id, received_at, source, sdk, events } = envelope;
    let mut by_bucket: Vec<Vec<Event>> = (0..buckets.max(1)).map(|_| Vec::new()).collect();
    for event in events {
        let bucket = trace_hash(event.ordering_key()) % buckets.max(1);
        by_bucket[bucket as usize].push(event);
    }
    let mut records = Vec::new();
    for (bucket, events) in by_bucket.into_iter().enumerate().filter(|(_, e)| !e.is_empty()) {
        let whole = Envelope { project_id: project_id.clone(), received_at, source, sdk: sdk.clone(), events };
        split_and_encode(whole, &format!("{bucket}"), &mut records);
    }
    records
}

fn split_and_encode(mut envelope: Envelope, partition_key: &str, records: &mut Vec<Record>) {
    let raw = postcard::to_stdvec(&envelope).unwrap_or_default();
    if envelope.events.len() > 1 {
        let too_large = raw.len() > MAX_RAW;
        let data = if too_large { Vec::new() } else { compress(&raw) };
        if too_large || data.len() > MAX_RECORD {
            drop((raw, data));
            let second = envelope.events.split_off(envelope.events.len() / 2);
            let rest = Envelope { events: second, project_id: envelope.project_id.clone(), sdk: envelope.sdk.clone(), ..envelope };
            split_and_encode(envelope, partition_key, records);
            split_and_encode(rest, partition_key, records);
            return;
        }
        records.push(Record { partition_key: partition_key.to_owned(), data, overflow_prefix: None });
        return;
    }
    let overflow_prefix = envelope.events.first().map(|event| overflow_prefix(&envelope.project_id, event.ordering_key()));
    records.push(Record { partition_key: partition_key.to_owned(), data: compress(&raw), overflow_prefix });
}

/// An envelope as one record.
#[must_use]
pub fn encode(envelope: &Envelope) -> Vec<u8> {
    compress(&postcard::to_stdvec(envelope).unwrap_or_default())
}

fn compress(raw: &[u8]) -> Vec<u8> {
    // Compressing into memory fails only when memory does.
    let frame = COMPRESSOR.with_borrow_mut(|c| c.as_mut().and_then(|c| c.compress(raw).ok())).unwrap_or_default();
    let mut data = Vec::with_capacity(1 + frame.len());
    data.push(INLINE);
    data.extend(frame);
    data
}

thread_local! {
    // Making a context costs as much as a small record: each thread keeps one.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = RefCell::new(Compressor::new(LEVEL).ok());
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = RefCell::new(Decompressor::new().ok());
}

fn decompress(frame: &[u8]) -> std::io::Result<Vec<u8>> {
    DECOMPRESSOR.with_borrow_mut(|d| match d {
        Some(d) => d.decompress(frame, capacity(frame)),
        None => Err(std::io::ErrorKind::OutOfMemory.into()),
    })
}

/// The record that stands for one stored under `key`.
#[must_use]
pub fn pointer(key: &str) -> Vec<u8> {
    let mut data = vec![POINTER];
    data.extend_from_slice(key.as_bytes());
    data
}

/// Reads a record of any version.
pub fn unpack(data: &[u8]) -> Result<Content, Unreadable> {
    match data.split_first() {
        None => Err(Unreadable::Empty),
        Some((&INLINE, frame)) => {
            let raw = decompress(frame).map_err(Unreadable::Compression)?;
            postcard::from_bytes(&raw).map(Content::Events).map_err(Unreadable::Encoding)
        }
        Some((&POINTER, key)) => match std::str::from_utf8(key) {
            Ok(key) if key.starts_with("overflow/") && !key.contains("..") => Ok(Content::Pointer(key.to_owned())),
            _ => Err(Unreadable::Pointer),
        },
        Some((&version, _)) => Err(Unreadable::Version(version)),
    }
}

fn capacity(frame: &[u8]) -> usize {
    let stated = zstd::zstd_safe::get_frame_content_size(frame).ok().flatten().and_then(|n| usize::try_from(n).ok());
    stated.unwrap_or(MAX_UNPACKED).min(MAX_UNPACKED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use agenttrace_domain::{Observation, Sdk, Source, Timestamp};

    fn envelope(events: Vec<Event>) -> Envelope {
        Envelope { project_id: "p".into(), received_at: Timestamp(7), source: Source::OtlpTraces, sdk: Sdk::default(), events }
    }

    fn observation(trace: &str, id: &str, input: String) -> Event {
        Event::Observation(Box::new(Observation { trace_id: trace.into(), id: id.into(), input: Some(input), ..Default::default() }))
    }

    /// Text that does not compress.
    fn noise(bytes: usize, mut seed: u64) -> String {
        let mut text = String::with_capacity(bytes);
        while text.len() < bytes {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(&format!("{:016x}", seed ^ (seed >> 29)));
        }
        text
    }

    fn events_of(records: &[Record]) -> Vec<Event> {
        records
            .iter()
            .flat_map(|r| match unpack(&r.data).expect("readable") {
                Content::Events(e) => e.events,
                Content::Pointer(_) => panic!("no pointer expected"),
            })
            .collect()
    }

    #[test]
    fn a_trace_keeps_its_partition_and_its_order() {
        let events: Vec<Event> = (0..100).map(|i| observation(&format!("t{}", i % 7), &format!("{i:03}"), "x".repeat(100))).collect();

        let records = pack(envelope(events), 4);

        assert!(records.len() <= 4);
        for record in &records {
            for event in events_of(std::slice::from_ref(record)) {
                assert_eq!((trace_hash(event.ordering_key()) % 4).to_string(), record.partition_key);
            }
        }
        let mut ids: Vec<String> =
            events_of(&records).into_iter().map(|e| if let Event::Observation(o) = e { o.id } else { String::new() }).collect();
        ids.sort();
        assert_eq!(ids.len(), 100);
        assert_eq!(ids[99], "099");
    }

    #[test]
    fn what_is_too_much_for_one_record_is_split_and_one_huge_event_is_marked() {
        let mut events: Vec<Event> = (0..8).map(|i| observation("t", &i.to_string(), noise(600_000, i))).collect();
        events.push(observation("t", "huge", noise(3_000_000, 99)));

        let records = pack(envelope(events), 1);

        assert_eq!(events_of(&records).len(), 9);
        assert_eq!(records.iter().filter(|r| r.is_large()).count(), 1);
    }

    #[test]
    fn broken_records_are_told_apart_and_never_panic() {
        assert!(matches!(unpack(&[]), Err(Unreadable::Empty)));
        assert!(matches!(unpack(&[9, 1, 2]), Err(Unreadable::Version(9))));
        assert!(matches!(unpack(&[1, 1, 2]), Err(Unreadable::Compression(_))));
        assert!(matches!(unpack(&compress(b"nonsense")), Err(Unreadable::Encoding(_))));
        assert!(matches!(unpack(&pointer("elsewhere/x")), Err(Unreadable::Pointer)));
        assert_eq!(unpack(&pointer("overflow/x")).ok(), Some(Content::Pointer("overflow/x".into())));
        let good = pack(envelope(vec![observation("t", "a", noise(2_000, 1))]), 1).remove(0).data;
        for cut in 0..good.len() {
            assert!(unpack(&good[..cut]).is_err(), "cut at {cut}");
        }
    }
}
