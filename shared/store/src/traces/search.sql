-- In which traces of a range do all words stand, in a text of a step or of the trace itself? Uses the text indexes.
SELECT DISTINCT trace_id
FROM (
    SELECT trace_id
    FROM observations FINAL
    WHERE project_id = {project:String}
        AND start_minute >= {from_minute:Int32}
        AND start_minute <= {to_minute:Int32}
        AND {{words}}
    UNION ALL
    SELECT id AS trace_id
    FROM traces FINAL
    WHERE project_id = {project:String}
        AND minute >= {from_minute:Int32}
        AND minute <= {to_minute:Int32}
        AND {{words}}
)
LIMIT {limit:UInt32}
