select json_build_object('data', json_build_object('customers', json_build_object('nodes', coalesce(json_agg(o), '[]'))))
from (
  select
    'cust_' || replace(c.id::text, '-', '') as "id", c.name as "name", c.reference as "reference",
    (select json_build_object('nodes', coalesce(json_agg(l), '[]')) from (
       select l.name as "name", l.city as "city" from locations l where l.customer_id = c.id order by l.id limit 3) l)
      as "locations",
    (select json_build_object('nodes', coalesce(json_agg(v), '[]')) from (
       select v.status as "status",
         to_char(v.planned_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "plannedStart",
         (select json_build_object('nodes', coalesce(json_agg(t), '[]')) from (
            select 'T-' || t.number as "key", t.title as "title", t.status as "status"
            from tasks t where t.visit_id = v.id and t.workspace_id = $1
              and t.deletion_id is null and (t.team_id is null or t.team_id = any($2) or t.assignee_id = $3 or t.creator_id = $3
                  or t.id = any(array(
                    select c.task_id from participants c where c.user_id = $3 and c.part = 'COLLABORATOR')))
            order by t.id limit 5) t) as "tasks"
       from visits v where v.customer_id = c.id and v.workspace_id = $1
         and (v.team_id is null or v.team_id = any($2) or v.assignee_id = $3 or v.creator_id = $3)
       order by v.id limit 5) v) as "visits",
    json_build_object('totalCount', (
       select count(*) from task_links l join tasks t on t.id = l.task_id
       where l.customer_id = c.id and t.workspace_id = $1 and t.finished_at is null
         and t.deletion_id is null and (t.team_id is null or t.team_id = any($2) or t.assignee_id = $3 or t.creator_id = $3
             or t.id = any(array(
               select c.task_id from participants c where c.user_id = $3 and c.part = 'COLLABORATOR'))))) as "openTasks"
  from (
    select c.id, c.name, c.reference from customers c where c.workspace_id = $1 and c.sales_rep_id = $4 order by c.name, c.id limit 25) c
) o
