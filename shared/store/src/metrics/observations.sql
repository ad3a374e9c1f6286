-- What does a metrics query on observations answer? Aggregates the range's rows along (project_id, start_minute), each once.
SELECT
    bucket,
    {{dimensions}} AS dimensions,
    {{metrics}} AS metrics
FROM (
    SELECT
        {{bucket}} AS bucket
        {{columns}}
    FROM (
        SELECT
            trace_id,
            id,
            parent_id,
            start_minute AS minute,
            start_time,
            end_time,
            completion_start_time,
            type,
            name,
            level,
            version,
            environment,
            metadata,
            model,
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
            release,
            usage,
            tool_names,
            tool_calls
            {{each}}
        FROM observations FINAL
        WHERE project_id = {project:String}
            AND start_minute >= {from_minute:Int32}
            AND start_minute <= {to_minute:Int32}
            AND start_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
            AND start_time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    ) AS r
    {{joins}}
    WHERE {{condition}}
    {{groups}}
)
ORDER BY {{order}}
LIMIT {limit:UInt64}
