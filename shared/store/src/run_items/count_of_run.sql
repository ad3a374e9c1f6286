-- How many tries does a run have? Key: (project_id, run_id).
SELECT count() AS count
FROM {{merged}}
WHERE project_id = {project:String}
