-- What did each model use and cost on each day, named by its first minute? Reads the light columns of the range's observations along (project_id, start_minute).
SELECT
    toInt32(start_minute - positiveModulo(start_minute, 1440)) AS day,
    model,
    sum(input_tokens) AS input_usage,
    sum(output_tokens) AS output_usage,
    sum(total_tokens) AS total_usage,
    uniqExact(xxHash64(trace_id)) AS traces,
    count() AS observations,
    toFloat64(ifNull(sum(toInt128(total_cost)), 0)) / 1e12 AS cost
FROM observations FINAL
WHERE project_id = {project:String}
    AND start_minute >= {from_minute:Int32}
    AND start_minute <= {to_minute:Int32}
    AND start_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    AND start_time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    AND (model != '' OR total_tokens > 0 OR total_cost IS NOT NULL)
    AND {{of_traces}}
GROUP BY day, model
ORDER BY day DESC, cost DESC, model
