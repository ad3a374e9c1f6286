-- Which scores do these traces have? Uses the bloom filter of trace ids.
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
FROM scores FINAL
WHERE project_id = {project:String}
    AND trace_id IN {trace_ids:Array(String)}
ORDER BY timestamp DESC, id DESC
LIMIT 10000
