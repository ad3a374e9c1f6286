-- The name of the experiment that the score itself judges, beside the one that its trace is a try of.
LEFT JOIN (
    SELECT
        run_id,
        argMaxIf(run_name, row_version, run_name != '') AS run_name
    FROM dataset_run_items
    WHERE project_id = {project:String}
        AND item_id != ''
    GROUP BY run_id
) AS n ON n.run_id = r.dataset_run_id
