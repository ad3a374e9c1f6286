-- Which scores stand on a numbered page far from the newest? Reads the light columns of the project's scores (the key begins with project_id).
SELECT
    id,
    toUnixTimestamp64Micro(timestamp) AS at,
    row_version
FROM scores FINAL
WHERE project_id = {project:String}
    AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND {{condition}}
ORDER BY timestamp DESC, id DESC
LIMIT {limit:UInt32} OFFSET {skip:UInt32}
