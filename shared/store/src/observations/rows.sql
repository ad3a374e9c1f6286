-- What do these places hold now? One row a place, the newest version, deletions included. Key: (project_id, start_minute, xxHash32(trace_id)).
SELECT
    {{columns}}
FROM observations
WHERE project_id = {project:String}
    AND (start_minute, xxHash32(trace_id)) IN {places:Array(Tuple(Int32, UInt32))}
    AND trace_id IN {trace_ids:Array(String)}
    AND id IN {ids:Array(String)}
ORDER BY row_version DESC
LIMIT 1 BY start_minute, trace_id, id
