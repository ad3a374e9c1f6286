-- Which of these traces are known, with the minutes in which their rows lie. Relies on the key of trace_minutes.
SELECT
    trace_hash,
    groupUniqArray(minute) AS minutes
FROM trace_minutes
WHERE project_id = ?
  AND trace_hash IN ?
GROUP BY trace_hash
