-- Which CI runs are there of these commits? Uses the index of the first characters of commits.
SELECT
    repository_url,
    commit_sha,
    provider,
    run_id,
    job_name,
    status,
    is_deleted
FROM ci_runs
WHERE project_id = {project:String}
    AND left(commit_sha, 7) IN {stems:Array(String)}
ORDER BY row_version DESC
LIMIT 1 BY id
LIMIT {limit:UInt32}
