-- The next steps of a project that use a model and state no cost, in the order of the key, each once: what their price depends on. Relies on the
-- key of observations.
SELECT
    start_minute,
    xxHash32(trace_id) AS trace_hash,
    trace_id,
    id,
    toUnixTimestamp64Micro(start_time) AS start_micros,
    toUnixTimestamp64Micro(end_time) AS end_micros,
    model,
    model_id,
    model_parameters,
    usage,
    cost,
    if({all_metadata:Bool}, metadata, mapFilter((k, v) -> k = 'attributes', metadata)) AS kept_metadata,
    source,
    sdk_name,
    sdk_version,
    notEmpty(stated_cost) AS has_stated_cost,
    is_deleted
FROM observations
WHERE project_id = {project:String}
  AND start_minute >= {from_minute:Int32}
  AND start_minute <= {last_minute:Int32}
  AND start_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
  AND (start_minute, trace_hash, trace_id, id) > ({after_minute:Int32}, {after_hash:UInt32}, {after_trace:String}, {after_id:String})
  AND model != ''
ORDER BY start_minute, trace_hash, trace_id, id, row_version DESC
LIMIT 1 BY trace_id, id
LIMIT {limit:UInt64}
