-- The current rows of these traces. Relies on the key of traces (project_id, minute, xxHash32(id)).
SELECT
    id,
    minute,
    toUnixTimestamp64Micro(timestamp) AS timestamp_micros,
    name,
    user_id,
    session_id,
    environment,
    tags,
    release,
    version,
    public,
    bookmarked,
    input,
    output,
    metadata,
    root_id,
    field_times,
    toUnixTimestamp64Micro(created_at) AS created_micros,
    row_version,
    is_deleted
FROM traces
WHERE project_id = ?
  AND minute IN ?
  AND xxHash32(id) IN ?
  AND id IN ?
ORDER BY row_version DESC
LIMIT 1 BY id, minute
