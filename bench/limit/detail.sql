select json_build_object('data', json_build_object('task', (select row_to_json(o) from (
  select
    'task_' || replace(t.id::text, '-', '') as "id", 'T-' || t.number as "key", t.title as "title",
    t.status as "status", t.type as "type",
    case t.priority when 1 then 'LOW' when 2 then 'MEDIUM' when 3 then 'HIGH' when 4 then 'URGENT' end as "priority",
    t.due_on as "dueOn", to_char(t.scheduled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "scheduledAt",
    t.description as "description", t.purpose as "purpose", t.outcome as "outcome",
    t.place as "place", t.billable as "billable", t.workflow as "workflow", t.workflow_version as "workflowVersion",
    to_char(t.assigned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "assignedAt",
    to_char(t.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "startedAt",
    to_char(t.released_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "releasedAt",
    to_char(t.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "finishedAt",
    t.version as "version",
    to_char(t.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "createdAt",
    to_char(t.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "updatedAt",
    (select row_to_json(u) from (select u.name as "name", u.email as "email" from users u where u.id = t.assignee_id) u)
      as "assignee",
    (select row_to_json(u) from (select u.name as "name" from users u where u.id = t.creator_id) u) as "creator",
    (select row_to_json(g) from (select g.name as "name" from teams g where g.id = t.team_id) g) as "team",
    (select row_to_json(p) from (
       select 'T-' || p.number as "key", p.title as "title" from tasks p where p.id = t.parent_id and p.workspace_id = $1
         and p.deletion_id is null and (p.team_id is null or p.team_id = any($2) or p.assignee_id = $3 or p.creator_id = $3
             or p.id = any(array(
               select c.task_id from participants c where c.user_id = $3 and c.part = 'COLLABORATOR')))) p) as "parent",
    (select json_build_object('nodes', coalesce(json_agg(s), '[]')) from (
       select 'T-' || s.number as "key", s.title as "title", s.status as "status",
         (select row_to_json(u) from (select u.name as "name" from users u where u.id = s.assignee_id) u) as "assignee"
       from tasks s where s.parent_id = t.id and s.workspace_id = $1 and s.finished_at is null
         and s.deletion_id is null and (s.team_id is null or s.team_id = any($2) or s.assignee_id = $3 or s.creator_id = $3
             or s.id = any(array(
               select c.task_id from participants c where c.user_id = $3 and c.part = 'COLLABORATOR')))
       order by coalesce(s.position, s.number), s.id limit 20) s) as "subtasks",
    (select json_build_object('nodes', coalesce(json_agg(l), '[]')) from (
       select l.kind as "kind", l.is_primary as "isPrimary", case
           when l.customer_id is not null
             then (select row_to_json(c) from (select c.name as "name" from customers c where c.id = l.customer_id) c)
           when l.location_id is not null
             then (select row_to_json(p) from (
               select p.name as "name", p.city as "city" from locations p where p.id = l.location_id) p)
           when l.visit_id is not null
             then (select '{}'::json from visits v where v.id = l.visit_id and v.workspace_id = $1
               and (v.team_id is null or v.team_id = any($2) or v.assignee_id = $3 or v.creator_id = $3))
           else '{}'
         end as "target"
       from task_links l where l.task_id = t.id order by l.id limit 20) l) as "links",
    (select row_to_json(v) from (
       select v.status as "status",
         to_char(v.planned_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "plannedStart",
         (select row_to_json(c) from (select c.name as "name" from customers c where c.id = v.customer_id) c) as "customer",
         (select row_to_json(p) from (
            select p.name as "name", p.city as "city" from locations p where p.id = v.location_id) p) as "location"
       from visits v where v.id = t.visit_id and v.workspace_id = $1
         and (v.team_id is null or v.team_id = any($2) or v.assignee_id = $3 or v.creator_id = $3)) v) as "visit",
    (select json_build_object('nodes', coalesce(json_agg(e), '[]')) from (
       select to_char(e.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "startedAt",
         to_char(e.ended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "endedAt",
         e.billable as "billable", e.note as "note",
         (select row_to_json(u) from (select u.name as "name" from users u where u.id = e.user_id) u) as "user"
       from time_entries e where e.task_id = t.id order by e.id limit 20) e) as "timeEntries",
    (select json_build_object('nodes', coalesce(json_agg(r), '[]')) from (
       select r.anchor as "anchor", r.status as "status",
         (select row_to_json(u) from (select u.name as "name" from users u where u.id = r.user_id) u) as "user"
       from reminders r where r.task_id = t.id order by r.id limit 10) r) as "reminders",
    (select json_build_object('nodes', coalesce(json_agg(a), '[]')) from (
       select a.how as "how", to_char(a.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "createdAt",
         (select row_to_json(u) from (select u.name as "name" from users u where u.id = a.receiver_id) u) as "receiver"
       from assignments a where a.task_id = t.id order by a.id limit 10) a) as "assignments",
    (select json_build_object('nodes', coalesce(json_agg(e), '[]')) from (
       select e.verb as "verb", to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "createdAt",
         (select row_to_json(u) from (select u.name as "name" from users u where u.id = e.actor_id) u) as "actor"
       from events e where e.subject_id = t.id and e.subject_type = 'TASK' order by e.id limit 10) e) as "history"
  from tasks t
  where t.id = $4 and t.workspace_id = $1
    and t.deletion_id is null and (t.team_id is null or t.team_id = any($2) or t.assignee_id = $3 or t.creator_id = $3
        or t.id = any(array(
          select c.task_id from participants c where c.user_id = $3 and c.part = 'COLLABORATOR')))
) o)))
