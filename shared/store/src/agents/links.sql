-- Which links to commits meet a condition? Light columns; of each link the newest version. Uses the indexes of trace ids and of the first characters of commits.
SELECT
    id,
    trace_id,
    session_id,
    agent,
    repository_url,
    commit_sha,
    branch,
    pr_number,
    pr_url,
    {{message}} AS message,
    author_name,
    author_email,
    {{files}} AS files,
    additions,
    deletions,
    method,
    confidence,
    toUnixTimestamp64Micro(timestamp) AS at,
    is_deleted
FROM git_links
WHERE project_id = {project:String}
    AND {{condition}}
ORDER BY row_version DESC
LIMIT 1 BY id
LIMIT {limit:UInt32}
