(
    -- The tries of runs: the tellings of each as one row, without what came before a run was deleted. Key: (project_id, run_id, item_id, trace_id).
    WITH (
        SELECT mapFromArrays(groupArray(gone.run_id), groupArray(gone.at))
        FROM (
            SELECT d.run_id AS run_id, max(d.row_version) AS at
            FROM dataset_run_items AS d
            WHERE d.project_id = {project:String}
                AND d.telling = 'deleted'
            GROUP BY d.run_id
        ) AS gone
    ) AS deletions
    SELECT
        any(r.project_id) AS project_id,
        r.run_id AS run_id,
        r.item_id AS item_id,
        r.trace_id AS trace_id,
        any(r.id) AS id,
        argMaxIf(r.run_name, r.row_version, r.run_name != '') AS run_name,
        argMaxIf(r.run_description, r.row_version, r.run_description != '') AS run_description,
        argMaxIf(r.run_metadata, r.row_version, r.run_metadata != '') AS run_metadata,
        argMaxIf(r.dataset_id, r.row_version, r.dataset_id != '') AS dataset_id,
        argMaxIf(r.item_version, r.row_version, isNotNull(r.item_version)) AS item_version,
        argMaxIf(r.item_metadata, (r.telling = 'span', r.row_version), r.item_metadata != '') AS item_metadata,
        argMaxIf(r.expected_output, (r.telling = 'span', r.row_version), r.expected_output != '') AS expected_output,
        argMaxIf(r.observation_id, (r.telling = 'span', r.row_version), r.observation_id != '') AS observation_id,
        argMax(r.start_time, (r.telling = 'span', r.row_version)) AS started,
        argMaxIf(r.end_time, r.row_version, r.telling = 'span') AS ended,
        min(r.received_at) AS first_received,
        max(r.received_at) AS last_received
    FROM dataset_run_items AS r
    WHERE r.project_id = {project:String}
        AND r.item_id != ''
        AND r.row_version > deletions[r.run_id]
        AND {{which}}
    GROUP BY r.run_id, r.item_id, r.trace_id
)
