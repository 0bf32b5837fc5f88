-- The rights of the viewer as row level security, which is how PostGraphile's documentation does it. What belongs to a
-- task (links, time entries, events and so on) is only reached through the task here, so it need only be of the workspace:
-- that is less than what we check, in PostGraphile's favour. The settings are read once a statement.
do $$ begin create role bench_viewer; exception when duplicate_object then null; end $$;
grant usage on schema public to bench_viewer;
grant select on all tables in schema public to bench_viewer;
do $$
declare
    each text;
    inside text := 'workspace_id = (select current_setting(''bench.workspace'')::uuid)';
    seen text := inside || ' and (team_id is null'
        || ' or team_id = any((select current_setting(''bench.teams'')::uuid[])::uuid[])'
        || ' or assignee_id = (select current_setting(''bench.me'')::uuid)'
        || ' or creator_id = (select current_setting(''bench.me'')::uuid)'
        || ' or (select current_setting(''bench.admin'')::bool))';
begin
    foreach each in array array['users', 'teams', 'customers', 'locations', 'task_links', 'time_entries', 'assignments',
        'reminders', 'events', 'tasks', 'visits']
    loop
        execute format('alter table %I enable row level security', each);
        execute format('drop policy if exists bench on %I', each);
        execute format('create policy bench on %I for select to bench_viewer using (%s)', each,
            case when each in ('tasks', 'visits') then seen else inside end);
    end loop;
end $$;
-- How many tasks of a customer are open: PostGraphile counts across two tables by a function of one's own.
create or replace function customers_open_tasks(customer customers) returns bigint language sql stable as $$
    select count(*) from task_links l join tasks t on t.id = l.task_id
    where l.customer_id = customer.id and t.finished_at is null
$$;
-- Relations by the single column that has an index, under the names that our schema has.
comment on table tasks is E'@foreignKey (assignee_id) references users (id)|@fieldName assignee|@foreignFieldName held\n'
    '@foreignKey (creator_id) references users (id)|@fieldName creator|@foreignFieldName created\n'
    '@foreignKey (team_id) references teams (id)|@fieldName team|@foreignFieldName tasks\n'
    '@foreignKey (parent_id) references tasks (id)|@fieldName parent|@foreignFieldName subtasks\n'
    '@foreignKey (visit_id) references visits (id)|@fieldName visit|@foreignFieldName tasks';
comment on table task_links is E'@foreignKey (task_id) references tasks (id)|@fieldName task|@foreignFieldName links\n'
    '@foreignKey (customer_id) references customers (id)|@fieldName customer|@foreignFieldName links\n'
    '@foreignKey (location_id) references locations (id)|@fieldName location|@foreignFieldName links';
comment on table time_entries is
    E'@foreignKey (task_id) references tasks (id)|@fieldName task|@foreignFieldName timeEntries\n'
    '@foreignKey (user_id) references users (id)|@fieldName user|@foreignFieldName timeEntries';
comment on table reminders is E'@foreignKey (task_id) references tasks (id)|@fieldName task|@foreignFieldName reminders\n'
    '@foreignKey (user_id) references users (id)|@fieldName user|@foreignFieldName reminders';
comment on table assignments is
    E'@foreignKey (task_id) references tasks (id)|@fieldName task|@foreignFieldName assignments\n'
    '@foreignKey (receiver_id) references users (id)|@fieldName receiver|@foreignFieldName received';
comment on table events is E'@foreignKey (subject_id) references tasks (id)|@fieldName task|@foreignFieldName history\n'
    '@foreignKey (actor_id) references users (id)|@fieldName actor|@foreignFieldName acts';
comment on table locations is
    E'@foreignKey (customer_id) references customers (id)|@fieldName customer|@foreignFieldName locations';
comment on table visits is E'@foreignKey (customer_id) references customers (id)|@fieldName customer|@foreignFieldName visits\n'
    '@foreignKey (location_id) references locations (id)|@fieldName location|@foreignFieldName visits';
