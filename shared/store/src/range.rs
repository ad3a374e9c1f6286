//! A range of time, and what the primary keys need of it.

use agenttrace_api::filter::{Compare, Filter, Test};
use agenttrace_domain::Timestamp;

/// From a time on (inclusive), before a time (exclusive). Open ends reach rows of any clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

impl TimeRange {
    /// Narrows the range by the filters on a time column, so that they reach the primary key.
    #[must_use]
    pub fn narrowed_by(mut self, column: &str, filters: &[Filter]) -> Self {
        for filter in filters.iter().filter(|f| f.column == column) {
            if let Test::Datetime(compare, at) = filter.test {
                if matches!(compare, Compare::Ge | Compare::Gt | Compare::Eq) {
                    self.from = self.from.max(Some(at));
                }
                if matches!(compare, Compare::Lt | Compare::Le | Compare::Eq) {
                    let behind = Timestamp(at.0.saturating_add(1));
                    self.to = Some(self.to.map_or(behind, |to| to.min(behind)));
                }
            }
        }
        self
    }

    pub(crate) fn first_micros(self) -> i64 {
        self.from.unwrap_or(Timestamp::MIN).0
    }

    pub(crate) fn to_micros(self) -> i64 {
        self.to.map_or(Timestamp::MAX.0 + 1, |t| t.0)
    }

    pub(crate) fn first_minute(self) -> i32 {
        minute_of(self.first_micros())
    }

    /// The last minute that may hold rows of the range.
    pub(crate) fn to_minute(self) -> i32 {
        minute_of(self.to_micros().saturating_sub(1))
    }
}

/// The minute of a time, as the tables' keys hold it.
#[allow(clippy::cast_possible_truncation)]
pub(crate) fn minute_of(micros: i64) -> i32 {
    // Times are clamped to what a column holds (1900 to 2299), whose minutes fit.
    micros.clamp(Timestamp::MIN.0, Timestamp::MAX.0).div_euclid(60_000_000) as i32
}

/// The time. Only to guess where the newest rows are: answers do not depend on it.
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_filters_narrow_the_range() {
        let filter = |compare, at| Filter { column: "timestamp".to_owned(), key: None, test: Test::Datetime(compare, Timestamp(at)) };

        let range = TimeRange { from: None, to: Some(Timestamp(90)) }
            .narrowed_by("timestamp", &[filter(Compare::Ge, 10), filter(Compare::Le, 50), filter(Compare::Gt, 5)]);

        assert_eq!(range, TimeRange { from: Some(Timestamp(10)), to: Some(Timestamp(51)) });
        assert_eq!(range.narrowed_by("startTime", &[filter(Compare::Ge, 40)]), range);
    }

    #[test]
    fn minutes_are_floored_before_1970_too() {
        assert_eq!((minute_of(-1), minute_of(0), minute_of(60_000_000)), (-1, 0, 1));
    }
}
