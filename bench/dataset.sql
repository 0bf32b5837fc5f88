-- A workspace of :tasks tasks, written straight into the tables, the same each time.
--
-- 5,000 tasks a team; 10 people a team, of whom the first leads it; 50 tasks, 5 visits and 3 locations a customer. Ids are
-- UUIDs made of a table's letter and a number, so that every row knows its neighbours' ids. A task's `place` counts
-- the tasks of its team from the oldest to the newest: most of the old ones are finished.

create function pg_temp.key(kind text, number bigint) returns uuid language sql immutable
    return (kind || lpad(to_hex(number), 31, '0'))::uuid;
create function pg_temp.word(words text[], number bigint) returns text language sql immutable
    return words[1 + number % cardinality(words)];

create temp table numbers as
select n, n / 8 % :teams as team, n / (8 * :teams) * 8 + n % 8 as place
from generate_series(0, :tasks - 1) n;

create temp table work as
select
    n, team, place, place / 10 as visit, place / 50 as customer,
    (place < 3500 and place % 50 <> 0) or place % 3 = 0 as finished,
    timestamptz '2025-01-01 08:00+00' + place * interval '3 hours' as created,
    case
        when place % 10 = 3 and not ((place < 3500 and place % 50 <> 0) or place % 3 = 0) then null
        else team * 10 + 1 + place % 9
    end as holder
from numbers;

insert into workspaces (id, name, last_task_number) values (pg_temp.key('a', 0), 'Bench', :tasks);

insert into users (id, workspace_id, name, email, role)
select
    pg_temp.key('b', n), pg_temp.key('a', 0), 'Person ' || n, 'person' || n || '@bench.example',
    case when n = :teams * 10 then 'ADMIN' when n % 10 = 0 then 'SUPERVISOR' else 'REP' end
from generate_series(0, :teams * 10) n;

insert into teams (id, workspace_id, name, parent_id)
select pg_temp.key('c', n), pg_temp.key('a', 0), 'Team ' || n, case when n % 10 > 0 then pg_temp.key('c', n - n % 10) end
from generate_series(0, :teams - 1) n;

insert into memberships (id, workspace_id, team_id, user_id, leads)
select pg_temp.key('d', n), pg_temp.key('a', 0), pg_temp.key('c', n / 10), pg_temp.key('b', n), n % 10 = 0
from generate_series(0, :teams * 10 - 1) n;

insert into customers (id, workspace_id, kind, name, reference, sales_rep_id)
select
    pg_temp.key('e', n), pg_temp.key('a', 0), 'ORGANIZATION',
    pg_temp.word('{Alder,Birch,Cedar,Fir,Hazel,Linden,Maple,Oak,Pine,Rowan,Willow}', n) || ' '
    || pg_temp.word('{Bakery,Books,Cafe,Dairy,Foods,Garden,Market,Pharmacy,Sports,Tools,Toys,Wines,Works}', n) || ' ' || n,
    'C-' || n, pg_temp.key('b', n % :teams * 10 + 1 + n / :teams / 25)
from generate_series(0, :tasks / 50 - 1) n;

insert into locations (id, workspace_id, customer_id, name, street, city, country)
select
    pg_temp.key('f', n), pg_temp.key('a', 0), pg_temp.key('e', n / 3),
    pg_temp.word('{Main shop,Branch,Warehouse}', n) || ' ' || n, n || ' High Street', 'City ' || n % 100, 'Country ' || n % 7
from generate_series(0, :tasks / 50 * 3 - 1) n;

insert into visits (
    id, workspace_id, customer_id, location_id, creator_id, assignee_id, team_id, planned_start, planned_end, purpose,
    status, checked_in_at, checked_out_at
)
select
    pg_temp.key('1', team + :teams * visit), pg_temp.key('a', 0), pg_temp.key('e', team + :teams * (visit / 5)),
    pg_temp.key('f', (team + :teams * (visit / 5)) * 3 + visit % 3), pg_temp.key('b', team * 10),
    pg_temp.key('b', team * 10 + 1 + visit % 9), pg_temp.key('c', team),
    start, start + interval '1 hour', 'Look after the ' || pg_temp.word('{autumn,spring,summer,winter}', visit) || ' range',
    case when visit < 400 then 'COMPLETED' else 'PLANNED' end, case when visit < 400 then start end,
    case when visit < 400 then start + interval '50 minutes' end
from
    generate_series(0, :teams - 1) team,
    generate_series(0, 499) visit,
    lateral (select timestamptz '2025-01-02 09:00+00' + visit * interval '30 hours' + team * interval '1 minute') s (start);

