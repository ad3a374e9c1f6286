//! `LogRecord`: opentelemetry-proto logs v1.

use super::{Budget, Field, Malformed, Reader, attribute, usable_id, value};
use crate::otlp::signals::LogRecord;
use crate::text::lossy;

pub(crate) fn record<'a>(bytes: &'a [u8], budget: &Budget<'_>) -> Result<LogRecord<'a>, Malformed> {
    let mut record = LogRecord { attributes: Vec::with_capacity(24), ..LogRecord::default() };
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (1, Field::Fixed64(nanos)) => record.time = nanos,
            (5, Field::Bytes(bytes)) => record.body = value(bytes, budget.limits.max_depth, budget)?,
            (6, Field::Bytes(bytes)) => attribute(bytes, &mut record.attributes, budget)?,
            (9, Field::Bytes(bytes)) => record.trace_id = usable_id(bytes),
            (10, Field::Bytes(bytes)) => record.span_id = usable_id(bytes),
            (11, Field::Fixed64(nanos)) => record.observed = nanos,
            (12, Field::Bytes(bytes)) => record.event_name = lossy(bytes),
            _ => {}
        }
    }
    Ok(record)
}
