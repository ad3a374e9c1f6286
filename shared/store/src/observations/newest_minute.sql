-- In which minute are the newest rows of a range? Reads one column along (project_id, start_minute).
SELECT maxOrNull(start_minute) AS newest
FROM observations
WHERE project_id = {project:String}
    AND start_minute >= {from_minute:Int32}
    AND start_minute <= {to_minute:Int32}
