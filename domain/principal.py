"""Whoever acts: a person, an API key in a person's name, or the system."""

from dataclasses import dataclass
from uuid import UUID

from domain.errors import DomainError, InsufficientScope
from models.accounts import Role, Scope

ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True, kw_only=True, slots=True)
class Principal:
    """Who acts, in which workspace, and how far their word reaches there."""

    id: UUID | None
    """The user; none for the system."""
    workspace_id: UUID
    role: Role
    name: str
    teams: frozenset[UUID] = frozenset()
    """Teams the person is a member of."""
    reach: frozenset[UUID] = frozenset()
    """Teams the person leads, and all below them."""
    people: frozenset[UUID] = frozenset()
    """Members of the teams in reach."""
    capacity: int | None = None
    """How much the person may hold; none for as much as they like."""
    scopes: frozenset[Scope] = ALL_SCOPES
    api_key_id: UUID | None = None

    @classmethod
    def system(cls, workspace_id: UUID) -> "Principal":
        """The workers, acting in one workspace."""
        return cls(id=None, workspace_id=workspace_id, role=Role.SYSTEM, name="System")

    @property
    def reaches_all(self) -> bool:
        """Whether nothing in the workspace is out of reach: so it is for admins and for the system."""
        return self.role in {Role.ADMIN, Role.SYSTEM}

    def is_one_of(self, *users: UUID | None) -> bool:
        """Whether the person is among these users; the system is nobody among them."""
        return self.id is not None and self.id in users

    def missing(self, scope: Scope) -> tuple[DomainError, ...]:
        """Why the scopes do not suffice, if they do not."""
        return () if scope in self.scopes else (InsufficientScope(scope=scope),)
