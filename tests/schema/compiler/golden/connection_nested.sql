select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select t1.name as "name", (
      select json_build_object('nodes', coalesce(json_agg(p.n0 order by p.i asc) filter (where p.i <= 1), '[]'), 'totalCount', (
        select count(*)
        from books t3
        where (t3.author_id = t1.id) and ((t3.workspace_id = $1::uuid and (t3.secret_of is null or t3.secret_of = $2::uuid)) is true) and (not (t3.lost))))
      from (
        select t2.place_ as i, case when t2.place_ <= 1 then (
          select row_to_json(o)
          from (
            select t2.title as "title") o) end as n0
        from (
          select t2.*, row_number() over () as place_
          from (
            select t2.title
            from books t2
            where (t2.author_id = t1.id) and ((t2.workspace_id = $1::uuid and (t2.secret_of is null or t2.secret_of = $2::uuid)) is true) and (not (t2.lost))
            order by t2.id asc
            limit 2) t2) t2) p
      having true) as "books", json_build_object('nodes', (
      select coalesce(json_agg(o), '[]')
      from (
        select t4.name as "name"
        from (
          select t4.name
          from authors t4
          where (t4.mentor_id = t1.id) and ((t4.workspace_id = $1::uuid) is true)
          order by t4.id asc
          limit 20) t4) o)) as "pupils"
    from (
      select t1.name, t1.id
      from authors t1
      where (t1.workspace_id = $1::uuid)
      order by t1.id asc
      limit 20) t1) o));
