select (
  select row_to_json(o)
  from (
    select (
      select coalesce(json_agg(o), '[]')
      from (
        select p.key as "heading", (p.value ->> 0)::int as "length", 'Part'::text as "__typename"
        from jsonb_each(t1.parts) p) o) as "parts", (
      select row_to_json(o)
      from (
        select (
          select row_to_json(o)
          from (
            select t2.name as "name", t2.born::text as "day", 'Life'::text as "__typename") o) as "life"
        from authors t2
        where (t2.id = t1.author_id)) o) as "author"
    from books t1
    where (t1.id = $1::uuid) and ((t1.workspace_id = $2::uuid and (t1.secret_of is null or t1.secret_of = $3::uuid)) is true)) o);
