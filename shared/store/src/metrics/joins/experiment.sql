-- The experiment that the trace is a try of: the one told last, if it is a try of several. Runs that were deleted since are none.
LEFT JOIN (
    SELECT
        tries.trace_id AS trace_id,
        argMax(tries.run_id, tries.at) AS run_id,
        argMax(tries.run_name, tries.at) AS run_name,
        argMax(tries.dataset_id, tries.at) AS dataset_id
    FROM (
        SELECT
            run_id,
            trace_id,
            max(row_version) AS at,
            argMaxIf(run_name, row_version, run_name != '') AS run_name,
            argMaxIf(dataset_id, row_version, dataset_id != '') AS dataset_id
        FROM dataset_run_items
        WHERE project_id = {project:String}
            AND item_id != ''
        GROUP BY run_id, trace_id
    ) AS tries
    LEFT JOIN (
        SELECT
            run_id,
            max(row_version) AS at
        FROM dataset_run_items
        WHERE project_id = {project:String}
            AND telling = 'deleted'
        GROUP BY run_id
    ) AS gone ON gone.run_id = tries.run_id
    WHERE tries.at > gone.at
    GROUP BY tries.trace_id
) AS e ON e.trace_id = r.trace_id
