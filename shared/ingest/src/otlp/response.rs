//! The answers to exports of spans, logs and metrics, in both encodings.

use crate::headers::OtlpFormat;

/// What an export holds. The answers differ in one name only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    Traces,
    Logs,
    Metrics,
}

impl Signal {
    const fn rejected(self) -> &'static str {
        match self {
            Self::Traces => "rejectedSpans",
            Self::Logs => "rejectedLogRecords",
            Self::Metrics => "rejectedDataPoints",
        }
    }
}

/// The body of a 200 answer to an OTLP export, in the request's own format.
///
/// With nothing rejected and no message `partial_success` stays unset, as the protocol asks. `message` alone (0 rejected) is a
/// warning.
#[must_use]
pub fn encode_otlp_response(format: OtlpFormat, signal: Signal, rejected: u64, message: &str) -> Vec<u8> {
    let empty = rejected == 0 && message.is_empty();
    match format {
        OtlpFormat::Json if empty => b"{}".to_vec(),
        OtlpFormat::Json => serde_json::json!({"partialSuccess": {signal.rejected(): rejected.to_string(), "errorMessage": message}})
            .to_string()
            .into_bytes(),
        OtlpFormat::Protobuf if empty => Vec::new(),
        OtlpFormat::Protobuf => {
            let mut partial = Vec::with_capacity(message.len() + 24);
            if rejected > 0 {
                partial.push(0x08); // rejected_spans, rejected_log_records, rejected_data_points = 1, varint
                varint(&mut partial, rejected);
            }
            if !message.is_empty() {
                partial.push(0x12); // error_message = 2, bytes
                varint(&mut partial, message.len() as u64);
                partial.extend_from_slice(message.as_bytes());
            }
            let mut response = Vec::with_capacity(partial.len() + 8);
            response.push(0x0a); // partial_success = 1, message
            varint(&mut response, partial.len() as u64);
            response.extend(partial);
            response
        }
    }
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        #[allow(clippy::cast_possible_truncation)]
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    #[allow(clippy::cast_possible_truncation)]
    out.push(value as u8);
}
