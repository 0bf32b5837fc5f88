with best as (
  select t.id from tasks t
  where t.workspace_id = $1 and t.team_id = $4 and t.team_id = any($2) and t.deletion_id is null
    and t.assignee_id is null and t.status in ('PENDING', 'IN_PROGRESS')
  order by t.priority desc, t.due_on, t.number limit 1 for no key update skip locked
), claimed as (
  update tasks t set assignee_id = $3, assigned_at = now(), version = version + 1, updated_at = now()
  from best where t.id = best.id
  returning t.id, t.number, t.status, t.version
), told as (
  insert into events (id, workspace_id, subject_type, subject_id, verb, changes, actor_id)
  select $5, $1, 'TASK', id, 'claimed', json_build_object('assignee_id', json_build_array(null, $3)), $3 from claimed
), handed as (
  insert into assignments (id, workspace_id, task_id, receiver_id, actor_id, how)
  select $6, $1, id, $3, $3, 'CLAIMED' from claimed
)
select json_build_object('data', json_build_object('taskClaimNext', json_build_object('task', row_to_json(o), 'userErrors', json_build_array())))
from (
  select 'task_' || replace(t.id::text, '-', '') as "id", 'T-' || t.number as "key", t.status as "status",
    t.version as "version",
    (select row_to_json(u) from (select u.name as "name" from users u where u.id = $3) u) as "assignee"
  from claimed t) o
