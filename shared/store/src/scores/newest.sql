-- Which versions of scores come next, newest first? Reads the light columns of the project's scores (the key begins with project_id; times have a min-max
-- index) and keeps no more than the page. Does not judge whether a version is the current one: rows.sql does.
SELECT
    id,
    toUnixTimestamp64Micro(timestamp) AS at,
    row_version
FROM scores
WHERE project_id = {project:String}
    AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND is_deleted = 0
    AND {{position}}
    AND {{condition}}
ORDER BY timestamp DESC, id DESC, row_version DESC
LIMIT {limit:UInt32}
