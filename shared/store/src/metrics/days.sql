-- What did the traces of each day, named by its first minute, sum up to? Reads the light columns of the range's traces along (project_id, minute).
SELECT
    toInt32(minute - positiveModulo(minute, 1440)) AS day,
    count() AS traces,
    sum(observation_count) AS observations,
    toFloat64(ifNull(sum(toInt128(total_cost)), 0)) / 1e12 AS cost
FROM traces FINAL
WHERE project_id = {project:String}
    AND minute >= {from_minute:Int32}
    AND minute <= {to_minute:Int32}
    AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND {{condition}}
GROUP BY day
ORDER BY day DESC
