select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select t1.title as "title"
    from (
      select t1.title
      from books t1
      where (t1.workspace_id = $1::uuid and (t1.secret_of is null or t1.secret_of = $2::uuid)) and (not (t1.lost))
      order by t1.id asc
      limit 2) t1) o));
