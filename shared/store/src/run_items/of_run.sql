-- Which tries does a run have, newest first? Key: (project_id, run_id).
SELECT
    id,
    item_id,
    trace_id,
    observation_id,
    run_name,
    toUnixTimestamp64Micro(started) AS started_at,
    toUnixTimestamp64Micro(last_received) AS updated_at
FROM {{merged}}
WHERE project_id = {project:String}
ORDER BY started DESC, id DESC
LIMIT {limit:UInt32} OFFSET {skip:UInt32}
