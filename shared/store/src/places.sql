-- In which minutes do rows of these traces lie? Key: of trace_minutes.
SELECT DISTINCT minute
FROM trace_minutes
WHERE project_id = {project:String}
    AND trace_hash IN {trace_hashes:Array(UInt64)}
