-- What did steps use and cost, by bucket of time and by group? Reads the light columns of the range's observations along (project_id, start_minute).
SELECT
    {{bucket}} AS bucket,
    toString({{group}}) AS grouped,
    count() AS observations,
    uniqExact(xxHash64(r.trace_id)) AS traces,
    sum(r.input_tokens) AS input_tokens,
    sum(r.output_tokens) AS output_tokens,
    sum(r.total_tokens) AS total_tokens,
    {{usage}} AS usage,
    {{cost}} AS cost,
    toFloat64(sum(toInt128(r.total_cost))) / 1e12 AS total_cost,
    countIf(r.model != '' AND r.total_tokens > 0 AND isNull(r.total_cost)) AS unpriced
FROM (
    SELECT
        trace_id,
        id,
        parent_id,
        start_minute AS minute,
        start_time,
        end_time,
        type,
        name,
        level,
        version,
        environment,
        metadata,
        model,
        usage,
        cost,
        input_tokens,
        output_tokens,
        total_tokens,
        total_cost,
        prompt_name,
        prompt_version,
        is_root,
        user_id,
        session_id,
        trace_name,
        tags,
        release
    FROM observations FINAL
    WHERE project_id = {project:String}
        AND start_minute >= {from_minute:Int32}
        AND start_minute <= {to_minute:Int32}
        AND start_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
        AND start_time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
) AS r
{{joins}}
WHERE {{condition}}
GROUP BY bucket, grouped
ORDER BY bucket, {{order}} DESC, grouped
LIMIT {limit:UInt64}
