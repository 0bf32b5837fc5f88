select json_build_object('totalCount', (
  select count(*)
  from books t2
  where (t2.workspace_id = $1::uuid and (t2.secret_of is null or t2.secret_of = $2::uuid)) and (not (t2.lost))), '__typename', 'BookConnection'::text);
