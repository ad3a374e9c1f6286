-- The fields of these traces' steps that the traces' facts rest on, each step once. Relies on the key of observations.
SELECT
    trace_id,
    id,
    is_root,
    app_root,
    name,
    environment,
    toUnixTimestamp64Micro(start_time) AS start_micros,
    toUnixTimestamp64Micro(if(type = 'EVENT' AND end_time IS NULL, start_time, end_time)) AS end_micros,
    level,
    model,
    input_tokens,
    output_tokens,
    arraySum(mapValues(mapFilter((k, v) -> k LIKE '%cached%' OR k LIKE '%cache\\_read%', usage))) AS cached_tokens,
    total_tokens,
    total_cost,
    is_deleted
FROM observations
WHERE project_id = ?
  AND start_minute IN ?
  AND xxHash32(trace_id) IN ?
  AND trace_id IN ?
ORDER BY row_version DESC
LIMIT 1 BY trace_id, id
