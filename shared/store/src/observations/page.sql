-- Which observations stand on a numbered page far from the newest? Reads the range's light columns along (project_id, start_minute).
SELECT
    start_minute,
    toUnixTimestamp64Micro(start_time) AS started,
    trace_id,
    id,
    row_version
FROM observations FINAL
WHERE project_id = {project:String}
    AND start_minute >= {from_minute:Int32}
    AND start_minute <= {to_minute:Int32}
    AND start_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND start_time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND {{place}}
    AND {{condition}}
ORDER BY start_time DESC, trace_id DESC, id DESC
LIMIT {limit:UInt32} OFFSET {skip:UInt32}
