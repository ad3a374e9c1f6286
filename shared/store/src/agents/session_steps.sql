-- How many steps of each kind do these sessions have? Key: the places that trace_minutes names.
SELECT
    trace_id,
    uniqExactIf(id, agent_record = 'turn') AS turns,
    uniqExactIf(id, agent_record = 'model_call') AS model_calls,
    uniqExactIf(id, agent_record = 'tool_call') AS tool_calls,
    uniqExactIf(id, agent_record = 'subagent') AS subagents
FROM (
    SELECT
        trace_id,
        id,
        agent_record,
        is_deleted
    FROM observations
    WHERE project_id = {project:String}
        AND start_minute IN {minutes:Array(Int32)}
        AND xxHash32(trace_id) IN {hashes:Array(UInt32)}
        AND trace_id IN {trace_ids:Array(String)}
    ORDER BY row_version DESC
    LIMIT 1 BY start_minute, trace_id, id
)
WHERE is_deleted = 0
GROUP BY trace_id
