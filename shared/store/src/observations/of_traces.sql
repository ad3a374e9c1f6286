-- What do these steps of these traces hold now? From the traces' ids to their minutes, then the key: (project_id, start_minute, xxHash32(trace_id)).
SELECT
    {{columns}}
FROM observations
WHERE project_id = {project:String}
    AND start_minute IN {minutes:Array(Int32)}
    AND xxHash32(trace_id) IN {hashes:Array(UInt32)}
    AND trace_id IN {trace_ids:Array(String)}
    AND id IN {ids:Array(String)}
ORDER BY row_version DESC
LIMIT 1 BY start_minute, trace_id, id
