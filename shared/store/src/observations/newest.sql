-- Which versions of observations come next in time, within a window of minutes? Reads the window's light columns along (project_id, start_minute). Does
-- not judge whether a version is the current one: rows.sql does.
SELECT
    start_minute,
    toUnixTimestamp64Micro(start_time) AS started,
    trace_id,
    id,
    row_version
FROM observations
WHERE project_id = {project:String}
    AND start_minute >= {from_minute:Int32}
    AND start_minute <= {to_minute:Int32}
    AND start_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND start_time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND is_deleted = 0
    AND {{place}}
    AND {{position}}
    AND {{condition}}
ORDER BY start_time DESC, trace_id DESC, id DESC, row_version DESC
LIMIT {limit:UInt32}
