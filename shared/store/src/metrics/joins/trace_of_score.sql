-- The score's trace, however long before or after the score it is: from the traces' ids to the minutes in which they lie, and from there to their rows.
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
        AND minute IN (
            SELECT minute
            FROM trace_minutes
            WHERE project_id = {project:String}
                AND trace_hash IN (
                    SELECT xxHash64(trace_id)
                    FROM scores
                    WHERE project_id = {project:String}
                        AND trace_id != ''
                        AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
                        AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
                )
        )
) AS t ON t.id = r.trace_id
