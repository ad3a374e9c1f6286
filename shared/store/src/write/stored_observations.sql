-- The current whole rows of these steps, to merge a late statement into. Relies on the key of observations.
SELECT
    trace_id,
    id,
    parent_id,
    start_minute,
    toUnixTimestamp64Micro(start_time) AS start_micros,
    toUnixTimestamp64Micro(end_time) AS end_micros,
    toUnixTimestamp64Micro(completion_start_time) AS completion_start_micros,
    type,
    name,
    level,
    status_message,
    version,
    environment,
    input,
    output,
    metadata,
    model,
    model_parameters,
    usage,
    stated_cost,
    prompt_name,
    prompt_version,
    app_root,
    user_id,
    session_id,
    trace_name,
    tags,
    release,
    scope_name,
    field_times,
    toUnixTimestamp64Micro(created_at) AS created_micros,
    row_version,
    is_deleted
FROM observations
WHERE project_id = ?
  AND start_minute IN ?
  AND xxHash32(trace_id) IN ?
  AND (trace_id, id) IN ?
ORDER BY row_version DESC
LIMIT 1 BY trace_id, id
