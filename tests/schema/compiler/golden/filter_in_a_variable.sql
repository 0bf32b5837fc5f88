select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select t1.title as "title", t1.genre as "genre", case t1.size when 1 then 'SMALL' when 2 then 'LARGE' end as "size"
    from (
      select t1.title, t1.genre, t1.size
      from books t1
      where (t1.workspace_id = $1::uuid and (t1.secret_of is null or t1.secret_of = $2::uuid)) and ((((t1.pages) is null) or (t1.size < $3::int)) and (t1.genre = $4::text) and (not (t1.lost)))
      order by t1.id asc
      limit 20) t1) o));
