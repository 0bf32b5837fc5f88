"""Who acts, and how far their word reaches."""

from dataclasses import FrozenInstanceError
from uuid import UUID

import pytest

from domain.principal import Principal
from domain.relations import Relation, in_reach, words
from models.accounts import Role, Scope

WORKSPACE, ME, MINE, OTHER, LED, STRANGE = (UUID(int=number) for number in range(1, 7))


def person(role, **more):
    return Principal(id=ME, workspace_id=WORKSPACE, role=role, name="Ada", **more)


LEADER = {"reach": frozenset({LED}), "people": frozenset({MINE})}


def test_the_system_acts_in_one_workspace_is_nobody_and_may_all():
    system = Principal.system(WORKSPACE)
    assert (system.id, system.workspace_id, system.role, system.name) == (None, WORKSPACE, Role.SYSTEM, "System")
    assert system.scopes == {Scope.READ, Scope.WRITE, Scope.ADMIN}
    assert system.reaches_all
    assert not system.is_one_of(None, ME)


def test_a_principal_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        person(Role.REP).role = Role.ADMIN


def test_a_missing_scope_is_told():
    reader = person(Role.REP, scopes=frozenset({Scope.READ}))
    assert reader.missing(Scope.READ) == ()
    assert [(error.code, error.facts) for error in reader.missing(Scope.WRITE)] == [
        ("INSUFFICIENT_SCOPE", {"scope": Scope.WRITE})
    ]


@pytest.mark.parametrize(
    ("role", "team", "assignee", "creator", "reached"),
    [
        (Role.REP, LED, ME, ME, False),
        (Role.REP, None, ME, ME, False),
        (Role.SUPERVISOR, LED, OTHER, OTHER, True),
        (Role.SUPERVISOR, LED, None, None, True),
        (Role.SUPERVISOR, STRANGE, OTHER, OTHER, False),
        (Role.SUPERVISOR, STRANGE, MINE, ME, False),
        (Role.SUPERVISOR, None, MINE, OTHER, True),
        (Role.SUPERVISOR, None, OTHER, MINE, True),
        (Role.SUPERVISOR, None, ME, OTHER, True),
        (Role.SUPERVISOR, None, None, ME, True),
        (Role.SUPERVISOR, None, OTHER, OTHER, False),
        (Role.SUPERVISOR, None, None, None, False),
        (Role.ADMIN, STRANGE, OTHER, OTHER, True),
        (Role.SYSTEM, None, None, None, True),
    ],
)
def test_what_is_in_reach(role, team, assignee, creator, reached):
    by = Principal.system(WORKSPACE) if role is Role.SYSTEM else person(role, **LEADER)
    assert in_reach(by, team_id=team, assignee_id=assignee, creator_id=creator) is reached


def test_relations_read_as_a_sentence_says_them():
    assert words((Relation.CREATOR, Relation.ASSIGNEE)) == "its creator or its assignee"
