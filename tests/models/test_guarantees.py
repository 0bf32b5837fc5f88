"""What the database itself guarantees, whatever the code above it does."""

from datetime import UTC, datetime

import asyncpg
import pytest
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

import models
from models import Assignment, Deletion, Membership, NotificationSettings, Reminder, Row, Task, TaskLink, User
from schema import reader
from schema.compiler.catalog import One, OneOf
from tests import make
from tests.populate import populate

CLASSES = [found for name in models.__all__ if issubclass(found := getattr(models, name), Model)]
STORED = [model for model in CLASSES if not model._meta.abstract]
ROWS = [model for model in STORED if issubclass(model, Row)]
KEYS = [(model, name) for model in ROWS for name in sorted(model._meta.fk_fields) if name != "workspace"]
SHOWN = {"failed_work", "status_periods", "task_metrics", "timeline"}
"""Views and lists made of tables, whose keys are those of the rows that they show."""


async def definitions(database, table):
    """The table's constraints and unique indexes: how PostgreSQL spells each, by name."""
    rows = await database.fetch(
        "select conname as name, pg_get_constraintdef(oid) as text from pg_constraint where conrelid = $1::regclass"
        " union all select indexname, indexdef from pg_indexes where schemaname || '.' || tablename = 'public.' || $2",
        table,
        table,
    )
    return {record["name"]: record["text"] for record in sorted(rows)}


def test_every_model_is_looked_at():
    assert (len(STORED), len(ROWS)) == (42, 41)


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
async def test_every_declared_constraint_and_index_is_in_the_database(model, database):
    there = await definitions(database, model._meta.db_table)
    for constraint in model._meta.constraints:
        assert constraint.name in there
        if isinstance(constraint, UniqueConstraint):
            assert f"({', '.join(constraint.fields)})" in there[constraint.name].replace('"', "")
            assert (" WHERE " in there[constraint.name]) == (constraint.condition is not None)
        else:
            assert there[constraint.name].startswith("CHECK (")
    assert {index.name for index in model._meta.indexes} <= there.keys()


@pytest.mark.parametrize(("model", "name"), KEYS, ids=lambda each: getattr(each, "__name__", each))
async def test_a_key_to_another_row_holds_only_within_the_workspace(model, name, database):
    target = model._meta.fields_map[name].related_model._meta.db_table
    keys = await database.fetch(
        "select pg_get_constraintdef(c.oid) as text from pg_constraint c"
        " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)"
        " where c.contype = 'f' and c.conrelid = $1::regclass and a.attname = $2",
        model._meta.db_table,
        f"{name}_id",
    )
    expected = [f"FOREIGN KEY (workspace_id, {name}_id) REFERENCES {target}(workspace_id, id)"]
    found = [key["text"] for key in keys]
    if (model._meta.db_table, name) in {("visits", "customer"), ("visits", "location")}:
        columns = "(workspace_id, customer_id, location_id)"
        expected.append(f"FOREIGN KEY {columns} REFERENCES locations(workspace_id, customer_id, id)")
    assert sorted(found) == sorted(expected)


def test_what_a_field_of_one_row_follows_is_such_a_key():
    keys = {(model._meta.db_table, f"{name}_id") for model, name in KEYS}
    followed = {
        (node.table.name, column)
        for node in reader.catalog.nodes.values()
        for spec in node.fields.values()
        if isinstance(spec, One | OneOf)
        for column in ([spec.column] if isinstance(spec, One) else spec.columns.values())
    }
    assert {each for each in followed if each[0] not in SHOWN} <= keys
    assert len(followed) > 90


async def test_every_table_carries_its_workspace_and_only_one_that_exists(database):
    tables = {model._meta.db_table for model in ROWS}
    found = await database.fetch(
        "select c.table_name, c.is_nullable from information_schema.columns c join information_schema.tables t"
        " using (table_schema, table_name) where c.table_schema = 'public' and c.column_name = 'workspace_id'"
        " and t.table_type = 'BASE TABLE'"
    )
    assert {record["table_name"]: record["is_nullable"] for record in found} == dict.fromkeys(tables, "NO")
    for table in tables:
        there = await definitions(database, table)
        assert "FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE RESTRICT" in there.values()


async def test_no_table_is_without_a_model(database):
    found = await database.fetch("select tablename from pg_tables where schemaname = 'public'")
    tables = {record["tablename"] for record in found if not record["tablename"].startswith("tortoise")}
    assert tables == {model._meta.db_table for model in STORED}


