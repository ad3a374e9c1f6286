//! Tests of rows of two tables that are read as one: a group meets a filter when one of its rows does.

use crate::condition::Condition;
use crate::connection::Ask;

/// An expression of ours with `?` for each of the texts.
type Test<'a> = (&'a str, &'a [&'a String]);

/// Names of the parameters' prefixes: of the one table, of the other.
const PREFIXES: [(&str, &str); 8] =
    [("a0x", "b0x"), ("a1x", "b1x"), ("a2x", "b2x"), ("a3x", "b3x"), ("a4x", "b4x"), ("a5x", "b5x"), ("a6x", "b6x"), ("a7x", "b7x")];

/// Pairs of tests, one for each filter.
#[derive(Debug, Default)]
pub(super) struct Tests(Vec<(Condition, Condition)>);

impl Tests {
    pub fn add(&mut self, one: Test<'_>, other: Test<'_>) {
        let (a, b) = PREFIXES[self.0.len() % PREFIXES.len()];
        let condition = |prefix, (sql, values): Test<'_>| {
            let mut condition = Condition::named(prefix);
            condition.and_with(sql, values.iter().map(|value| ("String", value.as_str().into())).collect());
            condition
        };
        self.0.push((condition(a, one), condition(b, other)));
    }

    /// Puts the tests, as lists of numbers, in the two places. There is always one.
    pub fn put(&self, ask: Ask, one: &str, other: &str) -> Ask {
        let places = |side: &str| (0..self.0.len()).map(|i| format!(", toUInt8({{{{{side}{i}}}}})")).collect::<String>();
        let mut ask = ask.fragment(one, &format!("toUInt8(1){}", places("one"))).fragment(other, &format!("toUInt8(1){}", places("other")));
        for (i, (a, b)) in self.0.iter().enumerate() {
            ask = ask.named_condition(&format!("one{i}"), a).named_condition(&format!("other{i}"), b);
        }
        ask
    }
}
