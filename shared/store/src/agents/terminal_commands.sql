-- What do the commands of these ids hold now? Key: (project_id, id).
SELECT
    id,
    trace_id,
    observation_id,
    session_id,
    agent,
    command,
    working_dir,
    exit_code,
    exit_code_source,
    success,
    stdout,
    stderr,
    duration_ms,
    toUnixTimestamp64Micro(timestamp) AS at,
    is_deleted
FROM terminal_commands
WHERE project_id = {project:String}
    AND id IN {ids:Array(String)}
ORDER BY row_version DESC
LIMIT 1 BY id
