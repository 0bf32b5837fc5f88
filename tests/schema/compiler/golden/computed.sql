select (
  select json_build_object('edges', coalesce(json_agg(json_build_object('node', p.n0) order by p.i asc) filter (where p.i <= 1), '[]'))
  from (
    select t1.place_ as i, case when t1.place_ <= 1 then (
      select row_to_json(o)
      from (
        select (
          select row_to_json(f)
          from (
            select 0 as "$filling", t1.pages as "pages") f) as "advice", (
          select row_to_json(o)
          from (
            select (
              select row_to_json(f)
              from (
                select 1 as "$filling", upper(t2.name) as "word") f) as "advice"
            from authors t2
            where (t2.id = t1.author_id)) o) as "author") o) end as n0
    from (
      select t1.*, row_number() over () as place_
      from (
        select t1.pages, t1.author_id
        from books t1
        where (t1.workspace_id = $1::uuid and (t1.secret_of is null or t1.secret_of = $2::uuid)) and (not (t1.lost))
        order by t1.id asc
        limit 2) t1) t1) p
  having true);
