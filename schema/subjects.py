"""The records to which people add notes and attachments."""

from typing import TYPE_CHECKING, Annotated, Union

import strawberry

from domain.subjects import RULES, Subject, column

if TYPE_CHECKING:
    from schema.customers import Customer
    from schema.opportunities import Opportunity
    from schema.tasks import Task
    from schema.tickets import Ticket
    from schema.visits import Visit

AnySubject = Annotated[
    Union["Task", "Customer", "Visit", "Ticket", "Opportunity"],
    strawberry.union("Subject", description="A record to which people add notes and attachments."),
]
SUBJECTS: dict[str, Subject] = {model.__name__: model for model in RULES}
COLUMNS = {name: column(model) for name, model in SUBJECTS.items()}
"""The key that points at a record, by GraphQL type."""


def attached(kind: str) -> str:
    """That a file is on a record of this kind."""
    return f"{{t}}.{kind}_id = {{parent}}.id and {{t}}.status = 'READY'"


def count(kind: str) -> str:
    """How many files are on a record of this kind: who sees it sees them all."""
    return f"select count(*)::int from attachments a where a.{kind}_id = {{t}}.id and a.status = 'READY'"
