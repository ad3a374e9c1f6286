-- Without ClickHouse's statistics of columns: our questions name keys, so a plan gains nothing from them, and each question would read them anew.
-- A trace by its id took a quarter less of ClickHouse's CPU without them (docs/benchmarks.md).
ALTER TABLE observations MODIFY SETTING auto_statistics_types = '';
ALTER TABLE traces MODIFY SETTING auto_statistics_types = '';
ALTER TABLE trace_minutes MODIFY SETTING auto_statistics_types = '';
ALTER TABLE scores MODIFY SETTING auto_statistics_types = '';
ALTER TABLE dataset_run_items MODIFY SETTING auto_statistics_types = '';
ALTER TABLE file_operations MODIFY SETTING auto_statistics_types = '';
ALTER TABLE terminal_commands MODIFY SETTING auto_statistics_types = '';
ALTER TABLE git_links MODIFY SETTING auto_statistics_types = '';
ALTER TABLE ci_runs MODIFY SETTING auto_statistics_types = '';
ALTER TABLE agent_metrics MODIFY SETTING auto_statistics_types = '';
ALTER TABLE commits MODIFY SETTING auto_statistics_types = '';
ALTER TABLE pull_requests MODIFY SETTING auto_statistics_types = '';
