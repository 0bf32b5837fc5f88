select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select t1.title as "title"
    from (
      select t1.title
      from books t1
      where (t1.workspace_id = $1::uuid and (t1.secret_of is null or t1.secret_of = $2::uuid)) and ((exists (
        select
        from authors t2
        where (t2.id = t1.author_id) and ((t2.workspace_id = $1::uuid) is true) and ((t2.mentor_id is not null) and (starts_with(lower(t2.name), lower($3::text)))))) and (not (t1.lost)))
      order by t1.id asc
      limit 20) t1) o));
