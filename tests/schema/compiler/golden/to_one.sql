select (
  select row_to_json(o)
  from (
    select (
      select row_to_json(o)
      from (
        select t2.name as "name", (
          select row_to_json(o)
          from (
            select t3.name as "name", (
              select row_to_json(o)
              from (
                select t4.name as "name"
                from authors t4
                where (t4.id = t3.mentor_id)) o) as "mentor"
            from authors t3
            where (t3.id = t2.mentor_id)) o) as "mentor"
        from authors t2
        where (t2.id = t1.author_id)) o) as "author"
    from books t1
    where (t1.id = $1::uuid) and ((t1.workspace_id = $2::uuid and (t1.secret_of is null or t1.secret_of = $3::uuid)) is true)) o);
