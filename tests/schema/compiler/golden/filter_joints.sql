select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select t1.title as "title"
    from (
      select t1.title
      from books t1
      where (t1.workspace_id = $1::uuid and (t1.secret_of is null or t1.secret_of = $2::uuid)) and ((t1.pages > $3::int) or (((t1.pages) is null) and ((t1.genre = $4::text) is not true)))
      order by t1.id asc
      limit 20) t1) o));
