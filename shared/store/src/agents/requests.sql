-- Which pull requests meet a condition? Key: (project_id, repository_url, number).
SELECT
    repository_url,
    number,
    url,
    title,
    state,
    head_branch,
    head_sha,
    base_branch,
    merge_sha,
    author,
    additions,
    deletions,
    toUnixTimestamp64Micro(timestamp) AS created,
    toUnixTimestamp64Micro(closed_at) AS closed,
    toUnixTimestamp64Micro(merged_at) AS merged
FROM pull_requests FINAL
WHERE project_id = {project:String}
    AND {{condition}}
LIMIT {limit:UInt32}
