select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select t1.title as "title", t1.pages as "pages"
    from (
      select t1.title, t1.pages
      from books t1
      where (t1.workspace_id = $1::uuid and (t1.secret_of is null or t1.secret_of = $2::uuid)) and (not (t1.lost))
      order by t1.pages desc nulls last, t1.title asc, t1.id asc
      limit 20) t1) o));
