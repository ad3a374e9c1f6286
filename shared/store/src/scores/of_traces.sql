-- What do the scores hold now that were ever said to judge these traces? Uses the bloom filter of trace ids, then the key (project_id, id). Deletions and
-- scores that judge something else by now are among the rows.
SELECT
    id,
    toUnixTimestamp64Micro(timestamp) AS at,
    name,
    trace_id,
    observation_id,
    session_id,
    dataset_run_id,
    value,
    string_value,
    data_type,
    source,
    comment,
    metadata,
    environment,
    config_id,
    queue_id,
    author_user_id,
    toUnixTimestamp64Micro(created_at) AS created,
    toUnixTimestamp64Micro(updated_at) AS updated,
    row_version,
    is_deleted
FROM scores
WHERE project_id = {project:String}
    AND id IN (
        SELECT id
        FROM scores
        WHERE project_id = {project:String}
            AND trace_id IN {trace_ids:Array(String)}
    )
ORDER BY row_version DESC
LIMIT 1 BY id
LIMIT 10000
