//! Windows of minutes, from the newest end of a range to its oldest, each wider than the one before and none overlapping.
//!
//! A list that asks for the newest rows of everything would open every part of the table. Most pages are full after an hour or a day.

/// The first window's width, in minutes.
const FIRST: i32 = 60;
/// Each window reaches so many times as far back as the one before: 1 h, 8 h, 2.7 d, 21 d.
const GROWTH: i32 = 8;
/// A window that would reach further takes all the rest: 171 d.
const FARTHEST: i32 = 245_760;

#[derive(Debug, Clone)]
pub(crate) struct Windows {
    first: i32,
    last: i32,
    base: i32,
    width: Option<i32>,
    may_jump: bool,
}

impl Windows {
    /// Growing windows over the minutes from `first` to `last`. Where the range reaches beyond `now`, the first window holds the future too.
    pub(crate) fn growing(first: i32, last: i32, now: i32) -> Self {
        Self { first, last, base: last.min(now), width: Some(FIRST), may_jump: true }
    }

    /// One window over everything.
    pub(crate) const fn whole(first: i32, last: i32) -> Self {
        Self { first, last, base: last, width: None, may_jump: false }
    }

    /// The window to look through, first and last minute; `None` when the range has been seen.
    pub(crate) fn current(&self) -> Option<(i32, i32)> {
        let first = self.width.map_or(self.first, |width| self.base.saturating_sub(width).max(self.first));
        (self.first <= self.last).then_some((first.min(self.last), self.last))
    }

    /// Goes on to the next window.
    pub(crate) fn step(&mut self) {
        let Some((first, _)) = self.current() else { return };
        self.last = first.saturating_sub(1);
        self.width = self.width.map(|w| w * GROWTH).filter(|w| *w <= FARTHEST);
        if first <= self.first {
            self.end();
        }
    }

    /// Is it worth asking where the next rows are? Once, after a window that held none.
    pub(crate) fn may_jump(&mut self) -> bool {
        std::mem::take(&mut self.may_jump) && self.current().is_some()
    }

    /// There are no rows after this minute, or none at all.
    pub(crate) fn jump(&mut self, newest: Option<i32>) {
        match newest {
            Some(minute) if minute < self.last => {
                (self.base, self.last, self.width) = (minute, minute, Some(FIRST));
            }
            Some(_) => {}
            None => self.end(),
        }
    }

    fn end(&mut self) {
        (self.first, self.last) = (1, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut windows: Windows) -> Vec<(i32, i32)> {
        let mut seen = Vec::new();
        while let Some(window) = windows.current() {
            seen.push(window);
            windows.step();
        }
        seen
    }

    #[test]
    fn windows_cover_the_range_once() {
        for (first, last, now, expected) in [
            (0, 1_000, 5_000, vec![(940, 1_000), (520, 939), (0, 519)]),
            (0, 100, 5_000, vec![(40, 100), (0, 39)]),
            (
                i32::MIN / 2,
                i32::MAX,
                1_000,
                vec![(940, i32::MAX), (520, 939), (-2_840, 519), (-29_720, -2_841), (-244_760, -29_721), (i32::MIN / 2, -244_761)],
            ),
            (10, 10, 5, vec![(10, 10)]),
            (50, 60, 10_000, vec![(50, 60)]),
            (500, 600, 100, vec![(500, 600)]),
            (10, 9, 5, vec![]),
        ] {
            assert_eq!(all(Windows::growing(first, last, now)), expected, "{first} {last} {now}");
        }
        assert_eq!(all(Windows::whole(3, 9)), [(3, 9)]);
    }

    #[test]
    fn an_empty_window_may_jump_to_the_newest_row_once() {
        let mut windows = Windows::growing(0, 100_000, 100_000);
        windows.step();
        assert!(windows.may_jump());
        windows.jump(Some(5_000));
        assert!(!windows.may_jump());
        assert_eq!(all(windows), [(4_940, 5_000), (4_520, 4_939), (1_160, 4_519), (0, 1_159)]);

        let mut windows = Windows::growing(0, 100_000, 100_000);
        windows.jump(None);
        assert_eq!(all(windows), []);
    }
}
