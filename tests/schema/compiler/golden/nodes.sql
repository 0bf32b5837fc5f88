select coalesce(json_agg(case wanted.prefix when 'author' then (
  select row_to_json(o)
  from (
    select 'author_' || replace(t1.id::text, '-', '') as "id", (
      select row_to_json(f)
      from (
        select 0 as "$filling", upper(t1.name) as "word") f) as "advice"
    from authors t1
    where (t1.id = wanted.id) and ((t1.workspace_id = $3::uuid) is true)) o) when 'book' then (
  select row_to_json(o)
  from (
    select 'book_' || replace(t2.id::text, '-', '') as "id", (
      select row_to_json(f)
      from (
        select 1 as "$filling", t2.pages as "pages") f) as "advice"
    from books t2
    where (t2.id = wanted.id) and ((t2.workspace_id = $3::uuid and (t2.secret_of is null or t2.secret_of = $4::uuid)) is true)) o) end order by wanted.place), '[]')
from unnest($1::text[], $2::uuid[]) with ordinality wanted (prefix, id, place);
