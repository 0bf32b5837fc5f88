with zone as materialized (
  select w.time_zone as name, (now() at time zone w.time_zone)::date as today from workspaces w where w.id = $1
), months as (
  select date_trunc('month', t.created_at at time zone (select name from zone))::date as month, t.status,
    count(*) as count,
    count(*) filter (where t.due_on < (select today from zone) and t.finished_at is null) as overdue,
    count(*) filter (where t.status in ('COMPLETED', 'CLOSED') and t.due_on is not null) as due,
    count(*) filter (
      where t.status in ('COMPLETED', 'CLOSED') and (t.finished_at at time zone (select name from zone))::date <= t.due_on
    ) as on_time,
    count(*) filter (where t.status in ('COMPLETED', 'CLOSED') and t.started_at is not null) as cycles,
    avg(t.finished_at - t.started_at) filter (where t.status in ('COMPLETED', 'CLOSED')) as average,
    percentile_cont(0.5) within group (order by t.finished_at - t.started_at)
      filter (where t.status in ('COMPLETED', 'CLOSED')) as median
  from tasks t
  where t.workspace_id = $1 and t.deletion_id is null
  group by 1, 2
), estimates as (
  select month, status, count(*) as count, sum(expected) as expected, round(sum(worked)::numeric)::bigint as worked
  from (
    select date_trunc('month', t.created_at at time zone (select name from zone))::date as month, t.status,
      t.expected_minutes as expected, e.worked
    from tasks t
    join (
      select e.task_id, sum(coalesce(e.minutes, date_part('epoch', e.ended_at - e.started_at) / 60)) as worked
      from time_entries e
      where e.workspace_id = $1 and (e.minutes is not null or e.ended_at is not null)
      group by e.task_id
    ) e on e.task_id = t.id
    where t.workspace_id = $1 and t.deletion_id is null and t.status in ('COMPLETED', 'CLOSED') and t.expected_minutes is not null
  ) t
  group by 1, 2
)
select json_build_object('data', json_build_object('taskMetrics', coalesce(json_agg(o), '[]')))
from (
  select m.month as "periodStart", m.status as "status", m.count as "count", m.overdue as "overdue",
    json_build_object(
      'due', m.due, 'onTime', m.on_time, 'percent', round(100.0 * m.on_time / nullif(m.due, 0), 1)::text
    ) as "onTime",
    json_build_object('count', m.cycles, 'average', d.told[1], 'median', d.told[2]) as "cycleTime",
    json_build_object(
      'count', coalesce(e.count, 0), 'expected', d.told[3], 'worked', d.told[4],
      'percent', round(100.0 * e.worked / nullif(e.expected, 0), 1)::text
    ) as "estimates"
  from months m
  left join estimates e using (month, status)
  cross join lateral (
    select array_agg(
      case
        when v > 0 then 'PT' || coalesce(nullif(v / 60, 0) || 'H', '') || coalesce(nullif(v % 60, 0) || 'M', '')
        when v = 0 then 'PT0S'
      end
      order by place
    ) as told
    from unnest(array[
      round(extract(epoch from m.average) / 60)::bigint, round(extract(epoch from m.median) / 60)::bigint,
      coalesce(e.expected, 0), coalesce(e.worked, 0)
    ]) with ordinality u (v, place)
  ) d
  order by m.month, m.status
) o
