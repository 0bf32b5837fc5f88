select (
  select json_build_object('nodes', coalesce(json_agg(p.n0 order by p.i desc) filter (where p.i <= 1), '[]'), 'pageInfo', json_build_object('hasPreviousPage', count(*) > 1, 'hasNextPage', true))
  from (
    select t1.place_ as i, case when t1.place_ <= 1 then (
      select row_to_json(o)
      from (
        select t1.title as "title", (t1.price)::text as "price") o) end as n0
    from (
      select t1.*, row_number() over () as place_
      from (
        select t1.title, t1.price
        from books t1
        where (t1.workspace_id = $3::uuid and (t1.secret_of is null or t1.secret_of = $4::uuid)) and (not (t1.lost)) and t1.price >= $1::text::numeric and (t1.price > $1::text::numeric or t1.price = $1::text::numeric and (t1.id < $2::text::uuid))
        order by t1.price asc, t1.id desc
        limit 2) t1) t1) p
  having true);
