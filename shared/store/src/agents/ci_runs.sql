-- What do the CI runs of these ids hold now? Key: (project_id, id).
SELECT
    id,
    trace_id,
    provider,
    run_id,
    run_url,
    attempt,
    workflow_name,
    job_name,
    stage,
    status,
    trigger_event,
    repository_url,
    commit_sha,
    branch,
    pr_number,
    toUnixTimestamp64Micro(started_at) AS started,
    toUnixTimestamp64Micro(finished_at) AS finished,
    toUnixTimestamp64Micro(created_at) AS created,
    toUnixTimestamp64Micro(updated_at) AS updated,
    is_deleted
FROM ci_runs
WHERE project_id = {project:String}
    AND id IN {ids:Array(String)}
ORDER BY row_version DESC
LIMIT 1 BY id