insert into tasks (
    id, workspace_id, number, title, description, type, priority, due_on, scheduled_at, expected_minutes, place,
    creator_id, assignee_id, assigned_at, team_id, parent_id, visit_id, workflow, status, started_at, released_at,
    finished_at, finished_by_id, created_at, updated_at
)
select
    pg_temp.key('2', n), pg_temp.key('a', 0), n + 1,
    pg_temp.word('{Check,Clean,Count,Demonstrate,Deliver,Explain,Inspect,Install,Measure,Move,Order,Repair}', n * 7 / 3)
    || ' ' || pg_temp.word('{broken,cold,empty,framed,green,heavy,little,new,old,open,red,returned,seasonal,tall,wooden}', n * 11 / 5)
    || ' ' || pg_temp.word('{banner,basket,bottle,box,cabinet,counter,crate,display,door,freezer,label,lamp,mirror,pallet}', n * 13 / 7)
    || ' ' || n,
    'Bring the ' || pg_temp.word('{catalogue,contract,invoice,leaflet,sample,tablet,toolbox}', n)
    || ', ask for ' || pg_temp.word('{Anna,Boris,Clara,David,Elena,Frank,Greta,Henry,Irene,Jonas}', n * 17 / 3)
    || ' and write down what is ' || pg_temp.word('{missing,damaged,sold out,expired,misplaced,wanted}', n * 19 / 11),
    pg_temp.word('{CALL,EMAIL,MEETING,FOLLOW_UP,DEMO,OTHER}', n), 1 + n % 4,
    case when place % 20 <> 7 then (created + (7 + n * 7 % 13) * interval '1 day')::date end,
    case when place % 4 = 0 then created + interval '5 days' end, 15 * (1 + n % 8), 'Aisle ' || n % 30,
    pg_temp.key('b', team * 10), pg_temp.key('b', holder), case when holder is not null then created end,
    pg_temp.key('c', team),
    case when place % 8 in (1, 2, 3) then pg_temp.key('2', n - n % 8) when place % 8 = 5 then pg_temp.key('2', n - 1) end,
    case when place % 2 = 0 then pg_temp.key('1', team + :teams * visit) end, 'REVIEWED',
    case
        when finished then pg_temp.word('{CLOSED,CLOSED,CLOSED,CLOSED,CLOSED,CLOSED,CLOSED,CLOSED,CANCELLED}', place)
        when holder is null then 'PENDING'
        else pg_temp.word('{PENDING,IN_PROGRESS,PENDING,RELEASED}', place)
    end,
    case when finished or (holder is not null and place % 4 in (1, 3)) then created + interval '1 day' end,
    case when finished or (holder is not null and place % 4 = 3) then created + interval '2 days' end,
    case when finished then created + interval '3 days' end,
    case when finished then pg_temp.key('b', team * 10) end, created, created + interval '3 days'
from work;

insert into task_links (id, workspace_id, task_id, kind, customer_id, location_id, is_primary, created_at)
select
    pg_temp.key('3', n), pg_temp.key('a', 0), pg_temp.key('2', n), 'ORGANIZATION',
    pg_temp.key('e', team + :teams * customer), null::uuid, true, created
from work
union all
select
    pg_temp.key('3', :tasks + n), pg_temp.key('a', 0), pg_temp.key('2', n), 'LOCATION',
    null, pg_temp.key('f', (team + :teams * customer) * 3 + visit % 3), false, created
from work where n % 3 = 0;

insert into time_entries (
    id, workspace_id, task_id, user_id, creator_id, started_at, ended_at, note, created_at, updated_at
)
select
    pg_temp.key('4', n * 25 + entry), pg_temp.key('a', 0), pg_temp.key('2', n), pg_temp.key('b', holder),
    pg_temp.key('b', holder), created + entry * interval '1 day', created + entry * interval '1 day' + interval '45 minutes',
    'Worked on it', created, created
from work, lateral generate_series(0, case when place % 500 = 0 then 24 else 0 end) entry
where holder is not null and (finished or place % 500 = 0);

insert into assignments (id, workspace_id, task_id, receiver_id, actor_id, how, created_at)
select
    pg_temp.key('5', n), pg_temp.key('a', 0), pg_temp.key('2', n), pg_temp.key('b', holder), pg_temp.key('b', team * 10),
    'CREATED', created
from work where holder is not null;

insert into reminders (id, workspace_id, task_id, user_id, creator_id, anchor, offset_minutes, due_at)
select
    pg_temp.key('6', n), pg_temp.key('a', 0), pg_temp.key('2', n), pg_temp.key('b', holder), pg_temp.key('b', team * 10),
    'DUE', 60, timestamptz '2030-01-01 00:00+00'
from work where not finished and holder is not null and place % 5 = 0;

insert into events (id, workspace_id, subject_type, subject_id, verb, changes, actor_id, created_at)
select
    pg_temp.key('7', n * 12 + event), pg_temp.key('a', 0), 'TASK', pg_temp.key('2', n),
    case event when 0 then 'created' else 'edited' end,
    case event
        when 0 then jsonb_build_object('number', jsonb_build_array(null, n + 1))
        else jsonb_build_object('place', jsonb_build_array(null, 'Aisle ' || event))
    end,
    pg_temp.key('b', team * 10), created + event * interval '1 hour'
from work, lateral generate_series(0, case when place % 500 = 0 then 11 else 0 end) event
union all
select
    pg_temp.key('8', number * 4 + step), workspace_id, 'TASK', id, verb,
    jsonb_build_object('status', jsonb_build_array(before, after)), creator_id, at
from tasks, lateral (
    values
        (1, 'started', 'PENDING', 'IN_PROGRESS', started_at), (2, 'released', 'IN_PROGRESS', 'RELEASED', released_at),
        (3, lower(status), 'RELEASED', status, finished_at)
) s (step, verb, before, after, at)
where at is not null;
