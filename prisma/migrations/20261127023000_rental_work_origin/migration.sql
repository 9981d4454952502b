-- The work of a rental says over whose line its checkpoint comes. Before, all of it was reckoned as fetched from the hub;
-- what came from a folder was sent by the dashboard.
UPDATE "Rental" SET "work" = json_set("work", '$.sourceFrom', CASE WHEN EXISTS (
    SELECT 1 FROM "Job"
    WHERE "Job"."instanceId" = "Rental"."instanceId" AND json_extract("Job"."spec", '$.source.kind') = 'folder'
) THEN 'dashboard' ELSE 'hub' END)
WHERE json_extract("work", '$.sourceFrom') IS NULL;
