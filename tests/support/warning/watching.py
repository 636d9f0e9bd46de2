"""A station whose complaints about information rise, as the worked example has it; who watches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from core.access import Role
from core.periods import first_day, shift
from core.warning.counts import Alarm
from core.warning.rules import RuleKey
from core.warning.states import WarningState
from db.encounters.models import Interaction
from db.files.models import File, FileStep
from db.people.models import Station
from db.results.models import StationItemMonth
from db.store.base import table_of
from db.store.models import AuditEvent, Notice
from db.store.session import transaction
from db.warning.models import EarlyWarning, WarningSign, WarningStep
from db.warning.services.looking import look_for_warnings
from tests.factories import identity, make_station, make_user, seed

EARLY_DECEMBER = datetime(2026, 12, 2, 4, tzinfo=UTC)
"""Noon of a Wednesday in Taipei: November is over."""
EARLY_JANUARY = datetime(2027, 1, 5, 4, tzinfo=UTC)
DAY = timedelta(days=1)
WHY = "The new fare sheet was wrong; it is replaced."
TOPIC = "information"
FIRST = 202511
MONTHS = {shift(FIRST, k): (2, 800) for k in range(12)} | {
    202611: (9, 1150),
    202612: (11, 1190),
    202702: (2, 1150),
    202703: (2, 1150),
}
"""Complaints about information at T1, and its encounters: 24 in 9,600 before November 2026."""


def prepare(engine):
    """What `Watching` stands on: seeded, with two stations, their people, and T1's months."""
    seed(engine)
    here = prepare_people(engine)
    with transaction(engine) as session:
        for month, (complaints, encounters) in MONTHS.items():
            add_contacts(session, here, month, encounters)
            add_complaints(session, here, month, complaints)


def prepare_people(engine):
    """The two stations and their people; the id of T1."""
    with transaction(engine) as session:
        here = make_station(session, code="T1").id
        there = make_station(session, code="T2").id
        make_user(session, "manny", Role.STATION_MANAGER, station_id=here)
        make_user(session, "norma", Role.STATION_MANAGER, station_id=there)
        make_user(session, "tina", Role.TRAINER)
    return here


def within(month, number):
    """A moment of a month in Taipei, another for each number."""
    return datetime.combine(first_day(month), datetime.min.time(), UTC) + timedelta(
        hours=4, minutes=number
    )


def add_contacts(session, station_id, month, n):
    rows = [
        {
            "source": "pbx",
            "external_id": f"{station_id}-{month}-{number}",
            "channel": "phone",
            "station_id": station_id,
            "occurred_at": within(month, number),
            "language": "zh_TW",
            "events": [],
            "attributes": {},
            "turn_count": 0,
            "content_digest": f"{station_id}-{month}-{number}",
            "imported_at": within(month, number),
        }
        for number in range(n)
    ]
    if rows:
        session.execute(insert(table_of(Interaction)), rows)


def add_complaints(session, station_id, month, n, **changed):
    files = [
        stored_file(station_id, f"{month}-{number}", within(month, number), **changed)
        for number in range(n)
    ]
    session.add_all(files)
    session.flush()
    session.add_all(
        FileStep(
            file_id=file.id,
            step="received",
            at=file.received_at,
            source="system",
            absent=[],
            written_at=file.received_at,
        )
        for file in files
    )
    session.flush()


def stored_file(station_id, number, received_at, **changed):
    values = {
        "source": "crm",
        "external_id": str(number),
        "first_kind": "complaint",
        "kind": "complaint",
        "station_id": station_id,
        "channel": "phone",
        "received_at": received_at,
        "topic": TOPIC,
        "marks": [],
        "content": "Two desks said two things.",
        "state": "new",
        "level": "ordinary",
        "round": 1,
    }
    return File(**values | changed)


def add_losses(session, station_id, item, months, *, checklist_version_id=1):
    """`months` are pairs of lost and answered by month."""
    session.add_all(
        StationItemMonth(
            checklist_version_id=checklist_version_id,
            channel="phone",
            sample_class="random",
            station_id=station_id,
            item_key=item,
            section_key="s",
            month=month,
            lost=lost,
            answered=answered,
        )
        for month, (lost, answered) in months.items()
    )


def stored_warning(session, station_id, **changed):
    """A warning about an item, raised by November and taken, past the services; its id."""
    values = {
        "rule": RuleKey.LOST_ITEMS,
        "station_id": station_id,
        "subject_key": "HELLO",
        "state": WarningState.TAKEN,
        "since": first_day(202611),
        "begun_at": EARLY_DECEMBER,
        "raised_at": EARLY_DECEMBER,
    }
    row = EarlyWarning(**values | changed)
    session.add(row)
    session.flush()
    session.add(
        WarningSign(
            warning_id=row.id,
            window_on=row.since,
            alarm=Alarm.RAISED,
            times=20,
            chances=100,
            base_times=60,
            base_chances=1200,
            p=0.0001,
            limit_value=0.13,
            first_times=20,
            seen_at=EARLY_DECEMBER,
        )
    )
    session.add(
        WarningStep(
            warning_id=row.id,
            deed="take_warning",
            at=EARLY_DECEMBER,
            user_id=changed.get("owner_id"),
            words="seen to",
        )
    )
    return row.id


class Watching:
    """bob manages quality, manny T1 and norma T2, tina trains."""

    def __init__(self, seeded):
        self.seeded, self.bob = seeded, seeded.bob
        with seeded.reading() as session:
            codes = dict(session.execute(select(Station.code, Station.id)).all())
            self.here, self.there = codes["T1"], codes["T2"]
            self.manny, self.norma = identity(session, "manny"), identity(session, "norma")
            self.tina = identity(session, "tina")

    def look(self, now=EARLY_DECEMBER):
        return look_for_warnings(self.seeded.engine, now=now)

    def do(self, service, who, *, now=EARLY_DECEMBER, **values):
        with self.seeded.transaction() as session:
            return service(session, who=who, now=now, **values)

    def read(self, query, *arguments, **values):
        with self.seeded.reading() as session:
            return query(session, *arguments, **values)

    def add(self, adding, *arguments, **values):
        with self.seeded.transaction() as session:
            adding(session, *arguments, **values)

    def warnings(self):
        with self.seeded.reading() as session:
            return list(session.scalars(select(EarlyWarning).order_by(EarlyWarning.id)))

    def only(self):
        [warning] = self.warnings()
        return warning

    def signs(self, warning_id=1):
        """(first day, events, whether a correction took it away) of each sign."""
        query = select(WarningSign).where(WarningSign.warning_id == warning_id)
        with self.seeded.reading() as session:
            return [
                (row.window_on, row.times, row.lapsed_at is not None)
                for row in session.scalars(query.order_by(WarningSign.window_on))
            ]

    def steps(self, warning_id=1):
        """Of a warning what was done with it."""
        query = select(WarningStep.deed).where(WarningStep.warning_id == warning_id)
        with self.seeded.reading() as session:
            return list(session.scalars(query.order_by(WarningStep.id)))

    def logged(self):
        query = select(AuditEvent.action).where(AuditEvent.object_type == "warning")
        with self.seeded.reading() as session:
            return list(session.scalars(query.order_by(AuditEvent.id)))

    def notices(self):
        """(deed, user) of all that was told."""
        with self.seeded.reading() as session:
            return {tuple(row) for row in session.execute(select(Notice.deed, Notice.user_id))}
