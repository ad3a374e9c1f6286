-- The current rows of these scores, to merge a patch into. Relies on the key of scores.
SELECT
    id,
    toUnixTimestamp64Micro(timestamp) AS timestamp_micros,
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
    toUnixTimestamp64Micro(created_at) AS created_micros,
    row_version,
    is_deleted
FROM scores
WHERE project_id = ?
  AND id IN ?
ORDER BY row_version DESC
LIMIT 1 BY id
