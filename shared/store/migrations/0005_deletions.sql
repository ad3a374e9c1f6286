-- When a trace was last ordered to be deleted: a row of `trace_minutes` at a minute that no trace has. What was accepted before that time and
-- is still on its way (on the stream, among the failed records) is not written any more.
ALTER TABLE trace_minutes ADD COLUMN IF NOT EXISTS deleted_at DateTime64(6, 'UTC') DEFAULT 0 CODEC(ZSTD(1))
