-- When the last step of a trace ended, by granule: which traces reach into a window of time, without reading all that began before it.
ALTER TABLE traces ADD INDEX IF NOT EXISTS ix_end_time end_time TYPE minmax GRANULARITY 1;
ALTER TABLE traces MATERIALIZE INDEX ix_end_time
