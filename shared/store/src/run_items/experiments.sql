-- Which experiments were active in a range of time, the latest activity first? Uses the min-max index of start times, then the key of those runs.
SELECT
    run_id,
    argMax(run_name, last_received) AS experiment_name,
    argMaxIf(run_description, last_received, run_description != '') AS description,
    argMaxIf(run_metadata, last_received, run_metadata != '') AS metadata,
    argMaxIf(dataset_id, last_received, dataset_id != '') AS experiment_dataset,
    toUnixTimestamp64Micro(min(started)) AS first,
    toUnixTimestamp64Micro(max(greatest(started, ifNull(ended, started)))) AS last,
    count() AS items
FROM {{merged}}
WHERE project_id = {project:String}
    AND started >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND started < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
GROUP BY run_id
HAVING {{position}}
    AND {{condition}}
ORDER BY last DESC, run_id DESC
LIMIT {limit:UInt32}
