-- How many scores judge the trace or one of its steps.
LEFT JOIN (
    SELECT
        trace_id,
        count() AS count
    FROM scores FINAL
    WHERE project_id = {project:String}
        AND trace_id != ''
    GROUP BY trace_id
) AS c ON c.trace_id = r.id
