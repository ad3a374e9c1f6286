INNER JOIN (
    SELECT
        trace_id,
        used_model,
        sum(used_tokens) AS model_tokens,
        sum(used_cost) AS model_cost,
        countIf(used_cost IS NULL AND used_tokens > 0) AS model_unpriced
    FROM (
        SELECT
            trace_id,
            id,
            argMax((model, total_tokens, total_cost), (row_version, is_deleted = 0)) AS newest,
            newest.1 AS used_model,
            newest.2 AS used_tokens,
            newest.3 AS used_cost
        FROM observations
        WHERE project_id = {project:String}
            AND start_minute >= {from_minute:Int32} - 2880
            AND start_minute <= {to_minute:Int32} + 44640
            AND model != ''
        GROUP BY
            trace_id,
            id
        HAVING argMax(is_deleted, (row_version, is_deleted = 0)) = 0
    )
    GROUP BY
        trace_id,
        used_model
) AS used ON used.trace_id = session.id
