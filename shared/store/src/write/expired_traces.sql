-- The traces that ended before a time. Relies on the key of traces, whose minute is never behind a trace's end.
SELECT id
FROM traces FINAL
WHERE project_id = ?
  AND minute <= ?
  AND greatest(timestamp, ifNull(end_time, timestamp)) < fromUnixTimestamp64Micro(?, 'UTC')
ORDER BY minute
LIMIT ?
