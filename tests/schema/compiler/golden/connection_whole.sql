select (
  select json_build_object('totalCount', (
    select count(*)
    from books t2
    where (t2.workspace_id = $1::uuid and (t2.secret_of is null or t2.secret_of = $2::uuid)) and (not (t2.lost))), 'pageInfo', json_build_object('hasNextPage', count(*) > 2, 'hasPreviousPage', false, 'startCursor', (
    select translate(encode(substr(sha256($4::bytea || sha256($3::bytea || $5::bytea || c.m)), 1, 16) || c.m, 'base64'), E'+/=\n', '-_')
    from (
      select convert_to((array_agg(p.n0 order by p.i asc) filter (where p.i <= 2))[1], 'UTF8') as m) c), 'endCursor', (
    select translate(encode(substr(sha256($4::bytea || sha256($3::bytea || $5::bytea || c.m)), 1, 16) || c.m, 'base64'), E'+/=\n', '-_')
    from (
      select convert_to((array_agg(p.n0 order by p.i desc) filter (where p.i <= 2))[1], 'UTF8') as m) c)), 'edges', coalesce(json_agg(json_build_object('cursor', p.n1, 'node', p.n2) order by p.i asc) filter (where p.i <= 2), '[]'), 'nodes', coalesce(json_agg(p.n3 order by p.i asc) filter (where p.i <= 2), '[]'))
  from (
    select t1.place_ as i, json_build_array((t1.id)::text)::text as n0, (
      select translate(encode(substr(sha256($4::bytea || sha256($3::bytea || $5::bytea || c.m)), 1, 16) || c.m, 'base64'), E'+/=\n', '-_')
      from (
        select convert_to(json_build_array((t1.id)::text)::text, 'UTF8') as m) c) as n1, case when t1.place_ <= 2 then (
      select row_to_json(o)
      from (
        select t1.title as "title") o) end as n2, case when t1.place_ <= 2 then (
      select row_to_json(o)
      from (
        select 'book_' || replace(t1.id::text, '-', '') as "id") o) end as n3
    from (
      select t1.*, row_number() over () as place_
      from (
        select t1.id, t1.title
        from books t1
        where (t1.workspace_id = $1::uuid and (t1.secret_of is null or t1.secret_of = $2::uuid)) and (not (t1.lost))
        order by t1.id asc
        limit 3) t1) t1) p
  having true);
