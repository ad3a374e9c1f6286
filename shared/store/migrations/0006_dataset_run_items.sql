-- Items of dataset runs (experiments), one row for each telling of a try: a posted run item, the span that is the try, or, with neither item nor
-- trace, that the run was deleted. Readers group the tellings of a try (run, item, trace) and leave out what came before a deletion, so the
-- order in which they arrive does not matter. The same telling again replaces the row; not partitioned, so that it can.
CREATE TABLE IF NOT EXISTS dataset_run_items
(
    project_id      LowCardinality(String),
    run_id          String                           CODEC(ZSTD(1)),
    item_id         String                           CODEC(ZSTD(1)),
    trace_id        String                           CODEC(ZSTD(1)),
    telling         LowCardinality(String),
    id              String                           CODEC(ZSTD(1)),
    run_name        String                           CODEC(ZSTD(1)),
    run_description String                           CODEC(ZSTD(1)),
    run_metadata    String                           CODEC(ZSTD(1)),
    dataset_id      String                           CODEC(ZSTD(1)),
    item_version    Nullable(DateTime64(6, 'UTC'))   CODEC(ZSTD(1)),
    item_metadata   String                           CODEC(ZSTD(1)),
    expected_output String                           CODEC(ZSTD(1)),
    observation_id  String                           CODEC(ZSTD(1)),
    start_time      DateTime64(6, 'UTC')             CODEC(Delta, ZSTD(1)),
    end_time        Nullable(DateTime64(6, 'UTC'))   CODEC(ZSTD(1)),
    received_at     DateTime64(6, 'UTC')             CODEC(Delta, ZSTD(1)),
    row_version     UInt64                           CODEC(Delta, ZSTD(1)),
    is_deleted      UInt8,
    INDEX ix_dataset    dataset_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_trace      trace_id   TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_start_time start_time TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (project_id, run_id, item_id, trace_id, telling)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 1024
