//! The one place where a caller's wishes become SQL: declared column names map to fixed expressions, values become bound parameters. No text of a
//! caller's ever stands in a query.

use agenttrace_api::filter::{Compare, Filter, SetTest, Test, TextTest};
use agenttrace_domain::Timestamp;
use serde::{Serialize, Serializer};

/// A bound value.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    Text(String),
    Texts(Vec<String>),
    Int(i64),
    Float(f64),
    /// `(minute, hash)` pairs: a row's place in the primary key.
    Places(Vec<(i32, u32)>),
    Hashes(Vec<u32>),
    LongHashes(Vec<u64>),
    Minutes(Vec<i32>),
    Floats(Vec<f64>),
}

impl Serialize for Param {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(v) => v.serialize(serializer),
            Self::Texts(v) => v.serialize(serializer),
            Self::Int(v) => v.serialize(serializer),
            Self::Float(v) => v.serialize(serializer),
            Self::Places(v) => v.serialize(serializer),
            Self::Hashes(v) => v.serialize(serializer),
            Self::LongHashes(v) => v.serialize(serializer),
            Self::Minutes(v) => v.serialize(serializer),
            Self::Floats(v) => v.serialize(serializer),
        }
    }
}

macro_rules! param_from {
    ($($type:ty => $variant:ident),*) => { $( impl From<$type> for Param { fn from(value: $type) -> Self { Self::$variant(value.into()) } } )* };
}
param_from!(&str => Text, String => Text, Vec<String> => Texts, &[String] => Texts, i64 => Int, i32 => Int, u32 => Int, f64 => Float, Vec<(i32, u32)> => Places, Vec<u32> => Hashes, Vec<u64> => LongHashes, Vec<i32> => Minutes, Vec<f64> => Floats);

impl From<u64> for Param {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

/// What a column holds, and so which tests fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Empty is absent.
    Text,
    /// Like `Text`, with an index of words on `lower(…)`.
    Words,
    Number,
    Time,
    Flag,
    List,
    /// Text to text; filters need a `key`.
    Map,
}

/// The steps of a trace are looked for up to so many minutes behind its time, 31 days, and a trace so many behind its steps, 2 days: its time may be
/// stated. How long before a step its trace began does not matter, since the trace knows when its last step ended.
const AFTER: u32 = 44_640;
const BEHIND: u32 = 2_880;

/// A column that callers may filter or sort by.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The name in the API, and other names for it.
    pub names: &'static [&'static str],
    /// A fixed expression.
    pub sql: &'static str,
    pub kind: Kind,
    pub at: At,
}

/// Where a column's values are. What is not the row's own is looked for around the range of the query, which must bind `from_minute` and `to_minute`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Row,
    /// In the row of a step, or, where that is empty, under this name in the row of its trace.
    StepOrTrace(&'static str),
    /// An aggregate over the steps of the trace that the row is of.
    Steps,
}

impl Column {
    pub const fn new(names: &'static [&'static str], sql: &'static str, kind: Kind) -> Self {
        Self { names, sql, kind, at: At::Row }
    }

    #[must_use]
    pub const fn or_of_trace(self, sql: &'static str) -> Self {
        Self { at: At::StepOrTrace(sql), ..self }
    }

    #[must_use]
    pub const fn of_steps(self) -> Self {
        Self { at: At::Steps, ..self }
    }
}

/// The column of that name, or a sentence for the caller.
pub fn find<'a>(columns: &'a [Column], name: &str) -> Result<&'a Column, String> {
    columns.iter().find(|c| c.names.contains(&name)).ok_or_else(|| {
        let known: Vec<&str> = columns.iter().map(|c| c.names[0]).collect();
        format!("column {:?} is unknown; use one of {}", name.chars().take(80).collect::<String>(), known.join(", "))
    })
}

/// SQL of fixed expressions, and its parameters. Begins as `1`; everything added must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    sql: String,
    params: Vec<(String, Param)>,
    prefix: &'static str,
}

impl Default for Condition {
    fn default() -> Self {
        Self::named("f")
    }
}

impl Condition {
    /// A condition whose parameters begin with `prefix`, so that two can stand in one query.
    #[must_use]
    pub fn named(prefix: &'static str) -> Self {
        Self { sql: "1".to_owned(), params: Vec::new(), prefix }
    }

    /// All filters together. The error is a sentence for the caller.
    pub fn of(columns: &[Column], filters: &[Filter]) -> Result<Self, String> {
        let mut condition = Self::default();
        for (i, filter) in filters.iter().enumerate() {
            condition.add(columns, filter).map_err(|e| format!("`filter[{i}]`: {e}"))?;
        }
        Ok(condition)
    }

