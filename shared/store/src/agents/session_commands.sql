-- How many commands did these sessions run, and how many are known to have failed? Uses the bloom filter of trace ids.
SELECT
    trace_id,
    count() AS commands,
    countIf({{failed}}) AS failed_commands
FROM (
    SELECT
        id,
        trace_id,
        exit_code,
        success,
        is_deleted
    FROM terminal_commands
    WHERE project_id = {project:String}
        AND trace_id IN {trace_ids:Array(String)}
    ORDER BY row_version DESC
    LIMIT 1 BY id
)
WHERE is_deleted = 0
GROUP BY trace_id
