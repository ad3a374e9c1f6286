-- Which traces of a range come next by a column other than time? Reads the range's light columns along (project_id, minute).
SELECT
    minute,
    id,
    toFloat64({{number}}) AS number,
    toString({{text}}) AS text,
    row_version
FROM traces FINAL
{{join}}
WHERE project_id = {project:String}
    AND minute >= {from_minute:Int32}
    AND minute <= {to_minute:Int32}
    AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND {{position}}
    AND {{condition}}
ORDER BY {{order}}
LIMIT {limit:UInt32} OFFSET {skip:UInt32}
