LEFT JOIN (
    SELECT
        trace_id,
        countIf(ifNull(exit_code, 0) != 0 OR (exit_code IS NULL AND ifNull(success, true) = false)) AS failed_commands
    FROM terminal_commands FINAL
    WHERE project_id = {project:String}
        AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC') - INTERVAL 2 DAY
    GROUP BY trace_id
) AS command ON command.trace_id = id