    /// Adds one filter.
    pub fn add(&mut self, columns: &[Column], filter: &Filter) -> Result<(), String> {
        let column = find(columns, &filter.column)?;
        let test = self.test(column, filter)?;
        let test = match column.at {
            At::Row => test,
            At::StepOrTrace(sql) => {
                let of_trace = self.test(&Column { sql, ..*column }, filter)?;
                let (own, none) = match column.kind {
                    Kind::List => (format!("notEmpty({})", column.sql), format!("empty({})", column.sql)),
                    _ => (format!("{} != ''", column.sql), format!("{} = ''", column.sql)),
                };
                format!(
                    "({own} AND {test}) OR ({none} AND trace_id IN (SELECT id FROM traces FINAL WHERE project_id = {{project:String}} \
                     AND minute <= {{to_minute:Int32}} + {BEHIND} \
                     AND end_time >= fromUnixTimestamp64Micro(toInt64({{from_minute:Int32}}) * 60000000, 'UTC') AND ({of_trace})))"
                )
            }
            At::Steps => format!(
                "id IN (SELECT trace_id FROM observations FINAL WHERE project_id = {{project:String}} \
                 AND start_minute >= {{from_minute:Int32}} - {BEHIND} AND start_minute <= {{to_minute:Int32}} + {AFTER} GROUP BY trace_id HAVING {test})"
            ),
        };
        self.and(&test);
        Ok(())
    }

    /// Adds one of our own expressions, with `?` for each value and its ClickHouse type.
    pub(crate) fn and_with(&mut self, sql: &str, values: Vec<(&'static str, Param)>) {
        let mut text = String::new();
        let mut values = values.into_iter();
        for (i, part) in sql.split('?').enumerate() {
            if i > 0
                && let Some((kind, value)) = values.next()
            {
                text.push_str(&self.bind(kind, value));
            }
            text.push_str(part);
        }
        self.and(&text);
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sql == "1"
    }

    pub(crate) fn sql(&self) -> &str {
        &self.sql
    }

    pub(crate) fn params(&self) -> &[(String, Param)] {
        &self.params
    }

    fn and(&mut self, sql: &str) {
        self.sql.push_str("\n    AND (");
        self.sql.push_str(sql);
        self.sql.push(')');
    }

    fn bind(&mut self, kind: &str, value: impl Into<Param>) -> String {
        let name = format!("{}{}", self.prefix, self.params.len());
        let place = format!("{{{name}:{kind}}}");
        self.params.push((name, value.into()));
        place
    }

    fn test(&mut self, column: &Column, filter: &Filter) -> Result<String, String> {
        let sql = column.sql;
        let unfit = || format!("column {:?} does not take this type or operator", filter.column);
        match (column.kind, &filter.test) {
            (Kind::Map, test) => self.test_map(sql, filter, test),
            (Kind::Text | Kind::Words, Test::Text(TextTest::Matches, _)) if column.kind == Kind::Text => Err(unfit()),
            (Kind::Text | Kind::Words, Test::Text(test, value)) => Ok(self.test_text(sql, *test, value)),
            (Kind::Text, Test::Set(SetTest::AnyOf, values)) => Ok(format!("{sql} IN {}", self.bind("Array(String)", values.clone()))),
            (Kind::Text, Test::Set(SetTest::NoneOf, values)) => Ok(format!("{sql} NOT IN {}", self.bind("Array(String)", values.clone()))),
            (Kind::Text | Kind::Words, Test::Null(absent)) => Ok(format!("{sql} {} ''", if *absent { "=" } else { "!=" })),
            (Kind::Number, Test::Number(compare, value)) => Ok(format!("{sql} {} {}", operator(*compare), self.bind("Float64", *value))),
            (Kind::Time, Test::Datetime(compare, at)) => Ok(format!("{sql} {} {}", operator(*compare), self.time(*at))),
            (Kind::Number | Kind::Time, Test::Null(absent)) => Ok(format!("{sql} IS {}NULL", if *absent { "" } else { "NOT " })),
            (Kind::Flag, Test::Boolean(wanted)) => Ok(format!("{sql} = {}", u8::from(*wanted))),
            (Kind::List, Test::Set(test, values)) => {
                let values = self.bind("Array(String)", values.clone());
                Ok(match test {
                    SetTest::AnyOf => format!("hasAny({sql}, {values})"),
                    SetTest::NoneOf => format!("NOT hasAny({sql}, {values})"),
                    SetTest::AllOf => format!("hasAll({sql}, {values})"),
                })
            }
            (Kind::List, Test::Text(TextTest::ContainsNot, value)) => {
                let test = self.test_text("x", TextTest::Contains, value);
                Ok(format!("NOT arrayExists(x -> {test}, {sql})"))
            }
            (Kind::List, Test::Text(test, value)) if *test != TextTest::Matches => {
                let test = self.test_text("x", *test, value);
                Ok(format!("arrayExists(x -> {test}, {sql})"))
            }
            (Kind::List, Test::Null(absent)) => Ok(format!("{}({sql})", if *absent { "empty" } else { "notEmpty" })),
            _ => Err(unfit()),
        }
    }

    fn test_map(&mut self, map: &str, filter: &Filter, test: &Test) -> Result<String, String> {
        let Some(key) = filter.key.as_deref().filter(|k| !k.is_empty()) else {
            return Err(format!("column {:?} needs a `key`", filter.column));
        };
        let key = self.bind("String", key);
        let value = format!("{map}[{key}]");
        Ok(match test {
            Test::Text(test, wanted) => {
                let test = self.test_text(&value, *test, wanted);
                format!("mapContains({map}, {key}) AND {test}")
            }
            Test::Number(compare, wanted) => format!("toFloat64OrNull({value}) {} {}", operator(*compare), self.bind("Float64", *wanted)),
            Test::Boolean(wanted) => format!("mapContains({map}, {key}) AND {value} = {}", if *wanted { "'true'" } else { "'false'" }),
            Test::Set(SetTest::NoneOf, values) => {
                format!("NOT (mapContains({map}, {key}) AND {value} IN {})", self.bind("Array(String)", values.clone()))
            }
            Test::Set(_, values) => format!("mapContains({map}, {key}) AND {value} IN {}", self.bind("Array(String)", values.clone())),
            Test::Null(absent) => format!("{}mapContains({map}, {key})", if *absent { "NOT " } else { "" }),
            Test::Datetime(..) => return Err(format!("column {:?} does not take type \"datetime\"", filter.column)),
        })
    }

    fn test_text(&mut self, sql: &str, test: TextTest, value: &str) -> String {
        let value = self.bind("String", value);
        match test {
            TextTest::Equals => format!("{sql} = {value}"),
            TextTest::Contains => format!("position({sql}, {value}) > 0"),
            TextTest::ContainsNot => format!("position({sql}, {value}) = 0"),
            TextTest::StartsWith => format!("startsWith({sql}, {value})"),
            TextTest::EndsWith => format!("endsWith({sql}, {value})"),
            TextTest::Matches => format!("hasAllTokens(lower({sql}), lower({value}))"),
        }
    }

    fn time(&mut self, at: Timestamp) -> String {
        format!("fromUnixTimestamp64Micro({}, 'UTC')", self.bind("Int64", at.0))
    }
}

const fn operator(compare: Compare) -> &'static str {
    match compare {
        Compare::Eq => "=",
        Compare::Gt => ">",
        Compare::Lt => "<",
        Compare::Ge => ">=",
        Compare::Le => "<=",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column::new(&["name"], "name", Kind::Text),
        Column::new(&["tags"], "tags", Kind::List),
        Column::new(&["metadata"], "metadata", Kind::Map),
        Column::new(&["cost", "totalCost"], "total_cost / 1e12", Kind::Number),
    ];

