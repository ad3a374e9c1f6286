-- How many observations of a range meet a condition? Reads the range's light columns along (project_id, start_minute).
SELECT count() AS count
FROM observations FINAL
WHERE project_id = {project:String}
    AND start_minute >= {from_minute:Int32}
    AND start_minute <= {to_minute:Int32}
    AND start_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND start_time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND {{place}}
    AND {{condition}}
