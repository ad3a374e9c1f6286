-- What steps does a trace have? One row a place, the newest version, deletions included. Key: the places that trace_minutes names.
SELECT
    {{columns}}
FROM observations
WHERE project_id = {project:String}
    AND start_minute IN {minutes:Array(Int32)}
    AND xxHash32(trace_id) = {hash:UInt32}
    AND trace_id = {trace_id:String}
    AND {{one}}
ORDER BY row_version DESC
LIMIT 1 BY start_minute, id
LIMIT {limit:UInt32}
