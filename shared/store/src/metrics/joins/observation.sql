-- The step that the score judges, however long before or after the score it is.
LEFT JOIN (
    SELECT
        trace_id,
        id,
        name,
        model,
        prompt_name,
        prompt_version
    FROM observations FINAL
    WHERE project_id = {project:String}
        AND start_minute IN (
            SELECT minute
            FROM trace_minutes
            WHERE project_id = {project:String}
                AND trace_hash IN (
                    SELECT xxHash64(trace_id)
                    FROM scores
                    WHERE project_id = {project:String}
                        AND observation_id != ''
                        AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
                        AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
                )
        )
        AND (trace_id, id) IN (
            SELECT
                trace_id,
                observation_id
            FROM scores
            WHERE project_id = {project:String}
                AND observation_id != ''
                AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
                AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
        )
) AS o ON o.trace_id = r.trace_id AND o.id = r.observation_id
