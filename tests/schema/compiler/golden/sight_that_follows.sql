select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select t1.title as "title", json_build_object('nodes', (
      select coalesce(json_agg(o), '[]')
      from (
        select t2.stars as "stars"
        from (
          select t2.stars
          from reviews t2
          where (t2.book_id = t1.id) and ((t2.workspace_id = $1::uuid) is true)
          order by t2.id asc
          limit 20) t2) o)) as "reviews"
    from (
      select t1.title, t1.id
      from books t1
      where (t1.workspace_id = $1::uuid and (t1.secret_of is null or t1.secret_of = $2::uuid)) and (not (t1.lost))
      order by t1.id asc
      limit 20) t1) o));
