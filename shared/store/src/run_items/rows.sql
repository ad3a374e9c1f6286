-- What is known of these tries? Key: (project_id, run_id, item_id, trace_id).
SELECT
    id,
    run_id,
    item_id,
    trace_id,
    observation_id,
    run_name,
    run_description,
    run_metadata,
    dataset_id,
    toUnixTimestamp64Micro(item_version) AS version,
    item_metadata,
    expected_output,
    toUnixTimestamp64Micro(started) AS started_at,
    toUnixTimestamp64Micro(ended) AS ended_at
FROM {{merged}}
WHERE project_id = {project:String}
