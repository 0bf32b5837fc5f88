select json_build_object('data', json_build_object('tasks', json_build_object('nodes', coalesce(json_agg(o), '[]'))))
from (
  select
    'task_' || replace(t.id::text, '-', '') as "id", 'T-' || t.number as "key", t.title as "title",
    t.status as "status", t.type as "type",
    case t.priority when 1 then 'LOW' when 2 then 'MEDIUM' when 3 then 'HIGH' when 4 then 'URGENT' end as "priority",
    t.due_on as "dueOn", to_char(t.scheduled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "scheduledAt",
    t.place as "place", t.description as "description", t.version as "version",
    to_char(t.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "createdAt",
    (select row_to_json(u) from (select u.name as "name" from users u where u.id = t.assignee_id) u) as "assignee",
    (select json_build_object('nodes', coalesce(json_agg(s), '[]')) from (
       select s.title as "title", s.status as "status" from tasks s
       where s.parent_id = t.id and s.workspace_id = $1 and s.finished_at is null
         and s.deletion_id is null and (s.team_id is null or s.team_id = any($2) or s.assignee_id = $3 or s.creator_id = $3
             or s.id = any(array(
               select c.task_id from participants c where c.user_id = $3 and c.part = 'COLLABORATOR')))
       order by coalesce(s.position, s.number), s.id limit 5) s) as "subtasks",
    (select json_build_object('nodes', coalesce(json_agg(l), '[]')) from (
       select l.kind as "kind", case
           when l.customer_id is not null
             then (select row_to_json(c) from (select c.name as "name" from customers c where c.id = l.customer_id) c)
           when l.visit_id is not null
             then (select '{}'::json from visits v where v.id = l.visit_id and v.workspace_id = $1
               and (v.team_id is null or v.team_id = any($2) or v.assignee_id = $3 or v.creator_id = $3))
           else '{}'
         end as "target"
       from task_links l where l.task_id = t.id order by l.id limit 5) l) as "links",
    (select row_to_json(v) from (
       select v.status as "status",
         (select row_to_json(p) from (
            select p.name as "name", p.city as "city" from locations p where p.id = v.location_id) p) as "location"
       from visits v where v.id = t.visit_id and v.workspace_id = $1
         and (v.team_id is null or v.team_id = any($2) or v.assignee_id = $3 or v.creator_id = $3)) v) as "visit"
  from (
    select t.id, t.number, t.title, t.status, t.type, t.priority, t.due_on, t.scheduled_at, t.place, t.description,
      t.version, t.created_at, t.assignee_id, t.visit_id
    from tasks t
    where t.workspace_id = $1 and t.deletion_id is null and (t.team_id is null or t.team_id = any($2) or t.assignee_id = $3 or t.creator_id = $3
        or t.id = any(array(
          select c.task_id from participants c where c.user_id = $3 and c.part = 'COLLABORATOR')))
      and t.team_id = $4 and t.finished_at is null
    order by t.due_on asc nulls last, t.id limit 50) t
) o
