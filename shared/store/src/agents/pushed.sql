-- Which pushes of commits meet a condition? A commit on several branches comes once for each. Uses the index of the first characters of commits.
SELECT
    sha,
    repository_url,
    branch,
    toUnixTimestamp64Micro(timestamp) AS at,
    toUnixTimestamp64Micro(pushed_at) AS pushed,
    message,
    author_name,
    author_email,
    files_changed,
    agents
FROM commits
WHERE project_id = {project:String}
    AND {{condition}}
ORDER BY row_version DESC
LIMIT 1 BY sha, repository_url, branch
LIMIT {limit:UInt32}
