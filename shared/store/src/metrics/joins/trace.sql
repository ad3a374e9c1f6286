-- The step's trace: one that reaches into the range, and lies at most 2 days behind it.
LEFT JOIN (
    SELECT
        id,
        name,
        user_id,
        session_id,
        tags,
        release,
        version
    FROM traces FINAL
    WHERE project_id = {project:String}
        AND minute <= {to_minute:Int32} + 2880
        AND end_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
) AS t ON t.id = r.trace_id
