select (
  select row_to_json(o)
  from (
    select t1.title as "name", (
      select row_to_json(o)
      from (
        select t2.name as "name", t2.born as "born"
        from authors t2
        where (t2.id = t1.author_id)) o) as "author", 'Book'::text as "__typename", t1.title as "title", 'book_' || replace(t1.id::text, '-', '') as "key"
    from books t1
    where (t1.id = $1::uuid) and ((t1.workspace_id = $2::uuid and (t1.secret_of is null or t1.secret_of = $3::uuid)) is true)) o);
