-- How many observations does the project have? Sums up what its traces say of their steps.
SELECT sum(observation_count) AS count
FROM traces FINAL
WHERE project_id = {project:String}
