-- What did these sessions change in files? Uses the bloom filter of trace ids.
SELECT
    trace_id,
    uniqExact(file_path) AS files_changed,
    sum(ifNull(lines_added, 0)) AS lines_added,
    sum(ifNull(lines_removed, 0)) AS lines_removed
FROM (
    SELECT
        id,
        trace_id,
        operation,
        file_path,
        lines_added,
        lines_removed,
        is_deleted
    FROM file_operations
    WHERE project_id = {project:String}
        AND trace_id IN {trace_ids:Array(String)}
    ORDER BY row_version DESC
    LIMIT 1 BY id
)
WHERE is_deleted = 0
    AND operation != 'READ'
GROUP BY trace_id
