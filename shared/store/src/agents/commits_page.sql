-- Which commits come next in time? By the first seven characters of their ids, under which all that was told of a commit meets, whoever told it. Reads what
-- was pushed in the range along (project_id, minute), and light columns of the project's links.
SELECT
    stem,
    min(at) AS first
FROM (
    SELECT
        left(sha, 7) AS stem,
        toUnixTimestamp64Micro(timestamp) AS at,
        [{{pushed_tests}}] AS tests
    FROM commits FINAL
    WHERE project_id = {project:String}
        AND minute >= {from_minute:Int32} - 1440
        AND minute <= {to_minute:Int32} + 1440
    UNION ALL
    SELECT
        left(commit_sha, 7) AS stem,
        toUnixTimestamp64Micro(timestamp) AS at,
        [{{link_tests}}] AS tests
    FROM git_links FINAL
    WHERE project_id = {project:String}
        AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC') - INTERVAL 1 DAY
        AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC') + INTERVAL 1 DAY
)
GROUP BY stem
HAVING first >= {from:Int64}
    AND first < {to:Int64}
    AND arrayAll(test -> test > 0, maxForEach(tests))
    AND {{position}}
ORDER BY
    first DESC,
    stem DESC
LIMIT {limit:UInt32}
