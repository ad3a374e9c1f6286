-- Which of these traces are known, with the minutes in which their rows lie, and when they were last deleted. Relies on the key of trace_minutes.
SELECT
    trace_hash,
    groupUniqArrayIf(minute, minute != ?) AS minutes,
    toUnixTimestamp64Micro(max(deleted_at)) AS deleted_micros
FROM trace_minutes
WHERE project_id = ?
  AND trace_hash IN ?
GROUP BY trace_hash
