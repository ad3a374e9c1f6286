-- Judgements of traces, observations, sessions and dataset runs. The same id again replaces the row; not partitioned, so that it can.
CREATE TABLE IF NOT EXISTS scores
(
    project_id      LowCardinality(String),
    id              String                     CODEC(ZSTD(1)),
    timestamp       DateTime64(6, 'UTC')       CODEC(Delta, ZSTD(1)),
    name            LowCardinality(String),
    trace_id        String                     CODEC(ZSTD(1)),
    observation_id  String                     CODEC(ZSTD(1)),
    session_id      String                     CODEC(ZSTD(1)),
    dataset_run_id  String                     CODEC(ZSTD(1)),
    value           Nullable(Float64)          CODEC(ZSTD(1)),
    string_value    Nullable(String)           CODEC(ZSTD(1)),
    data_type       LowCardinality(String),
    source          LowCardinality(String),
    comment         Nullable(String)           CODEC(ZSTD(1)),
    metadata        Map(String, String)        CODEC(ZSTD(1)),
    environment     LowCardinality(String),
    config_id       String                     CODEC(ZSTD(1)),
    queue_id        String                     CODEC(ZSTD(1)),
    author_user_id  String                     CODEC(ZSTD(1)),
    created_at      DateTime64(6, 'UTC')       CODEC(Delta, ZSTD(1)),
    updated_at      DateTime64(6, 'UTC')       CODEC(Delta, ZSTD(1)),
    row_version     UInt64                     CODEC(Delta, ZSTD(1)),
    is_deleted      UInt8,
    INDEX ix_trace     trace_id   TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_session   session_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_timestamp timestamp  TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (project_id, id)
SETTINGS non_replicated_deduplication_window = 1000
