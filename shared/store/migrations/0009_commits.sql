-- What the host of a repository tells: commits that were pushed, pull requests. A commit on two branches has a row for each; `pushed_at` says which was
-- first. A commit's time never changes, so it leads the key: lists by time read few granules. Not partitioned: there are few of them.
CREATE TABLE IF NOT EXISTS commits
(
    project_id     LowCardinality(String),
    minute         Int32                         CODEC(Delta, ZSTD(1)),
    sha            String                        CODEC(ZSTD(1)),
    repository_url LowCardinality(String),
    branch         String                        CODEC(ZSTD(1)),
    timestamp      DateTime64(6, 'UTC')          CODEC(Delta, ZSTD(1)),
    pushed_at      DateTime64(6, 'UTC')          CODEC(Delta, ZSTD(1)),
    message        String                        CODEC(ZSTD(1)),
    author_name    String                        CODEC(ZSTD(1)),
    author_email   String                        CODEC(ZSTD(1)),
    files_changed  Array(String)                 CODEC(ZSTD(1)),
    agents         Array(LowCardinality(String)) CODEC(ZSTD(1)),
    row_version    UInt64                        CODEC(Delta, ZSTD(1)),
    is_deleted     UInt8,
    INDEX ix_stem left(sha, 7) TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (project_id, minute, sha, repository_url, branch)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 1024;

-- One row a pull request. `row_version` grows with the time at which it stood so, not with when we heard of it: notices may come in any order.
CREATE TABLE IF NOT EXISTS pull_requests
(
    project_id     LowCardinality(String),
    repository_url LowCardinality(String),
    number         UInt32                         CODEC(ZSTD(1)),
    url            String                         CODEC(ZSTD(1)),
    title          String                         CODEC(ZSTD(1)),
    state          LowCardinality(String),
    head_branch    String                         CODEC(ZSTD(1)),
    head_sha       String                         CODEC(ZSTD(1)),
    base_branch    LowCardinality(String),
    merge_sha      String                         CODEC(ZSTD(1)),
    author         String                         CODEC(ZSTD(1)),
    additions      Nullable(UInt64)               CODEC(ZSTD(1)),
    deletions      Nullable(UInt64)               CODEC(ZSTD(1)),
    timestamp      DateTime64(6, 'UTC')           CODEC(Delta, ZSTD(1)),
    closed_at      Nullable(DateTime64(6, 'UTC')) CODEC(ZSTD(1)),
    merged_at      Nullable(DateTime64(6, 'UTC')) CODEC(ZSTD(1)),
    row_version    UInt64                         CODEC(Delta, ZSTD(1)),
    is_deleted     UInt8
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (project_id, repository_url, number)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 1024;

-- From a commit to what is linked to it, and to its CI runs. Short and long ids of a commit have the same first seven characters.
ALTER TABLE git_links ADD INDEX IF NOT EXISTS ix_stem left(commit_sha, 7) TYPE bloom_filter(0.001) GRANULARITY 1;
ALTER TABLE git_links MATERIALIZE INDEX ix_stem;
ALTER TABLE ci_runs ADD INDEX IF NOT EXISTS ix_stem left(commit_sha, 7) TYPE bloom_filter(0.001) GRANULARITY 1;
ALTER TABLE ci_runs MATERIALIZE INDEX ix_stem;

-- What kind of agents' step it is, without opening the metadata.
ALTER TABLE observations ADD COLUMN IF NOT EXISTS agent_record LowCardinality(String) MATERIALIZED metadata['agent.record'];
ALTER TABLE observations MATERIALIZE COLUMN agent_record
