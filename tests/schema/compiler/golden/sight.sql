select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select (
      select row_to_json(o)
      from (
        select t2.title as "title"
        from books t2
        where (t2.id = t1.book_id) and ((t2.workspace_id = $1::uuid and (t2.secret_of is null or t2.secret_of = $2::uuid)) is true)) o) as "book"
    from (
      select t1.book_id
      from reviews t1
      where (t1.workspace_id = $1::uuid and exists (
        select
        from books b
        where b.id = t1.book_id and (b.secret_of is null or b.secret_of = $2::uuid)))
      order by t1.id asc
      limit 20) t1) o));
