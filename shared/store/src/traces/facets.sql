-- Which values of a column are the most frequent in a range? Reads one column along (project_id, minute).
SELECT
    arrayJoin({{values}}) AS value,
    count() AS count
FROM traces FINAL
WHERE project_id = {project:String}
    AND minute >= {from_minute:Int32}
    AND minute <= {to_minute:Int32}
    AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND value != ''
    AND positionCaseInsensitiveUTF8(value, {search:String}) > 0
GROUP BY value
ORDER BY count DESC, value
LIMIT 50
