-- What do all traces of these sessions sum up to? Uses the bloom filter of session ids.
SELECT
    session_id AS id,
    toUnixTimestamp64Micro(min(timestamp)) AS created,
    toUnixTimestamp64Micro(max(greatest(timestamp, ifNull(end_time, timestamp)))) AS updated,
    count() AS trace_count,
    groupUniqArrayIf(20)(user_id, user_id != '') AS user_ids,
    argMax(environment, timestamp) AS environment,
    toFloat64(sum(toInt128(total_cost))) / 1e12 AS total_cost,
    sum(total_tokens) AS total_tokens,
    sum(error_count) AS error_count,
    sum(unpriced_count) AS unpriced_count,
    arraySort(groupUniqArrayArray(models)) AS models,
    arraySort(groupUniqArrayArray(tags)) AS tags
FROM traces FINAL
WHERE project_id = {project:String}
    AND session_id IN {ids:Array(String)}
GROUP BY session_id
