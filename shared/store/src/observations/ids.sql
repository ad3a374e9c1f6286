-- Which steps do these traces have? Key: the places that trace_minutes names.
SELECT
    trace_id,
    groupArray(id) AS ids
FROM (
    SELECT
        trace_id,
        id,
        is_deleted,
        start_time
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
