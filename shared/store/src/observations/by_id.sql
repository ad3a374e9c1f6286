-- Where are the observations of this id, whatever their trace? One row a place, the newest version, deletions included. Uses the bloom filter of ids.
SELECT
    {{columns}}
FROM observations
WHERE project_id = {project:String}
    AND id = {id:String}
ORDER BY row_version DESC
LIMIT 1 BY start_minute, trace_id, id
LIMIT 100
