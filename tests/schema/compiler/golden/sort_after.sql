select (
  select json_build_object('nodes', coalesce(json_agg(p.n0 order by p.i asc) filter (where p.i <= 2), '[]'), 'pageInfo', json_build_object('hasPreviousPage', true))
  from (
    select t1.place_ as i, case when t1.place_ <= 2 then (
      select row_to_json(o)
      from (
        select t1.title as "title", t1.pages as "pages") o) end as n0
    from (
      select t1.*, row_number() over () as place_
      from (
        select t1.*
        from ((
          select t1.title, t1.pages, t1.id
          from books t1
          where (t1.workspace_id = $3::uuid and (t1.secret_of is null or t1.secret_of = $4::uuid)) and (not (t1.lost)) and (t1.pages, t1.id) > ($1::text::int, $2::text::uuid)
          order by t1.pages asc nulls first, t1.id asc
          limit 3) union all (
          select t1.title, t1.pages, t1.id
          from books t1
          where (t1.workspace_id = $3::uuid and (t1.secret_of is null or t1.secret_of = $4::uuid)) and (not (t1.lost)) and t1.pages is not null and $1::text::int is null
          order by t1.pages asc nulls first, t1.id asc
          limit 3) union all (
          select t1.title, t1.pages, t1.id
          from books t1
          where (t1.workspace_id = $3::uuid and (t1.secret_of is null or t1.secret_of = $4::uuid)) and (not (t1.lost)) and t1.pages is null and $1::text::int is null and (t1.id) > ($2::text::uuid)
          order by t1.pages asc nulls first, t1.id asc
          limit 3)) t1
        order by t1.pages asc nulls first, t1.id asc
        limit 3) t1) t1) p
  having true);
