-- What do the metrics sum up to in a range of time? Key: (project_id, name). A cumulative series counts what it grew by: the difference to the point
-- before, or all of it where it began again. Its points before the range are read for that difference only.
SELECT
    name,
    any(of_unit) AS unit,
    any(of_kind) AS kind,
    groups,
    {{bucket}} AS bucket,
    if(any(of_kind) = 'gauge', argMax(point.2, point.1), sum(point.3)) AS value,
    if(any(of_kind) = 'histogram', sum(point.4), toUInt64(0)) AS count,
    count() AS points
FROM (
    SELECT
        name,
        series,
        start_time,
        groups,
        any(unit) AS of_unit,
        any(kind) AS of_kind,
        arraySort(groupArray((toUnixTimestamp64Micro(time), value, count, cumulative))) AS read,
        arrayPushFront(arrayPopBack(read), (toInt64(0), toFloat64(0), toUInt64(0), false)) AS earlier,
        arrayMap(
            (p, b) -> (p.1, p.2, if(p.4 AND p.2 >= b.2, p.2 - b.2, p.2), if(p.4 AND p.3 >= b.3, toUInt64(p.3 - b.3), p.3)),
            read,
            earlier
        ) AS growth
    FROM (
        SELECT
            name,
            series,
            start_time,
            time,
            unit,
            kind,
            cumulative,
            value,
            count,
            {{groups}} AS groups
        FROM agent_metrics FINAL
        WHERE project_id = {project:String}
            AND time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
            AND (cumulative OR time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC'))
            AND {{condition}}
    )
    GROUP BY
        name,
        series,
        start_time,
        groups
)
ARRAY JOIN growth AS point
WHERE point.1 >= {from:Int64}
GROUP BY
    name,
    groups,
    bucket
ORDER BY
    value DESC,
    name,
    groups,
    bucket
LIMIT {limit:UInt32}
