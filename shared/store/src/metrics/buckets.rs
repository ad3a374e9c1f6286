//! Buckets of time: numbers that SQL makes of a row's minute, and the texts that the API shows. Whole numbers, because ClickHouse's date functions
//! wrap outside 1970 to 2106.

use agenttrace_api::metrics::query::Granularity;
use agenttrace_domain::Timestamp;

use crate::range::minute_of;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// From a Monday to the Thursday of the epoch.
const MONDAY: i64 = 3 * DAY;

/// The bucket of the row `r` as a number: its first minute, or the month counted from year 0. `time` is the row's time.
#[must_use]
pub fn sql(granularity: Option<Granularity>, time: &str) -> String {
    match granularity {
        None => "toInt32(0)".to_owned(),
        Some(Granularity::Minute) => "toInt32(r.minute)".to_owned(),
        Some(Granularity::Hour) => format!("toInt32(r.minute - positiveModulo(r.minute, {HOUR}))"),
        Some(Granularity::Day) => format!("toInt32(r.minute - positiveModulo(r.minute, {DAY}))"),
        Some(Granularity::Week) => format!("toInt32(r.minute - positiveModulo(r.minute + {MONDAY}, {WEEK}))"),
        Some(Granularity::Month) => format!("toInt32(toYear({time}) * 12 + toMonth({time}) - 1)"),
    }
}

/// The bucket of a time.
#[must_use]
pub fn of(granularity: Granularity, at: Timestamp) -> i32 {
    let minute = i64::from(minute_of(at.0));
    let first = match granularity {
        Granularity::Minute => minute,
        Granularity::Hour => minute - minute.rem_euclid(HOUR),
        Granularity::Day => minute - minute.rem_euclid(DAY),
        Granularity::Week => minute - (minute + MONDAY).rem_euclid(WEEK),
        Granularity::Month => {
            let text = at.to_rfc3339();
            let mut parts = text.splitn(3, '-').map(|p| p.parse::<i64>().unwrap_or(0));
            parts.next().unwrap_or(0) * 12 + parts.next().unwrap_or(1) - 1
        }
    };
    i32::try_from(first).unwrap_or(0)
}

/// The bucket after this one.
#[must_use]
pub fn next(granularity: Granularity, bucket: i32) -> i32 {
    let step = match granularity {
        Granularity::Minute | Granularity::Month => 1,
        Granularity::Hour => HOUR,
        Granularity::Day => DAY,
        Granularity::Week => WEEK,
    };
    bucket.saturating_add(i32::try_from(step).unwrap_or(1))
}

/// How many buckets begin before the end of a range, from the one of its begin on.
#[must_use]
pub fn count(granularity: Granularity, from: Timestamp, to: Timestamp) -> u64 {
    let (first, last) = (of(granularity, from), of(granularity, to));
    let step = next(granularity, 0);
    u64::try_from((i64::from(last) - i64::from(first)) / i64::from(step)).unwrap_or(0)
}

/// The begin of a bucket.
#[must_use]
pub fn begin(granularity: Granularity, bucket: i32) -> Timestamp {
    if granularity == Granularity::Month {
        let (year, month) = (bucket.div_euclid(12), bucket.rem_euclid(12) + 1);
        return Timestamp::parse(&format!("{year:04}-{month:02}-01T00:00:00Z")).unwrap_or(Timestamp::MIN);
    }
    Timestamp(i64::from(bucket) * 60_000_000)
}

/// As Langfuse shows it: a time for minutes and hours, a date for the rest.
#[must_use]
pub fn text(granularity: Granularity, bucket: i32) -> String {
    let text = begin(granularity, bucket).to_rfc3339();
    match granularity {
        Granularity::Minute | Granularity::Hour => format!("{}Z", text.get(..19).unwrap_or(&text)),
        Granularity::Day | Granularity::Week | Granularity::Month => text.get(..10).unwrap_or(&text).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_begin_where_calendars_say() {
        for (granularity, at, expected, following) in [
            (Granularity::Minute, "2026-03-10T12:34:56.789Z", "2026-03-10T12:34:00Z", "2026-03-10T12:35:00Z"),
            (Granularity::Hour, "2026-03-10T23:34:56Z", "2026-03-10T23:00:00Z", "2026-03-11T00:00:00Z"),
            (Granularity::Day, "2026-02-28T23:59:59.999Z", "2026-02-28", "2026-03-01"),
            // A Tuesday, a Sunday and a Monday.
            (Granularity::Week, "2026-03-10T12:00:00Z", "2026-03-09", "2026-03-16"),
            (Granularity::Week, "2026-03-15T23:59:59Z", "2026-03-09", "2026-03-16"),
            (Granularity::Week, "2026-03-16T00:00:00Z", "2026-03-16", "2026-03-23"),
            (Granularity::Month, "2026-12-31T23:59:59Z", "2026-12-01", "2027-01-01"),
            (Granularity::Week, "1969-12-31T00:00:00Z", "1969-12-29", "1970-01-05"),
            (Granularity::Day, "1950-06-15T05:00:00Z", "1950-06-15", "1950-06-16"),
        ] {
            let bucket = of(granularity, Timestamp::parse(at).expect("a time"));

            assert_eq!(text(granularity, bucket), expected, "{at}");
            assert_eq!(text(granularity, next(granularity, bucket)), following, "{at}");
        }
    }

    #[test]
    fn buckets_are_counted_without_the_last() {
        let at = |text| Timestamp::parse(text).expect("a time");
        for (granularity, from, to, expected) in [
            (Granularity::Day, "2026-03-10T12:00:00Z", "2026-03-12T12:00:00Z", 2),
            (Granularity::Day, "2026-03-10T12:00:00Z", "2026-03-10T13:00:00Z", 0),
            (Granularity::Month, "2025-12-10T12:00:00Z", "2026-03-01T00:00:00Z", 3),
            (Granularity::Week, "2026-03-10T12:00:00Z", "2026-03-24T12:00:00Z", 2),
        ] {
            assert_eq!(count(granularity, at(from), at(to)), expected, "{from} {to}");
        }
    }
}