    fn filter(column: &str, key: Option<&str>, test: Test) -> Filter {
        Filter { column: column.to_owned(), key: key.map(str::to_owned), test }
    }

    #[test]
    fn a_callers_text_never_stands_in_the_query() {
        let hostile = "x') OR url('http://evil') --";
        let filters = [
            filter("name", None, Test::Text(TextTest::Contains, hostile.to_owned())),
            filter("metadata", Some(hostile), Test::Text(TextTest::Equals, hostile.to_owned())),
            filter("tags", None, Test::Set(SetTest::AllOf, vec![hostile.to_owned()])),
        ];

        let condition = Condition::of(COLUMNS, &filters).expect("the filters fit");

        assert!(!condition.sql().contains("evil"));
        assert_eq!(
            condition.sql(),
            "1\n    AND (position(name, {f0:String}) > 0)\n    AND (mapContains(metadata, {f1:String}) AND metadata[{f1:String}] = {f2:String})\n    AND (hasAll(tags, {f3:Array(String)}))"
        );
        assert_eq!(condition.params().len(), 4);
    }

    #[test]
    fn what_does_not_fit_is_refused_with_a_sentence() {
        for (column, key, test, needle) in [
            ("name; DROP TABLE traces", None, Test::Null(true), "is unknown; use one of name, tags"),
            ("name", None, Test::Number(Compare::Eq, 1.0), "does not take"),
            ("name", None, Test::Text(TextTest::Matches, "a".to_owned()), "does not take"),
            ("totalCost", None, Test::Text(TextTest::Equals, "1".to_owned()), "does not take"),
            ("metadata", None, Test::Text(TextTest::Equals, "1".to_owned()), "needs a `key`"),
        ] {
            let error = Condition::of(COLUMNS, &[filter(column, key, test)]).expect_err(column);
            assert!(error.contains(needle), "{error}");
        }
    }
}
