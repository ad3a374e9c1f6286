-- When did these sessions use a model, and for how much? Key: the places that trace_minutes names.
SELECT
    trace_id,
    at,
    paid
FROM (
    SELECT
        trace_id,
        id,
        toUnixTimestamp64Micro(start_time) AS at,
        total_cost AS paid,
        model != '' AND total_tokens > 0 AS used,
        row_version,
        is_deleted
    FROM observations
    WHERE project_id = {project:String}
        AND start_minute IN {minutes:Array(Int32)}
        AND xxHash32(trace_id) IN {hashes:Array(UInt32)}
        AND trace_id IN {trace_ids:Array(String)}
    ORDER BY
        row_version DESC,
        is_deleted
    LIMIT 1 BY trace_id, id
)
WHERE is_deleted = 0
    AND (paid IS NOT NULL OR used)
