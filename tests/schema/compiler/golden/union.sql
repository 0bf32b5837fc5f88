select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select t1.stars as "stars", case when t1.about_author_id is not null then (
      select row_to_json(o)
      from (
        select 'Author'::text as "__typename", t2.name as "name", 'author_' || replace(t2.id::text, '-', '') as "id"
        from authors t2
        where (t2.id = t1.about_author_id)) o) when t1.about_book_id is not null then (
      select row_to_json(o)
      from (
        select 'Book'::text as "__typename", t3.title as "title", 'book_' || replace(t3.id::text, '-', '') as "id"
        from books t3
        where (t3.id = t1.about_book_id) and ((t3.workspace_id = $1::uuid and (t3.secret_of is null or t3.secret_of = $2::uuid)) is true)) o) end as "subject"
    from (
      select t1.stars, t1.about_author_id, t1.about_book_id
      from reviews t1
      where (t1.workspace_id = $1::uuid and exists (
        select
        from books b
        where b.id = t1.book_id and (b.secret_of is null or b.secret_of = $2::uuid)))
      order by t1.id asc
      limit 20) t1) o));
