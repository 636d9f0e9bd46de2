"""What tests of inspections do over and over: a checklist to work out by hand, and its queue."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from core.access import Role
from core.errors import InvalidInput
from db.checklists.models import ChecklistRecord, ChecklistVersion
from db.encounters.models import Interaction
from db.inspection.models import Assignment, Finding, Inspection
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.inspectors import double_scorings
from db.people.models import Staff
from db.results import rollups
from db.results.models import StationMonth
from db.store import session as sessions
from db.store.base import Model
from db.store.models import AuditEvent
from db.upkeep import rebuild
from tests import factories
from tests.factories import identity, make_assignment, make_interaction, make_staff, make_user
from tests.support.clock import NOW

# Greeting counts 40 of 100: HELLO and NAME one half each. Solution counts 60: RIGHT two quarters,
# FAST and HONEST one quarter each. Not being HONEST also caps the score at 50.
SMALL = {
    "key": "small",
    "channels": ["phone"],
    "pass_mark": 85,
    "bands": [{"key": "good", "from": 85}, {"key": "poor", "from": 0}],
    "sections": [
        {"key": "greeting", "weight": 40, "items": [{"key": "HELLO"}, {"key": "NAME"}]},
        {
            "key": "solution",
            "weight": 60,
            "items": [
                {"key": "RIGHT", "weight": 2},
                {"key": "FAST"},
                {"key": "HONEST", "effects": {"no": {"cap": 50}}},
            ],
        },
    ],
}
YES, NO = {"value": "yes"}, {"value": "no"}
PIN = {"item_key": "HELLO", "turn_position": 2, "start_offset": 0, "end_offset": 3}


def answers(**changed):
    return dict.fromkeys(("HELLO", "NAME", "RIGHT", "FAST", "HONEST"), YES) | changed


def make_world(engine):
    """`seed`, the small checklist, and one call of charlie's in alice's queue."""
    factories.seed(engine)
    with sessions.transaction(engine) as session:
        factories.make_version(session, SMALL)
    World(factories.seeded_in(engine))


class World:
    """Short names for what the tests do over and over, each in a transaction of its own."""

    def __init__(self, seeded, version_id=None, task=None):
        self.seeded = seeded
        self.alice, self.bob, self.charlie = seeded.alice, seeded.bob, seeded.charlie
        self.version_id = version_id or self.one(_small_version)
        self.task = task or self.assigned()

    @classmethod
    def made(cls, seeded, databases):
        """The one in a copy of what `make_world` leaves."""
        return cls(seeded, *databases.fact("world's own", lambda: _own(seeded)))

    def do(self, service, who, **values):
        with self.seeded.transaction() as session:
            return service(session, who=who, now=NOW, **values)

    def one(self, question):
        with self.seeded.reading() as session:
            return question(session)

    def all(self, *columns):
        return self.one(lambda session: session.execute(select(*columns)).all())

    def count(self, table):
        return self.one(lambda session: session.scalar(select(func.count()).select_from(table)))

    def inspector(self, username, **values):
        with self.seeded.transaction() as session:
            make_user(session, username, Role.INSPECTOR, **values)
            return identity(session, username)

    def staff(self, **values):
        with self.seeded.transaction() as session:
            return make_staff(session, **values)

    def assigned(self, inspector=None, *, staff=None, **values):
        """An assignment of another call, charlie's unless told otherwise."""
        with self.seeded.transaction() as session:
            staff = staff or session.get_one(Staff, self.seeded.staff_id)
            call = make_interaction(session, staff=staff, **values)
            return make_assignment(
                session,
                interaction=call,
                inspector=inspector or self.alice,
                checklist_version_id=self.version_id,
            ).id

    def draft(self, work, *, task=None, version=0):
        task = task or self.task
        return self.do(save_draft, self.alice, task=ASSIGNED.task(task), version=version, work=work)

    def submit(self, *, task=None, version=1):
        return self.do(submit, self.alice, task=ASSIGNED.task(task or self.task), version=version)

    def scored(self, *, staff=None, call=None, evidence=(), note="", **changed):
        """A submitted inspection of another call; `call` is what is unusual about it."""
        task = self.assigned(staff=staff, **(call or {}))
        self.draft(Work(answers(**changed), list(evidence), note), task=task)
        return self.submit(task=task).inspection_id

    def inspection(self, inspection_id):
        return self.one(lambda session: session.get_one(Inspection, inspection_id))

    def checklist_id(self):
        version = self.one(lambda session: session.get_one(ChecklistVersion, self.version_id))
        return version.checklist_id

    def case_no(self, inspection_id):
        call = self.inspection(inspection_id).interaction_id
        return self.one(lambda session: session.get_one(Interaction, call).external_id)

    def noted(self):
        """What the log holds: the action and what it was done to."""
        return self.all(AuditEvent.action, AuditEvent.object_id)

    def station_month(self):
        return self.all(
            StationMonth.n, StationMonth.total, StationMonth.total_before, StationMonth.critical
        )

    def findings(self):
        return sorted(self.all(Finding.inspection_id, Finding.item_key, Finding.points_lost))

    def derived(self):
        """Every derived row that counts something, without ids."""
        with self.seeded.reading() as session:
            tables: tuple[type[Model], ...] = (Finding, *rollups.TABLES, *double_scorings.TABLES)
            return {table.__tablename__: _rows(session, table) for table in tables}

    def rebuilt(self):
        with self.seeded.transaction() as session:
            rebuild.rebuild(session, lambda done, total: None)
        return self.derived()


def _own(seeded):
    """The ids of the small checklist's version and of the assignment."""
    with seeded.reading() as session:
        return _small_version(session), session.scalars(select(Assignment.id)).one()


def _small_version(session):
    return session.scalars(
        select(ChecklistVersion.id).join(ChecklistRecord).where(ChecklistRecord.key == "small")
    ).one()


def _rows(session, table):
    """The rows that count something; a sum that moved forth and back may be off by bits."""
    names = [column.name for column in table.__table__.columns if column.name != "id"]
    found = session.execute(select(*(getattr(table, name) for name in names))).mappings()
    rows = [
        {
            name: round(value, 9) if isinstance(value, float) else value
            for name, value in row.items()
        }
        for row in found
    ]
    sums = {"inspection_id"} if table is Finding else rollups.summed(table)
    return sorted((row for row in rows if any(row[name] for name in sums)), key=str)


def at_once(*calls):
    """Each call in a thread of its own, let go together; an error counts as a result."""
    gate = Barrier(len(calls))

    def run(call):
        gate.wait()
        try:
            return call()
        except InvalidInput as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
