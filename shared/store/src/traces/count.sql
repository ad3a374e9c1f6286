-- How many traces of a range meet a condition? Reads the range's light columns along (project_id, minute).
SELECT count() AS count
FROM traces FINAL
WHERE project_id = {project:String}
    AND minute >= {from_minute:Int32}
    AND minute <= {to_minute:Int32}
    AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND {{condition}}
