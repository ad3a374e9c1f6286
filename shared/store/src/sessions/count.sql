-- How many sessions meet a condition? Groups the light columns of the range's traces along (project_id, minute).
SELECT count() AS count
FROM (
    SELECT session_id
    FROM traces FINAL
    WHERE project_id = {project:String}
        AND minute >= {from_minute:Int32}
        AND minute <= {to_minute:Int32}
        AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
        AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
        AND session_id != ''
    GROUP BY session_id
    HAVING {{condition}}
)
