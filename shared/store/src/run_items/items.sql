-- Which tries began in a range of time, newest first? Uses the min-max index of start times, then the key of those runs.
SELECT
    run_id,
    item_id,
    trace_id,
    toUnixTimestamp64Micro(started) AS started_at,
    id
FROM {{merged}}
WHERE project_id = {project:String}
    AND started >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND started < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND {{position}}
    AND {{condition}}
ORDER BY started DESC, id DESC
LIMIT {limit:UInt32}
