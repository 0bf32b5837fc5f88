"""A reminder that goes by a date is there once too, and only one that does not has an instant of its own."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

ONCE = (
    "alter table reminders drop constraint reminders_once, add constraint reminders_once"
    " unique {nulls} (task_id, user_id, channel, anchor, offset_minutes, remind_at)"
)


class Migration(migrations.Migration):
    dependencies = [("models", "0003_guarantees")]

    operations = [
        # Tortoise cannot declare that nulls count as equal.
        ops.RunSQL(ONCE.format(nulls="nulls not distinct"), ONCE.format(nulls="nulls distinct")),
        ops.AddConstraint(
            model_name="Reminder",
            constraint=CheckConstraint(
                check="(remind_at is not null) = (anchor = 'INSTANT')", name="reminders_instant"
            ),
        ),
    ]
