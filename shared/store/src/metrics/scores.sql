-- What does a metrics query on scores answer? Aggregates the project's scores of the range and of the view's data types, each once (the key begins
-- with project_id; times have a min-max index).
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
            toInt32(floor(toUnixTimestamp64Micro(timestamp) / 60000000)) AS minute,
            timestamp,
            name,
            trace_id,
            observation_id,
            session_id,
            dataset_run_id,
            value,
            ifNull(string_value, '') AS string_value,
            data_type,
            source,
            metadata,
            environment,
            config_id
        FROM scores FINAL
        WHERE project_id = {project:String}
            AND timestamp >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
            AND timestamp < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
            AND data_type IN {{data_types}}
    ) AS r
    {{joins}}
    WHERE {{condition}}
    {{groups}}
)
ORDER BY {{order}}
LIMIT {limit:UInt64}
