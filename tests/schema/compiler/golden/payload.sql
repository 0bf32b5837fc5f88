select (
  select row_to_json(o)
  from (
    select t1.title as "title", json_build_object('totalCount', (
      select count(*)
      from reviews t3
      where (t3.book_id = t1.id) and ((t3.workspace_id = $2::uuid) is true))) as "reviews"
    from books t1
    where (t1.id = $1::uuid) and ((t1.workspace_id = $2::uuid and (t1.secret_of is null or t1.secret_of = $3::uuid)) is true)) o);
