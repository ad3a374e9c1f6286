-- Which pull requests come next in time? Those that the host told of, and those that links name. Key: (project_id, repository_url, number), and light columns of
-- the project's links.
SELECT
    repository_url AS repository,
    number,
    if(countIf(told) > 0, minIf(at, told), min(at)) AS first
FROM (
    SELECT
        repository_url,
        number,
        toUnixTimestamp64Micro(timestamp) AS at,
        true AS told,
        toString(state) AS standing,
        [{{told_tests}}] AS tests
    FROM pull_requests FINAL
    WHERE project_id = {project:String}
    UNION ALL
    SELECT
        repository_url,
        assumeNotNull(pr_number) AS number,
        toUnixTimestamp64Micro(timestamp) AS at,
        false AS told,
        'unknown' AS standing,
        [{{link_tests}}] AS tests
    FROM git_links FINAL
    WHERE project_id = {project:String}
        AND pr_number IS NOT NULL
        AND repository_url != ''
)
GROUP BY
    repository_url,
    number
HAVING first >= {from:Int64}
    AND first < {to:Int64}
    AND arrayAll(test -> test > 0, maxForEach(tests))
    AND {{state}}
    AND {{position}}
ORDER BY
    first DESC,
    repository DESC,
    number DESC
LIMIT {limit:UInt32}
