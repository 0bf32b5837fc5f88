select (
  select json_build_object('nodes', coalesce(json_agg(p.n0 order by p.i asc) filter (where p.i <= 1), '[]'), 'totalCount', (
    select count(*)
    from books t2
    where (t2.workspace_id = $1::uuid and (t2.secret_of is null or t2.secret_of = $2::uuid)) and (not (t2.lost))))
  from (
    select t1.place_ as i, case when t1.place_ <= 1 then (
      select row_to_json(o)
      from (
        select t1.title as "title") o) end as n0
    from (
      select t1.*, row_number() over () as place_
      from (
        select t1.title
        from books t1
        where (t1.workspace_id = $1::uuid and (t1.secret_of is null or t1.secret_of = $2::uuid)) and (not (t1.lost))
        order by t1.id asc
        limit 2) t1) t1) p
  having true);
