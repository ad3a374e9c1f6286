//! Full-text search: all words, in a trace's names and ids, or in a text of one of its steps.
//!
//! A rare search finds its traces through the text indexes once. A common one would find too many, so the list looks through windows of time that
//! grow from its end until the page is full.

use agenttrace_domain::Timestamp;
use clickhouse::Row;
use serde::Deserialize;

use super::list::{List, Reach, TraceList};
use super::{Order, Sort};
use crate::condition::Condition;
use crate::connection::Project;
use crate::{Error, TimeRange};

/// Up to so many traces a search is rare.
const RARE: u64 = 2_000;
/// Windows of a common search, in minutes from the list's end: 1 h, 8 h, 3 d, 30 d.
const WINDOWS: [i32; 4] = [60, 480, 4_320, 43_200];
/// Words of a search beyond this do not count in names and ids.
const MAX_WORDS: usize = 16;
/// A step is looked for so long after its trace began, in minutes: 2 d. (A rare search knows no such limit.)
const LONGEST: i32 = 2_880;

/// What to look for, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    words: String,
    ids: bool,
    input: bool,
    output: bool,
}

#[derive(Row, Deserialize)]
struct FoundTrace {
    trace_id: String,
}

impl Search {
    /// `None` when there is nothing to look for. The error is a sentence for the caller.
    pub fn parse(words: Option<&str>, places: Option<&str>) -> Result<Option<Self>, String> {
        let Some(words) = words.map(str::trim).filter(|w| !w.is_empty()) else { return Ok(None) };
        if words.len() > 1_000 {
            return Err("`search` may hold at most 1000 characters".to_owned());
        }
        let mut search = Self { words: words.to_ascii_lowercase(), ids: false, input: false, output: false };
        let places = places.map(str::trim).filter(|p| !p.is_empty()).unwrap_or("ids,input,output");
        for place in places.split(',').map(str::trim) {
            match place {
                "ids" => search.ids = true,
                "input" => search.input = true,
                "output" => search.output = true,
                _ => return Err("`searchIn` is a comma list of ids, input, output".to_owned()),
            }
        }
        Ok(Some(search))
    }

    /// Words as the text index cuts them: runs of letters and digits.
    fn has_tokens(&self) -> bool {
        self.words.bytes().any(|b| b.is_ascii_alphanumeric() || b >= 0x80)
    }

    fn texts(&self, prefix: &'static str) -> Condition {
        let mut condition = Condition::named(prefix);
        let words = || ("String", self.words.as_str().into());
        match (self.has_tokens(), self.input, self.output) {
            (true, true, true) => {
                condition.and_with("hasAllTokens(lower(input), ?) OR hasAllTokens(lower(output), ?)", vec![words(), words()])
            }
            (true, true, false) => condition.and_with("hasAllTokens(lower(input), ?)", vec![words()]),
            (true, false, true) => condition.and_with("hasAllTokens(lower(output), ?)", vec![words()]),
            _ => condition.and_with("0", vec![]),
        }
        condition
    }

