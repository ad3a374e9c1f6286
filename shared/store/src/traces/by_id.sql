-- What do traces of these ids hold, wherever in time they are? One row a place, the newest version, deletions included. Key: the places that
-- trace_minutes names.
SELECT
    minute,
    id,
    toUnixTimestamp64Micro(timestamp) AS at,
    name,
    user_id,
    session_id,
    environment,
    tags,
    release,
    version,
    public,
    bookmarked,
    level,
    input_preview,
    output_preview,
    {{input}} AS input,
    {{output}} AS output,
    {{metadata}} AS metadata,
    latency_ms,
    observation_count,
    error_count,
    warning_count,
    unpriced_count,
    input_tokens,
    output_tokens,
    cached_tokens,
    total_tokens,
    total_cost,
    models,
    toUnixTimestamp64Micro(created_at) AS created,
    toUnixTimestamp64Micro(updated_at) AS updated,
    row_version,
    is_deleted
FROM traces
WHERE project_id = {project:String}
    AND minute IN {minutes:Array(Int32)}
    AND xxHash32(id) IN {hashes:Array(UInt32)}
    AND id IN {ids:Array(String)}
ORDER BY row_version DESC
LIMIT 1 BY minute, id
