select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select t1.name as "name"
    from (
      select t1.name
      from authors t1
      where (t1.workspace_id = $1::uuid) and ((exists (
        select
        from books t2
        where (t2.author_id = t1.id) and ((t2.workspace_id = $1::uuid and (t2.secret_of is null or t2.secret_of = $2::uuid)) is true) and (t2.pages < $3::int))) and ((exists (
        select
        from books t3
        where (t3.author_id = t1.id) and ((t3.workspace_id = $1::uuid and (t3.secret_of is null or t3.secret_of = $2::uuid)) is true) and (((coalesce(t3.published_at < (now() at time zone 'UTC')::date, false))) is not true))) is not true) and ((exists (
        select
        from books t4
        where (t4.author_id = t1.id) and ((t4.workspace_id = $1::uuid and (t4.secret_of is null or t4.secret_of = $2::uuid)) is true) and (t4.size = $4::int))) is not true))
      order by t1.id asc
      limit 20) t1) o));
