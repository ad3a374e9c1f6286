//! Points in time, as microseconds UTC.

use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// Microseconds since 1970-01-01T00:00:00Z. Storage keeps all of them, the API shows milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// What a `DateTime64(6)` column holds without trouble: 1900-01-01 to 2299-12-31.
    pub const MIN: Self = Self(-2_208_988_800_000_000);
    pub const MAX: Self = Self(10_413_791_999_999_999);

    /// Nanoseconds as OTLP sends them; `None` for 0, which stands for "not set", and for times no column can hold.
    #[must_use]
    pub fn from_unix_nanos(nanos: u64) -> Option<Self> {
        let micros = i64::try_from(nanos / 1_000).ok()?;
        (micros != 0 && micros <= Self::MAX.0).then_some(Self(micros))
    }

    #[must_use]
    pub fn from_millis(millis: i64) -> Option<Self> {
        let micros = millis.checked_mul(1_000)?;
        (Self::MIN.0..=Self::MAX.0).contains(&micros).then_some(Self(micros))
    }

    /// ISO 8601 with an offset (or, as some clients send, without one: then UTC), or a date alone.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 64 {
            return None;
        }
        let parsed = OffsetDateTime::parse(text, &Rfc3339)
            .ok()
            .or_else(|| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339).ok())
            .or_else(|| OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339).ok())
            .or_else(|| OffsetDateTime::parse(&text.replacen(' ', "T", 1), &Rfc3339).ok())
            .or_else(|| OffsetDateTime::parse(&format!("{}Z", text.replacen(' ', "T", 1)), &Rfc3339).ok())?;
        let micros = i64::try_from(parsed.to_offset(UtcOffset::UTC).unix_timestamp_nanos().div_euclid(1_000)).ok()?;
        (Self::MIN.0..=Self::MAX.0).contains(&micros).then_some(Self(micros))
    }

    /// `2026-01-31T10:00:00.123Z`, the API's only form.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        let clamped = self.clamp(Self::MIN, Self::MAX);
        let Ok(t) = OffsetDateTime::from_unix_timestamp_nanos(i128::from(clamped.0) * 1_000) else {
            return String::from("1970-01-01T00:00:00.000Z");
        };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second(),
            t.millisecond()
        )
    }

    /// Seconds from `earlier` to `self`, negative when the clock ran backwards.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn seconds_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0) as f64 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn times_parse_in_every_form_that_clients_send() {
        for (text, expected) in [
            ("2026-01-31T10:00:00.123Z", Some("2026-01-31T10:00:00.123Z")),
            ("2026-01-31T10:00:00.123456+02:00", Some("2026-01-31T08:00:00.123Z")),
            ("2026-01-31T10:00:00", Some("2026-01-31T10:00:00.000Z")),
            ("2026-01-31 10:00:00", Some("2026-01-31T10:00:00.000Z")),
            ("2026-01-31", Some("2026-01-31T00:00:00.000Z")),
            ("1969-12-31T23:59:59.999Z", Some("1969-12-31T23:59:59.999Z")),
            ("9999-01-01T00:00:00Z", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(Timestamp::parse(text).map(Timestamp::to_rfc3339).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn otlp_nanoseconds_of_zero_or_beyond_storage_are_not_times() {
        assert_eq!(Timestamp::from_unix_nanos(0), None);
        assert_eq!(Timestamp::from_unix_nanos(u64::MAX), None);
        assert_eq!(Timestamp::from_unix_nanos(1_767_225_600_000_000_000), Some(Timestamp(1_767_225_600_000_000)));
    }
}
