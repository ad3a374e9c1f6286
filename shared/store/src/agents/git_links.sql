-- What do the links of these ids hold now? Key: (project_id, id).
SELECT
    id,
    trace_id,
    observation_id,
    session_id,
    agent,
    repository_url,
    commit_sha,
    branch,
    pr_number,
    pr_url,
    commit_message,
    author_name,
    author_email,
    files_changed,
    additions,
    deletions,
    method,
    confidence,
    toUnixTimestamp64Micro(timestamp) AS at,
    toUnixTimestamp64Micro(created_at) AS created,
    is_deleted
FROM git_links
WHERE project_id = {project:String}
    AND id IN {ids:Array(String)}
ORDER BY row_version DESC
LIMIT 1 BY id
