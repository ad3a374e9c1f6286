-- Which runs have tries on items of a dataset? Uses the bloom filter of dataset ids.
SELECT
    run_id,
    argMax(run_name, last_received) AS name,
    argMaxIf(run_description, last_received, run_description != '') AS description,
    argMaxIf(run_metadata, last_received, run_metadata != '') AS metadata,
    toUnixTimestamp64Micro(min(started)) AS created,
    toUnixTimestamp64Micro(max(last_received)) AS updated
FROM {{merged}}
WHERE project_id = {project:String}
GROUP BY run_id
ORDER BY created DESC, run_id DESC
LIMIT {limit:UInt32}