async def test_no_key_of_any_row_can_be_made_to_point_at_another_workspace(ada, other, database):
    """Every key of every table, tried with rows of all of them."""
    people = [{User: [await User.get(id=by.id)]} for by in (ada, other)]
    ours = await populate(ada, "okapi", people[0])
    await Task.filter(workspace_id=ada.workspace_id).update(deletion_id=ours[Deletion][0].id)
    foreign = await populate(other, "quagga", people[1], currency="EUR")
    await NotificationSettings.filter(workspace_id=other.workspace_id).delete()  # a person has one row of them
    refused = {}
    for model, name in KEYS:
        table, target = model._meta.db_table, model._meta.fields_map[name].related_model
        change = f"update {table} set {name}_id = $1 where id in"
        some = f"(select id from {table} where workspace_id = $2 and {name}_id is not null limit 1)"
        with pytest.raises(asyncpg.ForeignKeyViolationError) as caught:
            await database.execute(f"{change} {some}", foreign[target][-1].id, ada.workspace_id)
        refused[table, f"{name}_id"] = caught.value.constraint_name
    names = {key: f"{key[0]}_{key[1].removesuffix('_id')}_key" for key in refused}
    assert len(refused) == len(KEYS)
    assert refused == names | {("locations", "customer_id"): "visits_location_of_customer"}  # a visit is there


async def test_a_row_that_would_join_two_workspaces_is_refused_by_the_database(ada, other, team, database):
    key, foreign = await make.task(ada), await make.task(other)
    for by, values in (
        (other, {"task_id": key, "how": "CLAIMED"}),
        (ada, {"task_id": foreign, "how": "CLAIMED"}),
        (ada, {"task_id": key, "receiver_id": other.id, "how": "CLAIMED"}),
    ):
        with pytest.raises(Exception, match="violates foreign key constraint"):
            await make.row(Assignment, by, **values)
    with pytest.raises(Exception, match="memberships_team_key"):
        await make.row(Membership, other, team_id=team, user_id=other.id)


async def test_a_visit_is_at_a_location_of_its_own_customer(ada):
    location, stranger = await make.location(ada, await make.customer(ada)), await make.customer(ada)
    with pytest.raises(Exception, match="visits_location_of_customer"):
        await make.visit(ada, location, customer_id=stranger.id)


async def test_a_link_points_at_exactly_one_record_of_its_kind(ada):
    key, customer = await make.task(ada), await make.customer(ada)
    for values in ({}, {"customer_id": customer.id, "kind": "VISIT"}):
        with pytest.raises(Exception, match="task_links_one_target"):
            await make.row(TaskLink, ada, **{"task_id": key, "kind": "ORGANIZATION"} | values)


async def test_a_reminder_is_there_once_whether_it_goes_by_a_date_or_an_instant(ada):
    wanted = {"task_id": await make.task(ada), "user_id": ada.id}
    for when in ({"anchor": "DUE"}, {"anchor": "INSTANT", "remind_at": datetime(2026, 1, 5, tzinfo=UTC)}):
        await make.row(Reminder, ada, **wanted | when)
        with pytest.raises(Exception, match="reminders_once"):
            await make.row(Reminder, ada, **wanted | when)


@pytest.mark.parametrize(
    "when", [{"anchor": "INSTANT"}, {"anchor": "DUE", "remind_at": datetime(2026, 1, 5, tzinfo=UTC)}]
)
async def test_a_reminder_has_an_instant_when_it_goes_by_no_date(when, ada):
    with pytest.raises(Exception, match="reminders_instant"):
        await make.row(Reminder, ada, task_id=await make.task(ada), user_id=ada.id, **when)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("status = 'CLOSED'", "tasks_finished_at"),
        ("finished_at = now()", "tasks_finished_at"),
        ("assignee_id = creator_id", "tasks_assigned_at"),
        ("parent_id = id", "tasks_not_own_parent"),
        ("priority = 5", "tasks_priority"),
        ("expected_minutes = -1", "tasks_expected_minutes"),
        ("occurrence = '2026-01-01T00:00:00'", "tasks_occurrence_of_series"),
    ],
)
async def test_the_database_refuses_what_no_task_can_be(change, constraint, ada, database):
    await make.task(ada)
    with pytest.raises(asyncpg.CheckViolationError) as caught:
        await database.execute(f"update tasks set {change}")
    assert caught.value.constraint_name == constraint
