-- Which versions of traces come next in time, within a window of minutes? Reads the window's light columns along (project_id, minute). Does not judge
-- whether a version is the current one: rows.sql does.
SELECT
    minute,
    toUnixTimestamp64Micro(timestamp) AS at,
    id,
    row_version
FROM traces
WHERE project_id = {project:String}
    AND minute >= {from_minute:Int32}
    AND minute <= {to_minute:Int32}
    AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND is_deleted = 0
    AND {{position}}
    AND {{condition}}
ORDER BY {{order}}
LIMIT {limit:UInt32}
