-- Which rows of one of the agents' tables come next? Reads the light columns of the project's rows (keys begin with project_id; times have a min-max index).
SELECT
    id,
    toUnixTimestamp64Micro(timestamp) AS at
FROM {{table}} FINAL
WHERE project_id = {project:String}
    AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND {{position}}
    AND {{condition}}
ORDER BY {{order}}
LIMIT {limit:UInt32}
