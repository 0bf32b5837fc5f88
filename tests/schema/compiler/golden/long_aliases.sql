select json_build_object('nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', (
  select coalesce(json_agg((
    select json_object_agg(x.k, x.v)
    from (values ('tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt', to_json(t1.title)), ('genre', to_json(t1.genre))) x (k, v))), '[]')
  from (
    select t1.title, t1.genre
    from books t1
    where (t1.workspace_id = $1::uuid and (t1.secret_of is null or t1.secret_of = $2::uuid)) and (not (t1.lost))
    order by t1.id asc
    limit 1) t1));
