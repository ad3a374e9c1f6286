-- How many scores judge the step.
LEFT JOIN (
    SELECT
        trace_id,
        observation_id,
        count() AS count
    FROM scores FINAL
    WHERE project_id = {project:String}
        AND observation_id != ''
    GROUP BY trace_id, observation_id
) AS c ON c.trace_id = r.trace_id AND c.observation_id = r.id
