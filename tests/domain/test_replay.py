"""Whatever is done to a task, its events from the beginning yield its row, and what is final stays as it is."""

import asyncio
from contextlib import suppress

import orjson
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from domain import deletions, lifecycle, ownership, tasks, telling, workflows
from domain.bulk import ErrorPolicy, Item
from domain.errors import DomainError
from domain.workflow import FINAL, Step
from models import Event, Priority, Task
from tests import make
from tests.effort import tries

pytestmark = pytest.mark.long

PLUMBING = {"id", "workspace_id", "created_at", "updated_at", "version"}
SEQUENCES, ACTIONS = tries(few=50, all=500), 10


def told(values):
    """Values as the log tells them."""
    words = telling._words({name: [None, value] for name, value in values.items()})
    return {name: after for name, (_, after) in orjson.loads(orjson.dumps(words, default=str)).items()}


def replayed(events):
    """The row that comes of a task's events, each of which starts from where the one before it led."""
    columns = Task._meta.fields_map
    row = told({name: columns[name].default for name in Task._meta.db_fields - PLUMBING})
    version = 0
    for event in events:
        changes = {name: pair for name, pair in event.changes.items() if name in row}
        for name, (before, after) in changes.items():
            assert version == 0 or row[name] == before, (event.verb, name)
            row[name] = after
        version += bool(changes)
    return row | {"version": version}


class Life(RuleBasedStateMachine):
    """A task and its subtask, to which people do what they like."""

    loop, people = None, ()

    def run(self, doing):
        return self.loop.run_until_complete(doing)

    def may(self, doing):
        """Do it, or be refused."""
        with suppress(DomainError):
            return self.run(doing)

    @initialize(flow=st.sampled_from(("STANDARD", "REVIEWED", "DIRECT", "Audit")), start=st.booleans())
    def begin(self, flow, start):
        ada, *_ = self.people
        self.key = self.run(make.task(ada, flow=flow, assignee_id=ada.id if start else None))
        self.keys = [self.key, self.run(make.task(ada, parent_id=self.key))]
        self.ended, self.deletions = {}, []

    who = st.integers(0, 3)
    which = st.integers(0, 1)

    @rule(which=which, who=who, start=st.booleans())
    def claim(self, which, who, start):
        self.may(ownership.claim(self.keys[which], start=start, by=self.people[who]))

    @rule(which=which, who=who)
    def unclaim(self, which, who):
        self.may(ownership.unclaim(self.keys[which], by=self.people[who]))

    @rule(which=which, who=who, whom=who)
    def assign(self, which, who, whom):
        self.may(ownership.assign(self.keys[which], self.people[whom].id, by=self.people[who]))

    @rule(which=which, who=who, name=st.sampled_from((*Step, "PARK")), reason=st.sampled_from((None, "Why not")))
    def step(self, which, who, name, reason):
        self.may(lifecycle.step(self.keys[which], name, reason=reason, by=self.people[who]))

    @rule(who=who, subtasks=st.booleans())
    def cancel(self, who, subtasks):
        self.may(lifecycle.cancel(self.key, subtasks=subtasks, by=self.people[who]))

    @rule(who=who, name=st.sampled_from((Step.RELEASE, Step.COMPLETE, Step.CLOSE)), errors=st.sampled_from(ErrorPolicy))
    def many(self, who, name, errors):
        self.may(lifecycle.step_all(name, [Item(key) for key in self.keys], errors=errors, by=self.people[who]))

    @rule(
        which=which,
        who=who,
        patch=st.fixed_dictionaries(
            {},
            optional={
                "title": st.sampled_from(("One", "Two")),
                "outcome": st.sampled_from((None, "Done")),
                "priority": st.sampled_from(Priority),
                "expected_minutes": st.none() | st.integers(0, 90),
                "billable": st.booleans(),
            },
        ),
    )
    def update(self, which, who, patch):
        self.may(tasks.update(self.keys[which], patch, by=self.people[who]))

    @rule(which=which, who=who, reason=st.sampled_from((None, "Why not")))
    def delete(self, which, who, reason):
        if deletion := self.may(deletions.delete(self.keys[which], reason=reason, by=self.people[who])):
            self.deletions.append(deletion)

    @rule(which=which, who=who)
    def restore(self, which, who):
        for deletion in self.deletions[-1 - which :][:1]:
            self.may(deletions.restore(deletion, by=self.people[who]))

    @invariant()
    def the_events_yield_the_row_and_what_has_ended_stays(self):
        for key in getattr(self, "keys", ()):
            row = self.run(make.stored(key))
            events = self.run(Event.filter(subject_id=key).order_by("created_at", "id"))
            found = told({name: getattr(row, name) for name in Task._meta.db_fields - PLUMBING})
            assert replayed(events) == found | {"version": row.version}
            done = {name: value for name, value in found.items() if name != "deletion_id"}
            assert self.ended.setdefault(key, done) == done if row.status in FINAL else key not in self.ended


@pytest.fixture
async def loop():
    return asyncio.get_running_loop()


@pytest.fixture
async def people(admin, ada, bob, sue):
    await workflows.publish(make.audit(), by=admin)
    return ada, bob, sue, admin


def test_events_from_the_beginning_yield_the_row_and_finals_are_never_left(loop, people):
    life = type("Life", (Life,), {"loop": loop, "people": people})
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=ACTIONS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
