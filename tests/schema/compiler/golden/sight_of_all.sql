select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select (
      select row_to_json(o)
      from (
        select t2.title as "title"
        from books t2
        where (t2.id = t1.book_id)) o) as "book"
    from (
      select t1.book_id
      from reviews t1
      where (t1.workspace_id = $1::uuid)
      order by t1.id asc
      limit 20) t1) o));
