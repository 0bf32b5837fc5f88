"""A workspace of any size, written straight into the tables: teams, people, customers, visits and tasks."""

from uuid import UUID

import asyncpg

TEAMS = 20
PEOPLE_PER_TEAM = 10

# Ids are UUIDs made of a table's letter and a number, so that every row knows its neighbours' ids.
STATEMENTS = """
create function pg_temp.key(kind text, number bigint) returns uuid language sql immutable
    return (kind || lpad(to_hex(number), 31, '0'))::uuid;
insert into workspaces (id, name) values (pg_temp.key('a', 0), 'Bench');
insert into users (id, workspace_id, name, email, role)
    select pg_temp.key('b', n), pg_temp.key('a', 0), 'Person ' || n, 'person' || n || '@bench.example',
        case when n % {people} = 0 then 'SUPERVISOR' else 'REP' end
    from generate_series(0, {teams} * {people} - 1) n;
insert into teams (id, workspace_id, name)
    select pg_temp.key('c', n), pg_temp.key('a', 0), 'Team ' || n from generate_series(0, {teams} - 1) n;
insert into memberships (id, workspace_id, team_id, user_id, leads)
    select pg_temp.key('d', n), pg_temp.key('a', 0), pg_temp.key('c', n / {people}), pg_temp.key('b', n),
        n % {people} = 0
    from generate_series(0, {teams} * {people} - 1) n;
insert into customers (id, workspace_id, kind, name)
    select pg_temp.key('e', n), pg_temp.key('a', 0), 'ORGANIZATION', 'Customer ' || n
    from generate_series(0, {tasks} / 20) n;
insert into locations (id, workspace_id, customer_id, name, street, city, country)
    select pg_temp.key('f', n), pg_temp.key('a', 0), pg_temp.key('e', n), 'Shop ' || n, n || ' High Street',
        'City ' || n % 100, 'Country ' || n % 7
    from generate_series(0, {tasks} / 20) n;
insert into visits
    (id, workspace_id, customer_id, location_id, creator_id, assignee_id, team_id, planned_start, planned_end)
    select pg_temp.key('1', n), pg_temp.key('a', 0), pg_temp.key('e', n), pg_temp.key('f', n),
        pg_temp.key('b', n % {teams} * {people}), pg_temp.key('b', n % {teams} * {people} + 1),
        pg_temp.key('c', n % {teams}), now() + n * interval '1 hour', now() + (n + 1) * interval '1 hour'
    from generate_series(0, {tasks} / 20) n;
insert into tasks (id, workspace_id, number, title, type, priority, due_on, scheduled_at, expected_minutes, description,
    place, creator_id, assignee_id, assigned_at, team_id, parent_id, visit_id, workflow, status, finished_at)
    select pg_temp.key('2', n), pg_temp.key('a', 0), n, 'Count shelf ' || n, 'MEETING', 1 + n % 4,
        date '2026-01-01' + (n % 997)::int, timestamptz '2026-01-01' + n * interval '1 minute', 30, 'Every shelf of row ' || n,
        'Aisle ' || n % 30, pg_temp.key('b', n % {teams} * {people}), pg_temp.key('b', n % {teams} * {people} + n % 7),
        now(), pg_temp.key('c', n % {teams}),
        case when n % 4 = 3 then pg_temp.key('2', n - {teams} * (1 + n % 3)) end, pg_temp.key('1', n % ({tasks} / 20)),
        'REVIEWED', case when n % 5 = 4 then 'CLOSED' else 'PENDING' end, case when n % 5 = 4 then now() end
    from generate_series({teams} * 3, {tasks}) n;
insert into task_links (id, workspace_id, task_id, kind, customer_id, is_primary)
    select pg_temp.key('3', n), pg_temp.key('a', 0), pg_temp.key('2', n), 'ORGANIZATION',
        pg_temp.key('e', n % ({tasks} / 20)), true
    from generate_series({teams} * 3, {tasks}) n;
analyze;
"""


async def fill(connection: asyncpg.Connection, tasks: int) -> tuple[UUID, UUID, UUID]:
    """Write about so many tasks, with all that they need; return the workspace, a rep and their team."""
    await connection.execute("set session_replication_role = replica")
    await connection.execute(STATEMENTS.format(teams=TEAMS, people=PEOPLE_PER_TEAM, tasks=tasks))
    await connection.execute("reset session_replication_role")
    return UUID(f"a{0:031x}"), UUID(f"b{PEOPLE_PER_TEAM * 3 + 1:031x}"), UUID(f"c{3:031x}")
