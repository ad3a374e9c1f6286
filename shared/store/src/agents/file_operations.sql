-- What do the file operations of these ids hold now? Key: (project_id, id).
SELECT
    id,
    trace_id,
    observation_id,
    session_id,
    agent,
    operation,
    file_path,
    new_path,
    file_type,
    before_hash,
    after_hash,
    before_size,
    after_size,
    lines_added,
    lines_removed,
    diff,
    toUnixTimestamp64Micro(timestamp) AS at,
    is_deleted
FROM file_operations
WHERE project_id = {project:String}
    AND id IN {ids:Array(String)}
ORDER BY row_version DESC
LIMIT 1 BY id