    /// Adds: the trace is one of `found`, or its names and ids hold all words.
    fn one_of(&self, condition: &mut Condition, found: Vec<String>) {
        const NAMES: &str = "(positionCaseInsensitive(name, ?) > 0 OR positionCaseInsensitive(id, ?) > 0 OR positionCaseInsensitive(user_id, ?) > 0 \
             OR positionCaseInsensitive(session_id, ?) > 0 OR arrayExists(tag -> positionCaseInsensitive(tag, ?) > 0, tags))";
        let mut sql = String::from("id IN ?");
        let mut values: Vec<(&'static str, crate::condition::Param)> = vec![("Array(String)", found.into())];
        if self.ids {
            let words: Vec<&str> = self.words.split_whitespace().take(MAX_WORDS).collect();
            let names: Vec<&str> = words.iter().map(|_| NAMES).collect();
            sql = format!("{sql} OR ({})", names.join(" AND "));
            values.extend(words.into_iter().flat_map(|word| (0..5).map(move |_| ("String", word.into()))));
        }
        condition.and_with(&sql, values);
    }

    /// Adds: the trace has a step in these minutes that holds all words, or holds them itself. For common searches.
    fn within(&self, condition: &mut Condition, from_minute: i32, to_minute: i32) {
        let steps = match (self.input, self.output) {
            (true, true) => {
                "id IN (SELECT trace_id FROM observations WHERE project_id = {project:String} AND start_minute >= ? AND start_minute <= ? \
                 AND is_deleted = 0 AND (hasAllTokens(lower(input), ?) OR hasAllTokens(lower(output), ?))) \
                 OR hasAllTokens(lower(input), ?) OR hasAllTokens(lower(output), ?)"
            }
            (true, false) => {
                "id IN (SELECT trace_id FROM observations WHERE project_id = {project:String} AND start_minute >= ? AND start_minute <= ? \
                 AND is_deleted = 0 AND hasAllTokens(lower(input), ?)) OR hasAllTokens(lower(input), ?)"
            }
            _ => {
                "id IN (SELECT trace_id FROM observations WHERE project_id = {project:String} AND start_minute >= ? AND start_minute <= ? \
                 AND is_deleted = 0 AND hasAllTokens(lower(output), ?)) OR hasAllTokens(lower(output), ?)"
            }
        };
        let words = if self.input && self.output { 4 } else { 2 };
        let mut values: Vec<(&'static str, crate::condition::Param)> = vec![("Int32", from_minute.into()), ("Int32", to_minute.into())];
        values.extend((0..words).map(|_| ("String", self.words.as_str().into())));
        condition.and_with(steps, values);
    }

    pub(super) fn everywhere(&self, condition: &mut Condition, range: TimeRange) {
        self.within(condition, range.first_minute(), range.to_minute().saturating_add(LONGEST));
    }
}

impl Project<'_> {
    /// Adds the search to the condition. `false` when it finds too many traces for that; then nothing was added.
    pub(super) async fn search_traces(&self, search: &Search, range: TimeRange, condition: &mut Condition) -> Result<bool, Error> {
        let mut found = Vec::new();
        if search.has_tokens() && (search.input || search.output) {
            let rows: Vec<FoundTrace> = self
                .ask("search texts", include_str!("search.sql"))
                // Steps may be somewhat older than their trace says, and any time younger.
                .param("from_minute", range.first_minute().saturating_sub(LONGEST))
                .param("to_minute", i32::MAX)
                .param("limit", RARE + 1)
                .named_condition("words", &search.texts("s"))
                .rows()
                .await?;
            if rows.len() as u64 > RARE {
                return Ok(false);
            }
            found = rows.into_iter().map(|r| r.trace_id).collect();
        }
        search.one_of(condition, found);
        Ok(true)
    }

    /// A common search: looks through windows that grow from the list's end.
    pub(super) async fn list_by_windows(&self, search: &Search, list: List) -> Result<TraceList, Error> {
        let whole = list.range;
        let newest_first = Order { descending: true, ..list.order };
        let by_time = list.order.sort == Sort::Timestamp && newest_first == list.order;
        // Without an upper bound the windows begin now; rows from the future are in the first.
        let end = list.after.as_ref().filter(|_| by_time).map_or(whole.to.unwrap_or_else(crate::range::now), |p| Timestamp(p.t + 1));
        for minutes in WINDOWS.into_iter().filter(|_| by_time) {
            let from = Timestamp(end.0 - i64::from(minutes) * 60_000_000);
            if whole.from.is_some_and(|f| f >= from) {
                break;
            }
            let range = TimeRange { from: Some(from), to: whole.to };
            let mut condition = list.condition.clone();
            search.within(&mut condition, range.first_minute(), minute_after(range, end));
            let page = self.walk_traces(List { range, condition, ..list.clone() }, Reach::Whole).await?;
            if page.next.is_some() {
                return Ok(page);
            }
        }
        let mut condition = list.condition.clone();
        search.everywhere(&mut condition, whole);
        self.list_in_order(List { condition, ..list }, Reach::Whole).await
    }
}

fn minute_after(range: TimeRange, end: Timestamp) -> i32 {
    if range.to.is_none() { i32::MAX } else { crate::range::minute_of(end.0).saturating_add(LONGEST) }
}
