-- Small granules: lists fetch single rows from many places, and one row should not cost thousands.
-- One row a trace: what was said of it as a whole, merged, and what follows from its steps. Written by the one writer of the trace, as a whole,
-- from what is stored: never added to, so a redelivery cannot count twice. Money is in 1e-12 USD.
CREATE TABLE IF NOT EXISTS traces
(
    project_id         LowCardinality(String),
    id                 String                          CODEC(ZSTD(1)),
    minute             Int32                           CODEC(Delta, ZSTD(1)),
    timestamp          DateTime64(6, 'UTC')            CODEC(Delta, ZSTD(1)),
    end_time           Nullable(DateTime64(6, 'UTC'))  CODEC(ZSTD(1)),
    name               String                          CODEC(ZSTD(1)),
    user_id            String                          CODEC(ZSTD(1)),
    session_id         String                          CODEC(ZSTD(1)),
    environment        LowCardinality(String),
    tags               Array(LowCardinality(String))   CODEC(ZSTD(1)),
    release            LowCardinality(String),
    version            LowCardinality(String),
    public             Bool,
    bookmarked         Bool,
    level              LowCardinality(String),
    input              String                          CODEC(ZSTD(1)),
    output             String                          CODEC(ZSTD(1)),
    input_preview      String                          CODEC(ZSTD(1)),
    output_preview     String                          CODEC(ZSTD(1)),
    metadata           Map(String, String)             CODEC(ZSTD(1)),
    root_id            String                          CODEC(ZSTD(1)),
    latency_ms         Nullable(UInt64)                CODEC(ZSTD(1)),
    observation_count  UInt64                          CODEC(T64, ZSTD(1)),
    error_count        UInt64                          CODEC(T64, ZSTD(1)),
    warning_count      UInt64                          CODEC(T64, ZSTD(1)),
    unpriced_count     UInt64                          CODEC(T64, ZSTD(1)),
    input_tokens       UInt64                          CODEC(T64, ZSTD(1)),
    output_tokens      UInt64                          CODEC(T64, ZSTD(1)),
    cached_tokens      UInt64                          CODEC(T64, ZSTD(1)),
    total_tokens       UInt64                          CODEC(T64, ZSTD(1)),
    total_cost         Nullable(Int64)                 CODEC(ZSTD(1)),
    models             Array(LowCardinality(String))   CODEC(ZSTD(1)),
    source             LowCardinality(String),
    sdk_name           LowCardinality(String),
    sdk_version        LowCardinality(String),
    field_times        Map(UInt8, Int64)               CODEC(ZSTD(1)),
    created_at         DateTime64(6, 'UTC')            CODEC(Delta, ZSTD(1)),
    updated_at         DateTime64(6, 'UTC')            CODEC(Delta, ZSTD(1)),
    row_version        UInt64                          CODEC(Delta, ZSTD(1)),
    is_deleted         UInt8,
    INDEX ix_session    session_id   TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX ix_user       user_id      TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX ix_created_at created_at   TYPE minmax GRANULARITY 1,
    INDEX ix_updated_at updated_at   TYPE minmax GRANULARITY 1,
    INDEX ix_input      lower(input)  TYPE text(tokenizer = 'splitByNonAlpha'),
    INDEX ix_output     lower(output) TYPE text(tokenizer = 'splitByNonAlpha')
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
PARTITION BY if(minute >= 26297280 AND minute < 34187040, toYYYYMM(timestamp), 0)
PRIMARY KEY (project_id, minute, xxHash32(id))
ORDER BY (project_id, minute, xxHash32(id), id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512
