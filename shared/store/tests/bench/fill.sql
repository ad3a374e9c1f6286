-- Fills the tables with made-up observations, their traces, the minutes index and scores: what the read benchmark asks. One statement a part,
-- divided by lines of dashes; parameters: rows, first (number of the first row of this chunk), last (one behind its last row), words (of each text),
-- until (unix seconds of the newest row), projects (one that is named twice gets twice as much). Ten steps a trace, spread evenly over 30 days, three models, skewed vocabulary of 64,000 words.
-- `quetzalcoatlus` stands in seven outputs, `archaeopteryx` in seven inputs.
INSERT INTO observations
    (project_id, trace_id, id, parent_id, start_minute, start_time, end_time, completion_start_time, type, name, level, status_message, environment,
     input, output, input_preview, output_preview, input_length, output_length, metadata, model, model_id, model_parameters, usage, cost,
     input_tokens, output_tokens, total_tokens, total_cost, is_root, user_id, session_id, trace_name, tags, release, scope_name, source, sdk_name,
     sdk_version, created_at, row_version)
WITH
    ['ba', 'co', 'di', 'fu', 'ge', 'ha', 'jo', 'ki', 'lu', 'me', 'na', 'po', 'qui', 'ro', 'su', 'te', 'va', 'wo', 'xi', 'yu',
     'bra', 'cle', 'dri', 'flo', 'gru', 'pla', 'sme', 'tri', 'sko', 'thu', 'cha', 'she', 'nyx', 'lor', 'mun', 'tak', 'ver', 'wim', 'zan', 'zel'] AS syllables,
    intDiv(number, 10) AS t,
    number % 10 AS step,
    {rows:UInt64} / 10 AS traces,
    fromUnixTimestamp64Micro(toInt64(({until:Float64} - 2592000. * (1 - t / traces)) * 1e6)) AS trace_start,
    trace_start + toIntervalMicrosecond(step * 400000 + sipHash64(number) % 100000) AS at,
    step IN (2, 4, 6, 8) AS generation,
    arrayStringConcat(arrayMap(i -> (toUInt64(64000 * pow(sipHash64(number, i) / 18446744073709551616., 3)) AS w,
        concat(syllables[1 + w % 40], syllables[1 + intDiv(w, 40) % 40], syllables[1 + intDiv(w, 1600)])).2, range({words:UInt64})), ' ') AS said,
    arrayStringConcat(arrayMap(i -> (toUInt64(64000 * pow(sipHash64(number, i, 1) / 18446744073709551616., 3)) AS v,
        concat(syllables[1 + v % 40], syllables[1 + intDiv(v, 40) % 40], syllables[1 + intDiv(v, 1600)])).2, range({words:UInt64})), ' ') AS answered,
    concat('{"messages":[{"role":"user","content":"', said, if(number % intDiv({rows:UInt64}, 7) = 12, ' Archaeopteryx', ''), '"}]}') AS text_in,
    concat(answered, if(number % intDiv({rows:UInt64}, 7) = 14, ' Quetzalcoatlus', '')) AS text_out,
    1000 + sipHash64(number, 2) % 4000 AS tokens_in,
    100 + sipHash64(number, 3) % 900 AS tokens_out
SELECT
    ({projects:Array(String)})[1 + t % length({projects:Array(String)})],
    lower(hex(sipHash128(t, 'trace'))),
    lower(hex(sipHash64(number, 'span'))),
    if(step = 0, '', lower(hex(sipHash64(number - step, 'span')))),
    toInt32(intDiv(toUnixTimestamp64Micro(at), 60000000)),
    at,
    at + toIntervalMicrosecond(if(step = 0, 4200000, 300000 + sipHash64(number, 4) % 600000)),
    if(generation, at + toIntervalMicrosecond(120000), NULL),
    multiIf(step = 0, 'AGENT', generation, 'GENERATION', step IN (3, 5, 7), 'TOOL', 'SPAN'),
    ['fix-build', 'plan', 'think', 'bash', 'think', 'edit', 'think', 'read', 'think', 'finish'][1 + step],
    if(sipHash64(number, 5) % 200 = 0, 'ERROR', 'DEFAULT'),
    '',
    ['production', 'staging', 'default'][1 + sipHash64(t, 6) % 3],
    text_in,
    text_out,
    left(text_in, 300),
    left(text_out, 300),
    length(text_in),
    length(text_out),
    map('branch', concat('feature-', toString(sipHash64(t, 7) % 400)), 'attempt', toString(step)),
    if(generation, ['claude-sonnet-4-5', 'gpt-5', 'gemini-2.5-pro'][1 + sipHash64(t, 8) % 3], ''),
    if(generation, ['claude-sonnet-4-5', 'gpt-5', 'gemini-2.5-pro'][1 + sipHash64(t, 8) % 3], ''),
    if(generation, '{"temperature":0.2}', ''),
    if(generation, map('input', tokens_in, 'output', tokens_out, 'input_cached_tokens', tokens_in * 3), map()),
    if(generation, map('input', toInt64(tokens_in * 3000000), 'output', toInt64(tokens_out * 15000000), 'total', toInt64(tokens_in * 3000000 + tokens_out * 15000000)), map()),
    if(generation, tokens_in * 4, 0),
    if(generation, tokens_out, 0),
    if(generation, tokens_in * 4 + tokens_out, 0),
    if(generation, toInt64(tokens_in * 3000000 + tokens_out * 15000000), NULL),
    step = 0,
    concat('user-', toString(sipHash64(t, 9) % 500)),
    concat('session-', toString(intDiv(t, 15) * 3 + t % 3)),
    ['fix-build', 'review', 'write-tests', 'explain', 'refactor'][1 + sipHash64(t, 10) % 5],
    if(t % 4 = 0, ['ci', 'nightly'], ['local']),
    concat('1.', toString(intDiv(t * 20, traces))),
    'agent',
    'otlp-traces',
    'python',
    '4.0.0',
    at + toIntervalSecond(2),
    toUnixTimestamp64Micro(at) + 2000000
