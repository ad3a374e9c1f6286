-- In which minute are the newest rows of a range? Reads one column along (project_id, minute).
SELECT maxOrNull(minute) AS newest
FROM traces
WHERE project_id = {project:String}
    AND minute >= {from_minute:Int32}
    AND minute <= {to_minute:Int32}
