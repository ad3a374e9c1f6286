-- Which of these traces are known, and in which minutes are their rows? Relies on the key of trace_minutes.
SELECT
    trace_hash,
    groupUniqArray(minute) AS minutes
FROM trace_minutes
WHERE project_id = ?
  AND trace_hash IN ?
GROUP BY trace_hash