FROM numbers({first:UInt64}, {last:UInt64} - {first:UInt64})
----
INSERT INTO traces
    (project_id, id, minute, timestamp, end_time, name, user_id, session_id, environment, tags, release, level, input, output, input_preview,
     output_preview, metadata, root_id, latency_ms, observation_count, error_count, input_tokens, output_tokens, cached_tokens, total_tokens,
     total_cost, models, source, sdk_name, sdk_version, created_at, updated_at, row_version)
SELECT
    project_id,
    trace_id,
    toInt32(intDiv(toUnixTimestamp64Micro(min(start_time) AS first_time), 60000000)),
    first_time,
    max(end_time),
    any(trace_name),
    any(user_id),
    any(session_id),
    any(environment),
    any(tags),
    any(release),
    if(countIf(level = 'ERROR') > 0, 'ERROR', 'DEFAULT'),
    anyIf(input, is_root),
    anyIf(output, is_root),
    anyIf(input_preview, is_root),
    anyIf(output_preview, is_root),
    any(metadata),
    anyIf(id, is_root),
    toUInt64(max(toUnixTimestamp64Milli(end_time)) - toUnixTimestamp64Milli(first_time)),
    count(),
    countIf(level = 'ERROR'),
    sum(input_tokens),
    sum(output_tokens),
    sum(usage['input_cached_tokens']),
    sum(total_tokens),
    sum(total_cost),
    groupUniqArrayIf(model, model != ''),
    'otlp-traces',
    'python',
    '4.0.0',
    max(created_at),
    max(created_at),
    max(row_version)
FROM observations
WHERE project_id IN {projects:Array(String)}
    AND start_minute >= toInt32(floor(({until:Float64} - 2592000. * (1 - intDiv({first:UInt64}, 10) / ({rows:UInt64} / 10))) / 60)) - 1
    AND start_minute <= toInt32(floor(({until:Float64} - 2592000. * (1 - intDiv({last:UInt64}, 10) / ({rows:UInt64} / 10))) / 60)) + 1
    AND trace_id IN (SELECT lower(hex(sipHash128(number, 'trace'))) FROM numbers(intDiv({first:UInt64}, 10), intDiv({last:UInt64} - {first:UInt64}, 10)))
GROUP BY project_id, trace_id
----
INSERT INTO trace_minutes (project_id, trace_hash, minute)
SELECT DISTINCT project_id, xxHash64(trace_id), start_minute
FROM observations
WHERE project_id IN {projects:Array(String)}
    AND start_minute >= toInt32(floor(({until:Float64} - 2592000. * (1 - intDiv({first:UInt64}, 10) / ({rows:UInt64} / 10))) / 60)) - 1
    AND start_minute <= toInt32(floor(({until:Float64} - 2592000. * (1 - intDiv({last:UInt64}, 10) / ({rows:UInt64} / 10))) / 60)) + 1
----
INSERT INTO scores (project_id, id, timestamp, name, trace_id, value, data_type, source, environment, created_at, updated_at, row_version)
SELECT
    ({projects:Array(String)})[1 + number % length({projects:Array(String)})],
    concat('score-', toString(number)),
    fromUnixTimestamp64Micro(toInt64(({until:Float64} - 2592000. * (1 - number / ({rows:UInt64} / 10))) * 1e6)) AS at,
    'quality',
    lower(hex(sipHash128(number, 'trace'))),
    (sipHash64(number, 11) % 100) / 100,
    'NUMERIC',
    'API',
    'production',
    at,
    at,
    toUnixTimestamp64Micro(at)
FROM numbers(intDiv({first:UInt64}, 10), intDiv({last:UInt64} - {first:UInt64}, 10))
WHERE number % 5 < 3
