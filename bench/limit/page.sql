select json_build_object('data', json_build_object('tasks', json_build_object(
  'nodes', coalesce(json_agg(o) filter (where i <= :first), '[]'),
  'pageInfo', json_build_object(
    'hasNextPage', count(*) > :first,
    'endCursor', translate(encode(convert_to(
      (array_agg(coalesce(day::text, '') || '|' || id) filter (where i = :first))[1], 'UTF8'), 'base64'), E'+/\n', '-_')))))
from (
  select t.i, t.due_on as day, t.id,
    (select row_to_json(o) from (
       select 'T-' || t.number as "key", t.title as "title", t.status as "status", t.due_on as "dueOn") o) as o
  from (
    select row_number() over () as i, t.* from (
      select t.id, t.number, t.title, t.status, t.due_on from tasks t where t.workspace_id = $1 and t.deletion_id is null
      order by t.due_on asc nulls last, t.id limit :first + 1) t) t
) p
