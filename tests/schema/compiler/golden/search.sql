select json_build_object('nodes', (
  select coalesce(json_agg(o), '[]')
  from (
    select t1.name as "name"
    from (
      select t1.name
      from authors t1
      where (t1.workspace_id = $3::uuid) and ((to_tsvector('simple', t1.search_text) @@ to_tsquery('simple', $2::text) or $1::text <% t1.search_text))
      order by round((ts_rank(to_tsvector('simple', t1.search_text), to_tsquery('simple', $2::text)) + word_similarity($1::text, t1.search_text))::numeric, 6) desc, t1.id asc
      limit 20) t1) o));
