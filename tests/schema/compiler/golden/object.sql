select (
  select row_to_json(o)
  from (
    select 'book_' || replace(t1.id::text, '-', '') as "id", t1.title as "title", t1.genre as "genre", case t1.size when 1 then 'SMALL' when 2 then 'LARGE' end as "size", t1.pages as "pages", (t1.price)::text as "price", to_char(t1.published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "publishedAt", (coalesce(t1.published_at < (now() at time zone 'UTC')::date, false)) as "old"
    from books t1
    where (t1.id = $1::uuid) and ((t1.workspace_id = $2::uuid and (t1.secret_of is null or t1.secret_of = $3::uuid)) is true)) o);
