-- The current rows of these CI runs, to merge into. Relies on the key of ci_runs: (project_id, id).
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
    toUnixTimestamp64Micro(started_at) AS started_micros,
    toUnixTimestamp64Micro(finished_at) AS finished_micros,
    toUnixTimestamp64Micro(created_at) AS created_micros,
    row_version,
    is_deleted
FROM ci_runs
WHERE project_id = ?
    AND id IN ?
ORDER BY row_version DESC
LIMIT 1 BY id
