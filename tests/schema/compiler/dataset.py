"""Random rows for every table: two workspaces that look alike, the same for the same seed."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

from domain import markdown
from domain.workflow_tables import BUILT_IN, plain
from tests import make

WORDS = ("Call", "visit", "Ärger", "the", "North", "south", "Öl", "offer", "Quote", "repair", "100%", "a_b", "O'Hara")
TYPES = ("CALL", "EMAIL", "MEETING", "FOLLOW_UP", "DEMO", "PROPOSAL", "CONTRACT", "OTHER")
STATUSES = ("PENDING", "IN_PROGRESS", "RELEASED", "COMPLETED", "CLOSED", "CANCELLED")
JSON = {"changes", "channels", "checklist", "definition", "subtasks", "links", "reminders"}
NOW = datetime.now(UTC).replace(second=30, microsecond=0)


class Dataset:
    """Rows by table, made in an order that foreign keys allow."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.numbers = count(1)
        self.rows, self.deleted = {}, {}
        for name, zone in (("Acme", "UTC"), ("Other", "Pacific/Auckland")):
            self.workspace(name, zone)

    def add(self, table, **values):
        row = {"id": UUID(int=self.rng.getrandbits(128)), **values}
        if table != "workspaces":
            row = {"workspace_id": self.company, "created_at": self.instant(), **row}
        self.rows.setdefault(table, []).append(row)
        return row

    # Values

    def maybe(self, make, chance=0.6):
        return make() if self.rng.random() < chance else None

    def instant(self):
        """An instant; some occur twice, and some differ by a microsecond only."""
        part = self.rng.choice((0, 0, 1, 123456))
        return NOW + timedelta(hours=self.rng.randint(-400, 400), microseconds=part)

    def day(self):
        return date.today() + timedelta(days=self.rng.choice((-30, -9, -3, 3, 4, 20)))  # noqa: DTZ011 - any day will do

    def text(self):
        return " ".join(self.rng.choices(WORDS, k=self.rng.randint(1, 3)))

    def of(self, table):
        return self.rng.choice([row for row in self.rows[table] if row["workspace_id"] == self.company])["id"]

    def perhaps(self, table, chance=0.6):
        return self.maybe(lambda: self.of(table), chance) if self.rows.get(table) else None

    # Rows

    def workspace(self, name, zone):
        self.company = self.add("workspaces", name=name, time_zone=zone)["id"]
        self.people(name)
        self.customers()
        self.records()
        self.visits()
        self.series()
        self.absences()
        self.weights()
        self.task_types()
        self.follow_up_rules()
        self.tasks()
        self.notes()
        self.participants()
        self.dependencies()
        self.files()
        self.about_tasks()
        self.told()
        self.money()
        self.events()
        self.workflows()
        self.stays()
        self.deletions()
        self.indicators()
        self.escalation_rule()

    def people(self, company):
        roles = ("ADMIN", "SUPERVISOR", "SUPERVISOR", *["REP"] * 6)
        for number, role in enumerate(roles):
            name, email = self.text(), f"p{number}@{company.lower()}.example"
            title, active = self.maybe(self.text), self.rng.random() < 0.9
            capacity = self.maybe(lambda: self.rng.randint(0, 9))
            self.add("users", name=name, email=email, title=title, role=role, active=active, capacity=capacity)
        known = [None]
        for number in range(5):
            parent = self.rng.choice(known)
            lease = {"claim_lease_minutes": self.rng.choice((None, 90))}
            known.append(self.add("teams", name=f"Team {number} {self.text()}", parent_id=parent, **lease)["id"])
        for user in self.own("users"):
            for team in self.rng.sample(known[1:], self.rng.randint(0, 2)):
                leads = user["role"] != "REP" and self.rng.random() < 0.8
                self.add("memberships", team_id=team, user_id=user["id"], leads=leads)
        for user in self.own("users")[::2]:
            scopes = self.rng.sample(("READ", "WRITE", "ADMIN"), self.rng.randint(1, 3))
            key = {"name": self.text(), "hint": "fg_abc", "digest": str(next(self.numbers)), "scopes": scopes}
            self.add(
                "api_keys", user_id=user["id"], creator_id=self.of("users"), **key, revoked_at=self.maybe(self.instant)
            )

            feed = {"name": self.text(), "tasks_as": self.rng.choice(("EVENT", "TO_DO"))}
            self.add(
                "calendar_feeds", user_id=user["id"], digest=key["digest"], **feed, revoked_at=self.maybe(self.instant)
            )

    def own(self, table):
        return [row for row in self.rows.get(table, ()) if row["workspace_id"] == self.company]

    def customers(self):
        for number in range(7):
            kind = "ORGANIZATION" if number < 4 else "INDIVIDUAL"
            organization = self.perhaps("customers") if number >= 4 else None
            terms = {"payment_terms_days": self.rng.choice((0, 14, 30)), "currency": self.rng.choice((None, "EUR"))}
            billing = {"billing_rounding": self.rng.choice(("UP", "NEAREST", "DOWN")), "billing_increment_minutes": 15}
            who = {"name": self.text(), "reference": self.maybe(lambda: str(next(self.numbers)))}
            reach = {"email": self.maybe(lambda: "x@y.example"), "sales_rep_id": self.perhaps("users")}
            self.add("customers", kind=kind, organization_id=organization, **terms, **billing, **who, **reach)
        for _ in range(8):
            place = {"city": self.maybe(self.text), "country": self.maybe(lambda: "DE")}
            self.add("locations", customer_id=self.of("customers"), name=self.text(), **place)

    def records(self):
        for number in range(6):
            about = {"customer_id": self.of("customers"), "creator_id": self.of("users"), "number": number + 1}
            said = {"subject": self.text(), "description": self.maybe(self.text), "owner_id": self.perhaps("users")}
            closed = self.maybe(self.instant, 0.3)
            status = "CLOSED" if closed else self.rng.choice(("OPEN", "WAITING"))
            self.add("tickets", **about, **said, status=status, priority=self.rng.randint(1, 4), closed_at=closed)
            stage = self.rng.choice(("WON", "LOST")) if closed else self.rng.choice(("QUALIFYING", "PROPOSED"))
            amount = self.maybe(lambda: Decimal(self.rng.randint(1, 9999)) / 100)
            money = {"amount": amount, "currency": amount and "EUR", "expected_close_on": self.maybe(self.day)}
            self.add("opportunities", **about, **said, **money, stage=stage, closed_at=closed)

    def held(self):
        return {
            "creator_id": self.of("users"),
            "assignee_id": self.perhaps("users"),
            "team_id": self.perhaps("teams", 0.75),
        }

    def visits(self):
        for number in range(9):
            start = self.instant()
            location = self.rng.choice(self.own("locations"))
            status = self.rng.choice(("PLANNED", "IN_PROGRESS", "COMPLETED", "CANCELLED", "MISSED"))
            came, left = status in {"IN_PROGRESS", "COMPLETED"}, status == "COMPLETED"
            self.add(
                "visits",
                location_id=location["id"],
                customer_id=location["customer_id"],
                status=status,
                planned_start=start,
                planned_end=start + timedelta(hours=1),
                checked_in_at=start if came else None,
                checked_out_at=start + timedelta(minutes=number) if left else None,
                purpose=self.maybe(self.text),
                **self.held(),
            )

    def series(self):
        for _ in range(3):
            rule = {"rule": "FREQ=DAILY", "start": "2026-11-23T09:00:00", "time_zone": "Europe/Berlin"}
            failed = self.maybe(self.instant)
            length = {"expected_minutes": self.maybe(self.length), "reminders": self.reminders()}
            work = {"failed_at": failed, "attempts": self.rng.randint(0, 5), "error": failed and self.text()}
            self.add(
                "series",
                title=self.text(),
                **rule,
                **self.held(),
                **length,
                **work,
                customer_id=self.perhaps("customers"),
                **self.parts(),
            )

    def reminders(self):
        minutes = self.maybe(self.length)
        return [] if minutes is None else [{"anchor": "SCHEDULED", "offset_minutes": minutes}]

    def parts(self):
        """Lists in a blueprint."""
        size = range(len(self.own("series")))
        below = {"type": "CALL", "priority": 3, "description": None, "expected_minutes": 95}
        records = ("VISIT", "visits"), ("LOCATION", "locations"), ("TICKET", "tickets")
        return {
            "subtasks": [{"title": "Ärger", **below} for _ in size],
            "checklist": [{"text": "100%", "required": bool(line)} for line in size],
            "links": [{"kind": kind, "id": str(self.own(table)[len(size)]["id"])} for kind, table in records],
            "location_id": self.own("locations")[len(size)]["id"],
        }

    def length(self):
        return self.rng.choice((0, 5, 60, 95, 1500))

    def workflows(self):
        audit = plain(make.audit())
        for name, version in (("Audit", 1), ("Audit", 2), ("Short", 1), ("STANDARD", 1), ("DIRECT", 1)):
            definition = (
                plain(BUILT_IN[name]) if name in BUILT_IN else audit | {"planners": ["CREATOR"] * (version - 1)}
            )
            ours = (
                {} if name in BUILT_IN else {"publisher_id": self.of("users"), "retired_at": self.maybe(self.instant)}
            )
            self.add("workflows", name=name, version=version, definition=definition, **ours)

    def tasks(self):
        known = [None]
        for number in range(35):
            status = self.rng.choice(STATUSES)
            held, series = self.held(), self.perhaps("series", 0.2)
            over = self.instant() if status in {"COMPLETED", "CLOSED", "CANCELLED"} else None
            task = self.add(
                "tasks",
                number=number + 1,
                title=self.text(),
                description=self.maybe(self.text),
                place=self.maybe(self.text, 0.3),
                type=self.rng.choice(TYPES),
                status=status,
                priority=self.rng.randint(1, 4),
                due_on=self.maybe(self.day),
                scheduled_at=self.maybe(self.instant),
                expected_minutes=self.maybe(self.length),
                billable=self.rng.random() < 0.5,
                parent_id=self.rng.choice(known[-12:]),
                position=Decimal(f"{self.rng.randint(1, 35)}.{number:02}") if number % 3 == 0 else None,
                follow_up_of_id=self.rng.choice(known[-12:]),
                follow_up_visit_id=self.perhaps("visits", 0.2),
                progress_weight=self.rng.randint(1, 3),
                progress_by=self.rng.choice(("COUNT", "WEIGHT", "ESTIMATE")),
                visit_id=self.perhaps("visits", 0.4),
                series_id=series,
                occurrence=series and f"2026-11-{number:02d}",
                workflow="Audit" if number % 5 == 0 else self.rng.choice(("STANDARD", "REVIEWED", "DIRECT")),
                finished_at=over,
                released_by_id=held["creator_id"],
                finished_by_id=over and self.perhaps("users"),
                assigned_at=held["assignee_id"] and self.instant(),
                custom_type_id=self.perhaps("custom_task_types", 0.4),
                **held,
            )
            known.extend((None, task["id"], task["id"]))

    def participants(self):
        for task in self.own("tasks")[::3]:
            for user in self.rng.sample([row["id"] for row in self.own("users")], 2):
                part = self.rng.choice(("COLLABORATOR", "WATCHER"))
                self.add("participants", task_id=task["id"], user_id=user, part=part)

    def dependencies(self):
        tasks = [row["id"] for row in self.own("tasks")]
        for place, task in enumerate(tasks[1:], 1):
            for blocker in self.rng.sample(tasks[:place], min(place, self.rng.randint(0, 2))):
                self.add("dependencies", predecessor_id=blocker, successor_id=task)

    def about_tasks(self):
        for task in self.own("tasks"):
            self.link(task["id"])
            for _ in range(self.rng.randint(0, 2)):
                people = {name: self.perhaps("users") for name in ("sender_id", "receiver_id", "actor_id")}
                how = self.rng.choice(("CREATED", "CLAIMED", "ASSIGNED", "UNCLAIMED"))
                seconds = self.maybe(lambda: self.rng.randint(0, 10**6))
                self.add("assignments", task_id=task["id"], how=how, held_seconds=seconds, **people)
            if self.rng.random() < 0.5:
                self.reminder(task["id"])
            for number in range(self.rng.randint(0, 3)):
                ticked = self.maybe(self.instant)
                state = {"ticked_at": ticked, "ticked_by_id": ticked and self.of("users"), "required": number == 1}
                place = Decimal(self.rng.randint(1, 9) + number) / 7
                self.add("checklist_items", task_id=task["id"], text=self.text(), position=place + number * 10, **state)
        for user in self.own("users"):
            for number in range(self.rng.randint(0, 4)):
                self.time(user["id"], running=number == 3)

    def notes(self):
        for _ in range(20):
            table = self.rng.choice(("tasks", "tasks", "customers", "visits", "tickets"))
            text, about = self.text(), {f"{table.removesuffix('s')}_id": self.of(table)}
            kind, people = self.rng.choice(("INTERNAL", "OUTCOME")), self.rng.sample(self.own("users"), 2)
            mentions = [f"@[user_{user['id'].hex}]" for user in people[: self.rng.randint(0, 2)]]
            html = markdown.render(" ".join([text, *mentions]))
            note = self.add("notes", kind=kind, text=text, html=html, creator_id=self.of("users"), **about)
            for user in people[: len(mentions)]:
                self.add("mentions", note_id=note["id"], user_id=user["id"])

    def files(self):
        for number in range(20):
            table, status = (
                self.rng.choice(("tasks", "customers", "visits", "tickets")),
                self.rng.choice(("READY", "READY", "STAGED")),
            )
            there = (
                {"type": "PNG", "place": f"{number}/a", "thumbnail": self.maybe(lambda: "b")}
                if status == "READY"
                else {}
            )
            about = {f"{table.removesuffix('s')}_id": self.of(table), "creator_id": self.of("users")}
            file = {"name": self.text(), "size": number + 1, "sha256": str(number), "expires_at": self.instant()}
            self.add("attachments", status=status, **file, **about, **there)

    def told(self):
        for mention in self.own("mentions"):
            line = {"message": self.text(), "moment": self.instant()}
            line |= {"kind": "MENTION"} | self.delivery()
            self.add("notifications", user_id=mention["user_id"], note_id=mention["note_id"], **line)
        for number, user in enumerate(self.own("users")[::2]):
            quiet = {"quiet_from": "22:00", "quiet_until": "07:00"} if number else {}
            said = {"REMINDER": {"EMAIL": "NEVER"}, "DIGEST": {"IN_APP": "ASKED"}}
            self.add("notification_settings", user_id=user["id"], channels=said, digest_at="08:00", **quiet)
            about = {"kind": "DIGEST", "status": "SENT", "channel": "IN_APP", "sent_at": NOW, "moment": NOW}
            made = self.add("notifications", user_id=user["id"], message="3 tasks: 3 overdue.", **about)
            for task in self.own("tasks")[number : number + 3]:
                self.add("digest_lines", notification_id=made["id"], task_id=task["id"])

    def link(self, task):
        targets = {"customer": "customers", "location": "locations", "visit": "visits", "ticket": "tickets"}
        for name, table in (targets | {"opportunity": "opportunities"}).items():
            if self.rng.random() < 0.3:
                kind = "ORGANIZATION" if name == "customer" else name.upper()
                self.add("task_links", task_id=task, kind=kind, is_primary=False, **{f"{name}_id": self.of(table)})

    def wish(self, number):
        when = {"anchor": ("DUE", "SCHEDULED")[number % 2], "offset_minutes": 95 * number, "days": 0}
        more = {"working_days": number % 3, "after": number == 1, "local_time": (None, "09:00")[number % 2]}
        return when | more | {"recipient": "ASSIGNEE", "channel": (None, "EMAIL")[number % 2]}

    def reminder(self, task):
        status = self.rng.choice(("PENDING", "SENT", "SKIPPED"))
        sent = {"status": status, "sent_at": self.instant() if status == "SENT" else None}
        failed = self.maybe(self.instant, 0.2)
        work = {"failed_at": failed, "attempts": self.rng.randint(0, 5), "error": failed and self.text()}
        at = {"anchor": self.rng.choice(("DUE", "SCHEDULED")), "offset_minutes": self.length()}
        number = len(self.own("reminders"))
        recipient = ("PERSON", "ASSIGNEE", "TEAM")[number % 3]
        at |= {"days": number % 3, "after": number % 4 == 0, "channel": (None, "IN_APP", "EMAIL")[number % 3]}
        user = self.of("users")
        whom = {"recipient": recipient, "user_id": user if recipient == "PERSON" else None}
        made = self.add("reminders", task_id=task, **whom, **sent, **work, **at)
        line = {
            "kind": "REMINDER",
            **self.delivery(),
            "message": self.text(),
            "moment": self.instant(),
            "read_at": self.maybe(self.instant),
        }
        self.add("notifications", task_id=task, user_id=user, reminder_id=made["id"], **line)

    def delivery(self):
        number = len(self.own("notifications"))
        status = ("SENT", "SENT", "PENDING", "SKIPPED")[number % 4]
        sent = {"status": status, "sent_at": NOW - timedelta(hours=number) if status == "SENT" else None}
        return sent | {"channel": ("IN_APP", "IN_APP", "EMAIL")[number % 3], "late": number % 5 == 0}

    def time(self, user, *, running):
        entry = {
            "task_id": self.of("tasks"),
            "user_id": user,
            "creator_id": self.of("users"),
            "note": self.maybe(self.text),
        }
        start = NOW + timedelta(minutes=self.rng.randint(-4000, -60))
        if running:
            entry |= {"started_at": start}
        elif self.rng.random() < 0.5:
            entry |= {"started_at": start, "ended_at": start + timedelta(seconds=self.rng.randint(20, 9000))}
        else:
            entry |= {"minutes": self.rng.randint(1, 300), "worked_on": self.day()}
        self.add("time_entries", billable=self.rng.random() < 0.7, **entry)

    def money(self):
        for scope, table, column in (
            ("TASK", "tasks", "task_id"),
            ("CUSTOMER", "customers", "customer_id"),
            ("PERSON", "users", "user_id"),
        ):
            self.add("rates", scope=scope, hourly=Decimal("72.5000"), currency="EUR", **{column: self.of(table)})
        self.add("rates", scope="WORKSPACE", hourly=Decimal("100.0000"), currency="USD")
        for task in self.rng.sample(self.own("tasks"), 8):
            failed = self.maybe(self.instant, 0.3)
            work = {"failed_at": failed, "attempts": self.rng.randint(0, 5), "error": failed and self.text()}
            made = self.add("conversions", task_id=task["id"], creator_id=self.of("users"), **work)
            price = {"quantity": Decimal("1.2500"), "hourly": Decimal("72.5000"), "amount": Decimal("90.6300")}
            terms = {"minutes": 75, "currency": "EUR", "rate_scope": "CUSTOMER", **price}
            who = {"task_id": task["id"], "user_id": self.of("users"), "customer_id": self.perhaps("customers")}
            bill = self.add("billables", conversion_id=made["id"], **who, **terms)
            self.bill(bill["id"])

    def bill(self, billable):
        billed = {row["time_entry_id"] for row in self.rows.get("billed_entries", ())}
        free = [row["id"] for row in self.own("time_entries") if row["id"] not in billed]
        if free:
            self.add("billed_entries", billable_id=billable, time_entry_id=free[0])

    def absences(self):
        for _ in range(6):
            user, substitute = self.rng.sample([row["id"] for row in self.own("users")], 2)
            days = sorted(self.instant().date() for _ in range(2))
            who = {"user_id": user, "substitute_id": self.maybe(lambda other=substitute: other)}
            self.add("absences", starts_on=days[0], ends_on=days[1], **who)

    def weights(self):
        for type_ in self.rng.sample(("CALL", "EMAIL", "MEETING", "DEMO", "OTHER"), 3):
            self.add("task_weights", type=type_, weight=self.rng.randint(0, 3))

    def escalation_rule(self):
        hours = {"after_working_hours": self.maybe(lambda: self.rng.randint(1, 40)), "holiday_country": "DE"}
        self.add("escalation_rules", **hours, holiday_region=self.maybe(lambda: "BY"))

    def task_types(self):
        for number in range(3):
            self.add(
                "custom_task_types",
                key=f"TYPE_{number}",
                name=self.text(),
                priority=self.maybe(lambda: self.rng.randint(1, 4)),
                expected_minutes=self.maybe(lambda: self.rng.randint(0, 90)),
                weight=self.maybe(lambda: self.rng.randint(0, 3)),
                required_fields=["DUE_ON", "PLACE"][:number],
                checklist=[{"text": self.text(), "required": bool(line)} for line in range(number)],
                reminders=[self.wish(line) for line in range(number)],
                archived_at=self.maybe(self.instant),
            )

    def indicators(self):
        for number, kind in enumerate(("NUMBER", "MONEY", "PERCENT", "TEXT", "BOOLEAN", "CHOICE")):
            compared = {"direction": "LOWER_IS_BETTER", "tolerance": Decimal(number) / 3} if number < 2 else {}
            self.add(
                "assessment_indicators",
                name=f"{self.text()} {number}",
                kind=kind,
                unit="EUR" if kind == "MONEY" else None,
                choices=["Good", "Bad"] if kind == "CHOICE" else [],
                archived_at=self.maybe(self.instant, 0.2),
                **compared,
            )
        for task in self.own("tasks"):
            self.measure(task["id"])

    def measure(self, task):
        values = {"TEXT": {"text": self.text()}, "BOOLEAN": {"yes": True}, "CHOICE": {"choice": "Good"}}
        for indicator in self.rng.sample(self.own("assessment_indicators"), self.rng.randint(0, 2)):
            about = {"task_id": task, "indicator_id": indicator["id"], "required": self.rng.random() < 0.5}
            done = {"captured_at": self.instant(), "captured_by_id": self.perhaps("users")}
            done |= values.get(indicator["kind"], {"number": Decimal(self.rng.randint(-9, 9)) / 4})
            self.add("task_indicators", **about, **(self.maybe(lambda found=done: found) or {}))

    def follow_up_rules(self):
        for number in range(3):
            about = {"trigger": ("TASK", "VISIT")[number % 2], "ended_at": self.maybe(self.instant, 0.3)}
            rule = self.add("follow_up_rules", name=self.text(), creator_id=self.of("users"), **about)
            for place in range(number):
                item = {"title": self.text(), "type": "CALL", "priority": self.rng.randint(1, 4), "after_days": place}
                self.add("follow_up_items", follow_up_rule_id=rule["id"], place=place, holder="TEAM", **item)

    def events(self):
        kinds = {"USER": "users", "TEAM": "teams", "API_KEY": "api_keys", "CUSTOMER": "customers"}
        kinds |= {"LOCATION": "locations", "TASK": "tasks", "VISIT": "visits", "SERIES": "series", "RATE": "rates"}
        kinds |= {"TICKET": "tickets", "OPPORTUNITY": "opportunities", "TASK_WEIGHT": "task_weights", "NOTE": "notes"}
        kinds |= {"FOLLOW_UP_RULE": "follow_up_rules", "CUSTOM_TASK_TYPE": "custom_task_types"}
        kinds["CALENDAR_FEED"] = "calendar_feeds"
        for _ in range(60):
            kind = self.rng.choice((*kinds, "TASK", "TASK", "VISIT"))
            changes = {name: [self.json(), self.json()] for name in self.rng.sample(("due_on", "title", "outcome"), 2)}
            about = {"subject_type": kind, "subject_id": self.of(kinds[kind]), "changes": changes}
            who = {"actor_id": self.perhaps("users"), "api_key_id": self.perhaps("api_keys", 0.4)}
            self.add(
                "events",
                verb=self.rng.choice(("created", "changed")),
                reason=self.maybe(self.text, 0.2),
                **about,
                **who,
            )

    def stays(self):
        for task in self.own("tasks"):
            about = {"subject_type": "TASK", "subject_id": task["id"], "actor_id": task["creator_id"]}
            for changes in ({"number": [None, task["number"]]}, {"status": ["PENDING", "IN_PROGRESS"]}):
                self.add("events", verb="changed", changes=changes, **about)

    def deletions(self):
        """Delete some tasks, each with all that is left below it, but no large tree."""
        for task in self.rng.sample(self.own("tasks"), 8):
            gone = {task["id"]} - self.deleted.keys()
            while more := {t["id"] for t in self.own("tasks") if t["parent_id"] in gone} - gone - self.deleted.keys():
                gone |= more
            if 0 < len(gone) < 4:
                why = {"reason": self.maybe(self.text), "purge_at": self.instant()}
                made = self.add("deletions", task_id=task["id"], creator_id=self.of("users"), **why)
                self.deleted |= dict.fromkeys(gone, made["id"])

    def json(self):
        return self.rng.choice((None, "text", 'a "quoted" \\ ä', 42, True))

    async def store(self, connection):
        """Insert all rows."""
        for table, rows in self.rows.items():
            for row in rows:
                names = ", ".join(row)
                places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
                values = [json.dumps(each) if name in JSON and each is not None else each for name, each in row.items()]
                await connection.execute(f"insert into {table} ({names}) values ({places})", *values)
        await connection.executemany("update tasks set deletion_id = $2 where id = $1", [*self.deleted.items()])
