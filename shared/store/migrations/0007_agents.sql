-- What coding agents did. One row each, replaced by id; not partitioned, so that a row with another time still replaces. Absent texts are empty.
CREATE TABLE IF NOT EXISTS file_operations
(
    project_id     LowCardinality(String),
    id             String                CODEC(ZSTD(1)),
    trace_id       String                CODEC(ZSTD(1)),
    observation_id String                CODEC(ZSTD(1)),
    session_id     String                CODEC(ZSTD(1)),
    agent          LowCardinality(String),
    operation      LowCardinality(String),
    file_path      String                CODEC(ZSTD(1)),
    new_path       String                CODEC(ZSTD(1)),
    file_type      LowCardinality(String),
    before_hash    String                CODEC(ZSTD(1)),
    after_hash     String                CODEC(ZSTD(1)),
    before_size    Nullable(UInt64)      CODEC(ZSTD(1)),
    after_size     Nullable(UInt64)      CODEC(ZSTD(1)),
    lines_added    Nullable(UInt64)      CODEC(ZSTD(1)),
    lines_removed  Nullable(UInt64)      CODEC(ZSTD(1)),
    diff           String                CODEC(ZSTD(1)),
    timestamp      DateTime64(6, 'UTC')  CODEC(Delta, ZSTD(1)),
    row_version    UInt64                CODEC(Delta, ZSTD(1)),
    is_deleted     UInt8,
    INDEX ix_trace     trace_id   TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_session   session_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_path      file_path  TYPE bloom_filter(0.01)  GRANULARITY 1,
    INDEX ix_timestamp timestamp  TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (project_id, id)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS terminal_commands
(
    project_id       LowCardinality(String),
    id               String                CODEC(ZSTD(1)),
    trace_id         String                CODEC(ZSTD(1)),
    observation_id   String                CODEC(ZSTD(1)),
    session_id       String                CODEC(ZSTD(1)),
    agent            LowCardinality(String),
    command          String                CODEC(ZSTD(1)),
    working_dir      String                CODEC(ZSTD(1)),
    exit_code        Nullable(Int32)       CODEC(ZSTD(1)),
    exit_code_source LowCardinality(String),
    success          Nullable(Bool)        CODEC(ZSTD(1)),
    stdout           String                CODEC(ZSTD(1)),
    stderr           String                CODEC(ZSTD(1)),
    duration_ms      Nullable(UInt64)      CODEC(ZSTD(1)),
    timestamp        DateTime64(6, 'UTC')  CODEC(Delta, ZSTD(1)),
    row_version      UInt64                CODEC(Delta, ZSTD(1)),
    is_deleted       UInt8,
    INDEX ix_trace     trace_id   TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_session   session_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_timestamp timestamp  TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (project_id, id)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS git_links
(
    project_id     LowCardinality(String),
    id             String                CODEC(ZSTD(1)),
    trace_id       String                CODEC(ZSTD(1)),
    observation_id String                CODEC(ZSTD(1)),
    session_id     String                CODEC(ZSTD(1)),
    agent          LowCardinality(String),
    repository_url String                CODEC(ZSTD(1)),
    commit_sha     String                CODEC(ZSTD(1)),
    branch         String                CODEC(ZSTD(1)),
    pr_number      Nullable(UInt32)      CODEC(ZSTD(1)),
    pr_url         String                CODEC(ZSTD(1)),
    commit_message String                CODEC(ZSTD(1)),
    author_name    String                CODEC(ZSTD(1)),
    author_email   String                CODEC(ZSTD(1)),
    files_changed  Array(String)         CODEC(ZSTD(1)),
    additions      Nullable(UInt64)      CODEC(ZSTD(1)),
    deletions      Nullable(UInt64)      CODEC(ZSTD(1)),
    method         LowCardinality(String),
    confidence     Float64               CODEC(ZSTD(1)),
    timestamp      DateTime64(6, 'UTC')  CODEC(Delta, ZSTD(1)),
    created_at     DateTime64(6, 'UTC')  CODEC(Delta, ZSTD(1)),
    row_version    UInt64                CODEC(Delta, ZSTD(1)),
    is_deleted     UInt8,
    INDEX ix_trace     trace_id   TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_timestamp timestamp  TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (project_id, id)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS ci_runs
(
    project_id     LowCardinality(String),
    id             String                         CODEC(ZSTD(1)),
    trace_id       String                         CODEC(ZSTD(1)),
    provider       LowCardinality(String),
    run_id         String                         CODEC(ZSTD(1)),
    run_url        String                         CODEC(ZSTD(1)),
    attempt        Nullable(UInt32)               CODEC(ZSTD(1)),
    workflow_name  String                         CODEC(ZSTD(1)),
    job_name       String                         CODEC(ZSTD(1)),
    stage          String                         CODEC(ZSTD(1)),
    status         LowCardinality(String),
    trigger_event  LowCardinality(String),
    repository_url String                         CODEC(ZSTD(1)),
    commit_sha     String                         CODEC(ZSTD(1)),
    branch         String                         CODEC(ZSTD(1)),
    pr_number      Nullable(UInt32)               CODEC(ZSTD(1)),
    started_at     Nullable(DateTime64(6, 'UTC')) CODEC(ZSTD(1)),
    finished_at    Nullable(DateTime64(6, 'UTC')) CODEC(ZSTD(1)),
    timestamp      DateTime64(6, 'UTC')           CODEC(Delta, ZSTD(1)),
    created_at     DateTime64(6, 'UTC')           CODEC(Delta, ZSTD(1)),
    updated_at     DateTime64(6, 'UTC')           CODEC(Delta, ZSTD(1)),
    row_version    UInt64                         CODEC(Delta, ZSTD(1)),
    is_deleted     UInt8,
    INDEX ix_trace     trace_id   TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_timestamp timestamp  TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (project_id, id)
SETTINGS non_replicated_deduplication_window = 1000;

-- Points of the metrics that agents report. The same point twice is one row: its series, its start and its time are the key.
CREATE TABLE IF NOT EXISTS agent_metrics
(
    project_id  LowCardinality(String),
    name        LowCardinality(String),
    series      UInt64                              CODEC(ZSTD(1)),
    start_time  DateTime64(6, 'UTC')                CODEC(Delta, ZSTD(1)),
    time        DateTime64(6, 'UTC')                CODEC(Delta, ZSTD(1)),
    unit        LowCardinality(String),
    kind        LowCardinality(String),
    cumulative  Bool,
    monotonic   Bool,
    agent       LowCardinality(String),
    session_id  String                              CODEC(ZSTD(1)),
    value       Float64                             CODEC(ZSTD(1)),
    count       UInt64                              CODEC(T64, ZSTD(1)),
    min         Nullable(Float64)                   CODEC(ZSTD(1)),
    max         Nullable(Float64)                   CODEC(ZSTD(1)),
    attributes  Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    row_version UInt64                              CODEC(Delta, ZSTD(1)),
    is_deleted  UInt8,
    INDEX ix_session session_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX ix_time    time       TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (project_id, name, series, start_time, time)
SETTINGS non_replicated_deduplication_window = 1000
