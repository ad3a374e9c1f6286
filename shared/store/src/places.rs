//! From a trace's id to the few granules that hold its rows.

use agenttrace_domain::text_hash;

use crate::Error;
use crate::connection::Project;

impl Project<'_> {
    /// The minutes in which rows of these traces lie; none when nobody told of them.
    ///
    /// A question of its own, and not a subquery of the next one: of constants ClickHouse knows at once which granules to read. As a subquery it
    /// took twice the time, and with several ids it read all of the project's entries.
    pub(crate) async fn minutes_of(&self, trace_ids: &[String]) -> Result<Vec<i32>, Error> {
        let hashes: Vec<u64> = trace_ids.iter().map(|id| text_hash(id)).collect();
        self.ask("look up traces", include_str!("places.sql")).param("trace_hashes", hashes).rows().await
    }
}
