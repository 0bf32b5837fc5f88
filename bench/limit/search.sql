select json_build_object('data', json_build_object('tasks', json_build_object('nodes', coalesce(json_agg(o), '[]'))))
from (
  select 'T-' || t.number as "key", t.title as "title", t.status as "status", t.due_on as "dueOn"
  from tasks t
  where t.workspace_id = $1 and t.deletion_id is null and (t.team_id is null or t.team_id = any($2) or t.assignee_id = $3 or t.creator_id = $3
      or t.id = any(array(
        select c.task_id from participants c where c.user_id = $3 and c.part = 'COLLABORATOR')))
    and t.finished_at is null
    and (to_tsvector('simple', t.search_text) @@ to_tsquery('simple', $5) or $4 <% t.search_text)
  order by
    round((ts_rank(to_tsvector('simple', t.search_text), to_tsquery('simple', $5))
      + word_similarity($4, t.search_text))::numeric, 6) desc,
    t.id
  limit 20
) o
