from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0001_initial')]

    initial = False

    operations = [
        ops.AddConstraint(
            model_name='Billable',
            constraint=UniqueConstraint(fields=('conversion_id', 'user_id'), name='billables_once'),
        ),
        ops.AddConstraint(
            model_name='Billable',
            constraint=CheckConstraint(check="amount >= 0 and amount <> 'NaN'", name='billables_amount'),
        ),
        ops.AddConstraint(
            model_name='BilledEntry',
            constraint=UniqueConstraint(fields=('time_entry_id',), name='billed_entries_once'),
        ),
        ops.AddConstraint(
            model_name='Conversion',
            constraint=UniqueConstraint(fields=('task_id',), name='conversions_one_open', condition='finished_at is null'),
        ),
        ops.AddConstraint(
            model_name='Conversion',
            constraint=CheckConstraint(check='finished_at is null or due_at is null', name='conversions_done'),
        ),
        ops.AddConstraint(
            model_name='Customer',
            constraint=UniqueConstraint(fields=('workspace_id', 'reference'), name='customers_reference_once'),
        ),
        ops.AddConstraint(
            model_name='Customer',
            constraint=CheckConstraint(check="organization_id is null or kind = 'INDIVIDUAL'", name='customers_contact'),
        ),
        ops.AddConstraint(
            model_name='Customer',
            constraint=CheckConstraint(check='payment_terms_days between 0 and 3650', name='customers_payment_terms'),
        ),
        ops.AddConstraint(
            model_name='Customer',
            constraint=CheckConstraint(check='billing_increment_minutes between 1 and 1440', name='customers_increment'),
        ),
        ops.AddConstraint(
            model_name='Location',
            constraint=UniqueConstraint(fields=('workspace_id', 'customer_id', 'id'), name='locations_of_customer'),
        ),
        ops.AddConstraint(
            model_name='Membership',
            constraint=UniqueConstraint(fields=('team_id', 'user_id'), name='memberships_once'),
        ),
        ops.AddConstraint(
            model_name='Notification',
            constraint=UniqueConstraint(fields=('task_id', 'moment', 'user_id', 'channel'), name='notifications_once'),
        ),
        ops.AddConstraint(
            model_name='Rate',
            constraint=UniqueConstraint(fields=('task_id', 'currency'), name='rates_task_once'),
        ),
        ops.AddConstraint(
            model_name='Rate',
            constraint=UniqueConstraint(fields=('location_id', 'currency'), name='rates_location_once'),
        ),
        ops.AddConstraint(
            model_name='Rate',
            constraint=UniqueConstraint(fields=('customer_id', 'currency'), name='rates_customer_once'),
        ),
        ops.AddConstraint(
            model_name='Rate',
            constraint=UniqueConstraint(fields=('user_id', 'currency'), name='rates_user_once'),
        ),
        ops.AddConstraint(
            model_name='Rate',
            constraint=UniqueConstraint(fields=('workspace_id', 'currency'), name='rates_workspace_once', condition="scope = 'WORKSPACE'"),
        ),
        ops.AddConstraint(
            model_name='Rate',
            constraint=CheckConstraint(check="num_nonnulls(task_id, location_id, customer_id, user_id) = (scope <> 'WORKSPACE')::int and (task_id is not null) = (scope = 'TASK') and (location_id is not null) = (scope = 'LOCATION') and (customer_id is not null) = (scope = 'CUSTOMER') and (user_id is not null) = (scope = 'PERSON')", name='rates_scope'),
        ),
        ops.AddConstraint(
            model_name='Rate',
            constraint=CheckConstraint(check="hourly >= 0 and hourly <> 'NaN'", name='rates_hourly'),
        ),
        ops.AddConstraint(
            model_name='Reminder',
            constraint=UniqueConstraint(fields=('task_id', 'user_id', 'channel', 'anchor', 'offset_minutes', 'remind_at'), name='reminders_once'),
        ),
        ops.AddConstraint(
            model_name='Reminder',
            constraint=CheckConstraint(check="(sent_at is not null) = (status = 'SENT')", name='reminders_sent_at'),
        ),
        ops.AddConstraint(
            model_name='Reminder',
            constraint=CheckConstraint(check="status = 'PENDING' or due_at is null", name='reminders_done'),
        ),
        ops.AddConstraint(
            model_name='Series',
            constraint=CheckConstraint(check='ended_at is null or due_at is null', name='series_ended'),
        ),
        ops.AddConstraint(
            model_name='Series',
            constraint=CheckConstraint(check='reminder_minutes >= 0', name='series_reminder_minutes'),
        ),
        ops.AddConstraint(
            model_name='StoredAnswer',
            constraint=UniqueConstraint(fields=('user_id', 'key'), name='stored_answers_once'),
        ),
        ops.AddConstraint(
            model_name='Task',
            constraint=UniqueConstraint(fields=('workspace_id', 'number'), name='tasks_number_once'),
        ),
        ops.AddConstraint(
            model_name='Task',
            constraint=UniqueConstraint(fields=('series_id', 'occurrence'), name='tasks_occurrence_once'),
        ),
        ops.AddConstraint(
            model_name='Task',
            constraint=CheckConstraint(check='(series_id is null) = (occurrence is null)', name='tasks_occurrence_of_series'),
        ),
        ops.AddConstraint(
            model_name='Task',
            constraint=CheckConstraint(check='parent_id <> id', name='tasks_not_own_parent'),
        ),
        ops.AddConstraint(
            model_name='Task',
            constraint=CheckConstraint(check="(finished_at is not null) = (status in ('COMPLETED', 'CLOSED', 'CANCELLED'))", name='tasks_finished_at'),
        ),
        ops.AddConstraint(
            model_name='Task',
            constraint=CheckConstraint(check='(assigned_at is null) = (assignee_id is null)', name='tasks_assigned_at'),
        ),
        ops.AddConstraint(
            model_name='Task',
            constraint=CheckConstraint(check='priority between 1 and 4', name='tasks_priority'),
        ),
        ops.AddConstraint(
            model_name='Task',
            constraint=CheckConstraint(check='expected_minutes between 0 and 525600', name='tasks_expected_minutes'),
        ),
        ops.AddConstraint(
            model_name='TaskLink',
            constraint=UniqueConstraint(fields=('task_id', 'customer_id'), name='task_links_customer_once'),
        ),
        ops.AddConstraint(
            model_name='TaskLink',
            constraint=UniqueConstraint(fields=('task_id', 'location_id'), name='task_links_location_once'),
        ),
        ops.AddConstraint(
            model_name='TaskLink',
            constraint=UniqueConstraint(fields=('task_id', 'visit_id'), name='task_links_visit_once'),
        ),
        ops.AddConstraint(
            model_name='TaskLink',
            constraint=UniqueConstraint(fields=('task_id',), name='task_links_one_primary', condition='is_primary'),
        ),
        ops.AddConstraint(
            model_name='TaskLink',
            constraint=CheckConstraint(check="num_nonnulls(customer_id, location_id, visit_id) = 1 and (customer_id is not null) = (kind in ('INDIVIDUAL', 'ORGANIZATION')) and (location_id is not null) = (kind = 'LOCATION') and (visit_id is not null) = (kind = 'VISIT')", name='task_links_one_target'),
        ),
        ops.AddConstraint(
            model_name='Team',
            constraint=UniqueConstraint(fields=('workspace_id', 'name'), name='teams_name_once'),
        ),
        ops.AddConstraint(
            model_name='Team',
            constraint=CheckConstraint(check='parent_id <> id', name='teams_not_own_parent'),
        ),
        ops.AddConstraint(
            model_name='TimeEntry',
            constraint=UniqueConstraint(fields=('user_id',), name='time_entries_one_running', condition='ended_at is null and minutes is null'),
        ),
        ops.AddConstraint(
            model_name='TimeEntry',
            constraint=CheckConstraint(check='(started_at is not null and minutes is null and worked_on is null) or (started_at is null and ended_at is null and minutes is not null and worked_on is not null)', name='time_entries_interval_or_minutes'),
        ),
        ops.AddConstraint(
            model_name='TimeEntry',
            constraint=CheckConstraint(check='started_at < ended_at', name='time_entries_forward'),
        ),
        ops.AddConstraint(
            model_name='TimeEntry',
            constraint=CheckConstraint(check='minutes between 1 and 1440', name='time_entries_minutes'),
        ),
        ops.AddConstraint(
            model_name='User',
            constraint=UniqueConstraint(fields=('workspace_id', 'email'), name='users_email_once'),
        ),
        ops.AddConstraint(
            model_name='User',
            constraint=CheckConstraint(check="role in ('REP', 'SUPERVISOR', 'ADMIN')", name='users_role'),
        ),
        ops.AddConstraint(
            model_name='User',
            constraint=CheckConstraint(check='email = lower(email)', name='users_email_lower'),
        ),
        ops.AddConstraint(
            model_name='Visit',
            constraint=CheckConstraint(check='planned_start < planned_end', name='visits_planned'),
        ),
        ops.AddConstraint(
            model_name='Visit',
            constraint=CheckConstraint(check='checked_out_at is null or checked_in_at <= checked_out_at', name='visits_checked'),
        ),
        ops.AddConstraint(
            model_name='Visit',
            constraint=CheckConstraint(check="(checked_in_at is not null) = (status in ('IN_PROGRESS', 'COMPLETED')) and (checked_out_at is not null) = (status = 'COMPLETED')", name='visits_status'),
        ),
    ]
