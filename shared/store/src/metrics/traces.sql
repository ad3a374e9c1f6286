-- What does a metrics query on traces answer? Aggregates the range's rows along (project_id, minute), each once.
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
            id,
            minute,
            timestamp,
            name,
            user_id,
            session_id,
            environment,
            tags,
            release,
            version,
            metadata,
            latency_ms,
            observation_count,
            total_tokens,
            total_cost
        FROM traces FINAL
        WHERE project_id = {project:String}
            AND minute >= {from_minute:Int32}
            AND minute <= {to_minute:Int32}
            AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
            AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
    ) AS r
    {{joins}}
    WHERE {{condition}}
    {{groups}}
)
ORDER BY {{order}}
LIMIT {limit:UInt64}
