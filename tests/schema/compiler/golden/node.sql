select (
  select row_to_json(o)
  from (
    select 'Book'::text as "__typename", 'book_' || replace(t1.id::text, '-', '') as "id", t1.title as "title"
    from books t1
    where (t1.id = $1::uuid) and ((t1.workspace_id = $2::uuid and (t1.secret_of is null or t1.secret_of = $3::uuid)) is true)) o);
