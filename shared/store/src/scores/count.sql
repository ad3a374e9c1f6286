-- How many scores meet a condition? Reads the light columns of the project's scores.
SELECT count() AS count
FROM scores FINAL
WHERE project_id = {project:String}
    AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND {{condition}}
