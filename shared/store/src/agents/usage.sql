-- What did the sessions of a range of time do and cost, by group? Reads the range's light columns along (project_id, minute) of traces and observations, and
-- of the project's other rows what began since. Steps, commits and commands count by their ids, so what is told twice counts once.
SELECT
    {{key}} AS key,
    count() AS sessions,
    uniqExactIf(user_id, user_id != '') AS people,
    sum(turns) AS turn_count,
    sum(commands) AS command_count,
    sum(failed_commands) AS failed_count,
    uniqExactArray(stems) AS commits,
    sum(added) AS lines_added,
    sum(removed) AS lines_removed,
    sum({{tokens}}) AS tokens,
    toFloat64(sum(toInt128({{cost}}))) / 1e12 AS cost,
    sum({{unpriced}}) AS unpriced
FROM (
    SELECT
        id,
        user_id,
        toUnixTimestamp64Micro(timestamp) AS at,
        metadata['agent.name'] AS agent,
        metadata['vcs.repository.url.full'] AS repository,
        metadata['vcs.ref.head.name'] AS branch,
        total_tokens,
        total_cost,
        unpriced_count
    FROM traces FINAL
    WHERE project_id = {project:String}
        AND minute >= {from_minute:Int32}
        AND minute <= {to_minute:Int32}
        AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
        AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
        AND {{condition}}
) AS session
{{models}}
LEFT JOIN (
    SELECT
        trace_id,
        uniqExact(id) AS turns
    FROM observations
    WHERE project_id = {project:String}
        AND start_minute >= {from_minute:Int32} - 2880
        AND start_minute <= {to_minute:Int32} + 44640
        AND agent_record = 'turn'
        AND is_deleted = 0
    GROUP BY trace_id
) AS step ON step.trace_id = session.id
LEFT JOIN (
    SELECT
        trace_id,
        count() AS commands,
        countIf({{failed}}) AS failed_commands
    FROM terminal_commands FINAL
    WHERE project_id = {project:String}
        AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC') - INTERVAL 2 DAY
    GROUP BY trace_id
) AS command ON command.trace_id = session.id
LEFT JOIN (
    SELECT
        trace_id,
        sum(ifNull(lines_added, 0)) AS added,
        sum(ifNull(lines_removed, 0)) AS removed
    FROM file_operations FINAL
    WHERE project_id = {project:String}
        AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC') - INTERVAL 2 DAY
        AND operation != 'READ'
    GROUP BY trace_id
) AS file ON file.trace_id = session.id
LEFT JOIN (
    SELECT
        trace_id,
        groupUniqArray(left(commit_sha, 7)) AS stems,
        anyIf(repository_url, repository_url != '') AS linked_repository,
        anyIf(branch, branch != '') AS linked_branch
    FROM git_links FINAL
    WHERE project_id = {project:String}
    GROUP BY trace_id
) AS link ON link.trace_id = session.id
GROUP BY key
ORDER BY {{order}}
LIMIT {limit:UInt32}
