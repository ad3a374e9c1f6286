-- Which tools a step could call, and which it called, once a call. Rows from before have none.
ALTER TABLE observations ADD COLUMN IF NOT EXISTS tool_names Array(LowCardinality(String)) CODEC(ZSTD(1));
ALTER TABLE observations ADD COLUMN IF NOT EXISTS tool_calls Array(LowCardinality(String)) CODEC(ZSTD(1))
