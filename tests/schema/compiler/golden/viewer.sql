select (
  select row_to_json(o)
  from (
    select t1.name as "name", (t1.id = $1::uuid) as "isMe"
    from authors t1
    where (t1.id = $1::uuid) and ((t1.workspace_id = $2::uuid) is true)) o);
