"""A naive server of the same schema: graphql-core's own executor over plain rows, one field at a time."""

from graphql import (
    GraphQLObjectType,
    build_schema,
    execute,
    get_named_type,
    get_nullable_type,
    is_list_type,
    print_schema,
)

from tests.schema.compiler import columns
from tests.schema.compiler.asking import Answer, described, document
from tests.schema.compiler.lists import Lists, Refused
from tests.schema.compiler.world import decode

PARTS = {
    ("Task", "collaborators"): "COLLABORATOR",
    ("Task", "watchers"): "WATCHER",
    ("User", "collaborations"): "COLLABORATOR",
}
MEMBERS = {("User", "teams"), ("Team", "members"), ("Team", "leads")}
ORDERS = {
    ("Task", "subtasks"): "POSITION",
    ("Task", "checklist"): "POSITION",
    ("FollowUpRule", "items"): "PLACE",
    ("Notification", "tasks"): "DUE_ON",
}
KEYS = {
    ("CustomTaskType", "tasks"): "custom_type_id",
    ("AssessmentIndicator", "taskIndicators"): "indicator_id",
    ("Task", "subtasks"): "parent_id",
    ("Task", "followUps"): "follow_up_of_id",
    ("Visit", "followUps"): "follow_up_visit_id",
    ("FollowUpRule", "items"): "follow_up_rule_id",
    ("Series", "successors"): "predecessor_id",
    ("Team", "children"): "parent_id",
    ("Customer", "contacts"): "organization_id",
    ("User", "tasks"): "assignee_id",
    ("User", "createdTasks"): "creator_id",
    ("User", "visits"): "assignee_id",
}


class Reference:
    """The schema again, without Strawberry and without the compiler."""

    def __init__(self, schema, world):
        self.schema = build_schema(print_schema(schema))
        self.world = world

    def ask(self, by, text, variables=None):
        """Execute a document for whoever acts."""
        related = Related(self.schema, self.world, by)
        result = execute(
            self.schema,
            document(text),
            variable_values=variables,
            context_value=related,
            field_resolver=resolve,
            type_resolver=lambda row, *_: row.type,
        )
        return Answer(result.data, described(result.errors), [])


class Related:
    """What hangs together with a row, for one viewer."""

    def __init__(self, schema, world, by):
        self.schema, self.world, self.by = schema, world, by
        self.lists = Lists(world, by, self)

    def kind(self, type_, name):
        """Whether a field is a value, a relation or a list, and of what type."""
        found = get_named_type(self.schema.type_map[type_].fields[name].type)
        if found.name.endswith("Connection"):
            return "many", found.name.removesuffix("Connection")
        is_row = isinstance(found, GraphQLObjectType) and "id" in found.fields
        return ("one", found.name) if is_row else ("value", None)

    def one(self, row, name):
        """The row that a key points to, if it is seen."""
        _, type_ = self.kind(row.type, name)
        found = self.world.get(type_, row[f"{columns.snake(name)}_id"])
        return found if self.world.sees(self.by, found) else None

    def many(self, row, name, include=()):
        """The rows that are seen in a list."""
        _, type_ = self.kind(row.type, name)
        return [
            each
            for each in self.world.rows[type_].values()
            if self.world.sees(self.by, each) and (self._joins(row, name, each) or self._included(row, each, include))
        ]

    def _included(self, row, task, include):
        """Whether a task is linked to a location or a contact of the customer."""
        customer = row["id"] if row.type == "Customer" else row.get("customer_id")
        held = {"LOCATIONS": ("Location", "customer_id"), "CONTACTS": ("Customer", "organization_id")}
        places = [
            each["id"] for name in include for each in self._rows(held[name][0]) if each[held[name][1]] == customer
        ]
        links = (link for link in self._rows("TaskLink") if link["task_id"] == task["id"])
        return any(link["location_id"] in places or link["customer_id"] in places for link in links)

    def _rows(self, type_):
        return self.world.rows[type_].values()

    def _joins(self, row, name, each):
        place = row.type, name
        if place in MEMBERS:
            user, team = (row, each) if row.type == "User" else (each, row)
            return any(
                found["user_id"] == user["id"]
                and found["team_id"] == team["id"]
                and (name != "leads" or found["leads"])
                for found in self.world.memberships
            )
        if name == "tasks" and row.type in {"Customer", "Location", "Ticket", "Opportunity"}:
            key = f"{row.type.lower()}_id"
            return any(link["task_id"] == each["id"] and link[key] == row["id"] for link in self._rows("TaskLink"))
        if name == "attachments" and each["status"] != "READY":
            return False
        if place == ("Notification", "tasks"):
            return (row["id"], each["id"]) in self.world.digested
        if place == ("User", "notifications") and (each["channel"], each["status"]) != ("IN_APP", "SENT"):
            return False
        if place == ("Note", "mentioned"):
            return (row["id"], each["id"]) in self.world.mentions
        if place in PARTS:
            task, user = (row, each) if row.type == "Task" else (each, row)
            return self.world.takes_part(user["id"], task["id"], PARTS[place])
        if name in {"blockers", "blocks"}:
            task, blocker = (row, each) if name == "blockers" else (each, row)
            return (task["id"], blocker["id"]) in self.world.waiting
        if name in {"history", "revisions"}:
            return each["subject_id"] == row["id"]
        return each[KEYS.get(place, f"{row.type.lower()}_id")] == row["id"]


def resolve(source, info, **arguments):
    """Answer one field of one row."""
    related, name = info.context, info.field_name
    if info.parent_type.name == "Query":
        return root(related, info, name, arguments)
    if not hasattr(source, "type"):
        return source[name]
    kind, type_ = related.kind(source.type, name)
    if kind == "one":
        return related.one(source, name)
    if kind == "many":
        rows = related.many(source, name, arguments.pop("include", None) or ())
        return related.lists.page(type_, rows, usual=ORDERS.get((source.type, name)), **arguments)
    return columns.printed(related.world, related.by, source, name)


def root(related, info, name, arguments):
    """Answer a root field."""
    world, by = related.world, related.by
    returned = get_nullable_type(info.return_type)
    if name == "viewer":
        return world.get("User", by.id)
    if is_list_type(returned):
        return [seen(world, by, None, id_) for id_ in arguments["ids"]]
    type_ = get_named_type(returned).name
    if "id" in arguments:
        return seen(world, by, None if type_ == "Node" else type_, arguments["id"])
    if not type_.endswith("Connection"):
        return next((row for row in world.rows[type_].values() if world.sees(by, row)), None)
    type_ = type_.removesuffix("Connection")
    return related.lists.page(type_, world.rows[type_].values(), **arguments)


def seen(world, by, type_, id_):
    """The row with an id, which must be one, of the type."""
    found, key = decode(id_)
    if found is None or type_ not in {None, found}:
        raise Refused("INVALID_ID")
    row = world.get(found, key)
    return row if world.sees(by, row) else None
