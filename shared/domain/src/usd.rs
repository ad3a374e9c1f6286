//! Money: US dollars as a decimal, never a float inside.

use serde::{Deserialize, Serialize};

/// US dollars in units of 1e-12 (so that the price of a single token is exact). Up to about 9.2 million dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Usd(pub i64);

impl Usd {
    pub const PICO: i64 = 1_000_000_000_000;
    pub const ZERO: Self = Self(0);

    #[must_use]
    pub const fn from_pico(pico: i64) -> Self {
        Self(pico)
    }

    /// A cost as a client states it; `None` for NaN, negative and unpayable amounts.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)]
    pub fn from_f64(dollars: f64) -> Option<Self> {
        (dollars.is_finite() && (0.0..=9_000_000.0).contains(&dollars)).then(|| Self((dollars * 1e12).round() as i64))
    }

    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e12
    }

    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Usd;

    #[test]
    fn stated_costs_are_taken_only_when_they_can_be_paid() {
        for (dollars, expected) in [
            (0.0, Some(0)),
            (0.000_000_075, Some(75_000)),
            (1.5, Some(1_500_000_000_000)),
            (-1.0, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (1e308, None),
        ] {
            assert_eq!(Usd::from_f64(dollars).map(|u| u.0), expected, "{dollars}");
        }
    }
}
