-- What steps does a trace have? One row a place, the newest version, deletions included. Key: the places that trace_minutes names.
SELECT
    start_minute,
    trace_id,
    id,
    parent_id,
    toUnixTimestamp64Micro(start_time) AS started,
    toUnixTimestamp64Micro(end_time) AS ended,
    toUnixTimestamp64Micro(completion_start_time) AS first_token,
    type AS kind,
    name,
    level,
    status_message,
    version,
    environment,
    {{input}} AS input,
    {{output}} AS output,
    {{metadata}} AS metadata,
    leftUTF8(input_preview, 120) AS preview,
    input_length,
    output_length,
    model,
    model_id,
    model_parameters,
    usage,
    cost,
    input_tokens,
    output_tokens,
    total_tokens,
    total_cost,
    prompt_name,
    prompt_version,
    is_root,
    user_id,
    session_id,
    trace_name,
    tags,
    release,
    toUnixTimestamp64Micro(created_at) AS created,
    row_version,
    is_deleted
FROM observations
WHERE project_id = {project:String}
    AND start_minute IN (
        SELECT minute
        FROM trace_minutes
        WHERE project_id = {project:String}
            AND trace_hash = xxHash64({trace_id:String})
    )
    AND xxHash32(trace_id) = {hash:UInt32}
    AND trace_id = {trace_id:String}
    AND {{one}}
ORDER BY row_version DESC
LIMIT 1 BY start_minute, id
LIMIT {limit:UInt32}
