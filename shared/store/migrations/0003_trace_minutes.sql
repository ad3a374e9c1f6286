-- In which minutes a trace has rows in `observations` or `traces`: from an id alone to the few granules that hold it.
-- A set: writing an entry twice changes nothing. Written before the rows it points to.
CREATE TABLE IF NOT EXISTS trace_minutes
(
    project_id LowCardinality(String),
    trace_hash UInt64 CODEC(ZSTD(1)),
    minute     Int32  CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, trace_hash, minute)
SETTINGS index_granularity = 256
