-- Steps of traces, one wide row each. Tenant first, then the minute, then the trace: newest-first lists and one trace both read few granules.
-- `start_minute` is floor(start_time / 60 s) as a plain number, because the date functions wrap outside 1970 to 2106.
-- Months outside 2020 to 2034 share partition 0, so that hostile clocks cannot make thousands of partitions.
CREATE TABLE IF NOT EXISTS observations
(
    project_id            LowCardinality(String),
    trace_id              String                              CODEC(ZSTD(1)),
    id                    String                              CODEC(ZSTD(1)),
    parent_id             String                              CODEC(ZSTD(1)),
    start_minute          Int32                               CODEC(Delta, ZSTD(1)),
    start_time            DateTime64(6, 'UTC')                CODEC(Delta, ZSTD(1)),
    end_time              Nullable(DateTime64(6, 'UTC'))      CODEC(ZSTD(1)),
    completion_start_time Nullable(DateTime64(6, 'UTC'))      CODEC(ZSTD(1)),
    type                  LowCardinality(String),
    name                  String                              CODEC(ZSTD(1)),
    level                 LowCardinality(String),
    status_message        String                              CODEC(ZSTD(1)),
    version               LowCardinality(String),
    environment           LowCardinality(String),
    input                 String                              CODEC(ZSTD(1)),
    output                String                              CODEC(ZSTD(1)),
    input_preview         String                              CODEC(ZSTD(1)),
    output_preview        String                              CODEC(ZSTD(1)),
    input_length          UInt64                              CODEC(T64, ZSTD(1)),
    output_length         UInt64                              CODEC(T64, ZSTD(1)),
    metadata              Map(String, String)                 CODEC(ZSTD(1)),
    model                 LowCardinality(String),
    model_id              LowCardinality(String),
    model_parameters      String                              CODEC(ZSTD(1)),
    usage                 Map(LowCardinality(String), UInt64) CODEC(ZSTD(1)),
    stated_cost           Map(LowCardinality(String), Int64)  CODEC(ZSTD(1)),
    cost                  Map(LowCardinality(String), Int64)  CODEC(ZSTD(1)),
    input_tokens          UInt64                              CODEC(T64, ZSTD(1)),
    output_tokens         UInt64                              CODEC(T64, ZSTD(1)),
    total_tokens          UInt64                              CODEC(T64, ZSTD(1)),
    total_cost            Nullable(Int64)                     CODEC(ZSTD(1)),
    prompt_name           LowCardinality(String),
    prompt_version        Nullable(UInt32),
    is_root               Bool,
    app_root              Bool,
    user_id               String                              CODEC(ZSTD(1)),
    session_id            String                              CODEC(ZSTD(1)),
    trace_name            String                              CODEC(ZSTD(1)),
    tags                  Array(LowCardinality(String))       CODEC(ZSTD(1)),
    release               LowCardinality(String),
    scope_name            LowCardinality(String),
    source                LowCardinality(String),
    sdk_name              LowCardinality(String),
    sdk_version           LowCardinality(String),
    field_times           Map(UInt8, Int64)                   CODEC(ZSTD(1)),
    created_at            DateTime64(6, 'UTC')                CODEC(Delta, ZSTD(1)),
    row_version           UInt64                              CODEC(Delta, ZSTD(1)),
    is_deleted            UInt8,
    INDEX ix_id          id                TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_created_at  created_at        TYPE minmax GRANULARITY 1,
    INDEX ix_input       lower(input)      TYPE text(tokenizer = 'splitByNonAlpha'),
    INDEX ix_output      lower(output)     TYPE text(tokenizer = 'splitByNonAlpha')
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
PARTITION BY if(start_minute >= 26297280 AND start_minute < 34187040, toYYYYMM(start_time), 0)
PRIMARY KEY (project_id, start_minute, xxHash32(trace_id))
ORDER BY (project_id, start_minute, xxHash32(trace_id), trace_id, id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 1024
