//! What holds for every table, those of later migrations too.

use crate::support::Db;

#[tokio::test]
async fn no_table_keeps_statistics_that_each_question_would_read() {
    let db = Db::new().await;

    db.run(
        "SELECT throwIf(count() > 0, 'a table keeps statistics: say auto_statistics_types = \\'\\' in its migration') FROM system.tables
         WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'schema_migrations'
             AND engine_full NOT LIKE '%auto_statistics_types = \\'\\'%'",
    )
    .await;

    db.done().await;
}
