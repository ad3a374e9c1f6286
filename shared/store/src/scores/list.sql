-- Which scores come next, newest first? Reads the light columns of the project's scores (the key begins with project_id; times have a min-max index).
SELECT
    id,
    toUnixTimestamp64Micro(timestamp) AS at
FROM scores FINAL
WHERE project_id = {project:String}
    AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND {{position}}
    AND {{condition}}
ORDER BY timestamp DESC, id DESC
LIMIT {limit:UInt32} OFFSET {skip:UInt32}
