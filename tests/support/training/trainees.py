"""People whose taught item is lost often before a course, and less often after it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from core.access import Role
from core.periods import Period
from core.training import Reason
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff
from db.people.staff_list import pseudonym
from db.store import session as sessions
from db.training.queries.candidates import ProposalBasis, candidates
from db.training.queries.courses import roster
from db.training.queries.taught_items import items_of, tallies
from db.training.services.attendance import AttendanceResult, enrol, record_results
from db.training.services.courses import CourseData, RunData, save_course, save_run
from tests import factories
from tests.factories import (
    identity,
    make_assignment,
    make_interaction,
    make_staff,
    make_station,
    make_user,
    version_of,
)
from tests.support.clock import NOW
from tests.support.importing.files import KEYS
from tests.support.inspection.inspecting import NO, SMALL, answers

PICKED_BY = Period(202510, 202511)
HELD = date(2026, 1, 14)
TODAY = NOW.date()
PEOPLE = 10  # trained, and as many alike who are not
RUN: dict[str, Any] = {
    "method": "internal",
    "place": "Room 2",
    "starts_on": HELD,
    "ends_on": date(2026, 1, 15),
    "selection": PICKED_BY,
}


@contextmanager
def trainees(databases):
    """A session among them, see make_trainees."""
    with (
        databases.like("trainees", make_trainees) as engine,
        sessions.transaction(engine) as session,
    ):
        yield session


def by_number(_session, ids):
    return ids


def by_pseudonym(session, ids):
    """As a page lists people to be trained before tina, where the portal has KEYS."""
    readers = f"training {identity(session, 'tina').user_id}"
    return sorted(ids, key=lambda staff_id: pseudonym(KEYS, readers, staff_id))


def make_trainees(engine, order=by_number):
    """Twenty people at KHH, half of them trained in January, and a good desk elsewhere.

    The trained are the first ten in an order.

    Everybody lost RIGHT in two of three inspections of October and November and in one of two of
    December. In February the trained lose it in none of two, the others in one of two, but for the
    last two of them: the one in both and the other in none.
    """
    factories.seed(engine)
    with sessions.transaction(engine) as session:
        factories.make_version(session, SMALL)
        poor = make_station(session, code="KHH", name_en="Kaohsiung desk", region="South")
        good = make_station(session, code="XMN", name_en="Xiamen desk")
        people = [
            make_staff(session, station=poor, **dict.fromkeys(("staff_no", "name"), f"K-{k:02}"))
            for k in range(20)
        ]
        fine = make_staff(session, station=good, staff_no="X-01")
        make_user(session, "tina", Role.TRAINER)
        make_user(session, "stan", Role.STATION_MANAGER, station_id=poor.id)
        make_user(session, "olaf", Role.STATION_MANAGER, station_id=good.id)
        make_user(session, "kim", Role.STAFF, staff_id=people[0].id)
        ids, other = [person.id for person in people], fine.id
        session.flush()
        for k, staff_id in enumerate(order(session, ids)):
            for month, lost in ((10, "10"), (11, "1"), (12, "10"), (14, _lost_since(k))):
                for day, is_lost in enumerate(lost, start=3 + k):
                    scored(session, staff_id, month, day, RIGHT=NO if is_lost == "1" else None)
        for day in range(1, 13):
            scored(session, other, 10, day)


def _lost_since(k):
    return "00" if k < PEOPLE else {18: "11", 19: "00"}.get(k, "10")


def scored(session, staff_id, month, day, **lost):
    """A submitted inspection of a person's call; month 13 is January 2026."""
    given = {key: value for key, value in lost.items() if value}
    when = datetime(2025 + (month - 1) // 12, (month - 1) % 12 + 1, day, 4, tzinfo=UTC)
    who = identity(session, "alice")
    task = make_assignment(
        session,
        interaction=make_interaction(
            session, staff=session.get_one(Staff, staff_id), occurred_at=when, turns=()
        ),
        inspector=who,
        checklist_version_id=version_of(session, "small"),
    )
    work = Work(answers(**given))
    save_draft(session, who=who, task=ASSIGNED.task(task.id), version=0, work=work, now=NOW)
    submit(session, who=who, task=ASSIGNED.task(task.id), version=1, now=NOW)


def course(**values):
    """A course about RIGHT, with an exam of three questions and three attempts."""
    usual = {"title": "Right answers", "content": "", "method": "internal", "items": ("RIGHT",)}
    return CourseData(**usual | {"questions": 3} | values)


def held(session, *, people=PEOPLE, attended=None, **values):
    """A run of a new course that the first people took; its id and the course's."""
    tina = identity(session, "tina")
    course_id = save_course(session, who=tina, course_id=None, data=course(**values), now=NOW)
    run_id = save_run(
        session, who=tina, run_id=None, data=RunData(course_id=course_id, **RUN), now=NOW
    )
    staff = staff_ids(session)[:people]
    enrol(session, who=tina, run_id=run_id, staff=dict.fromkeys(staff, Reason.REPEATED), now=NOW)
    came = people if attended is None else attended
    rows = enrolments(session, run_id)
    results = [AttendanceResult(row, place < came) for place, row in enumerate(rows)]
    record_results(session, who=tina, run_id=run_id, results=results, now=NOW)
    return run_id, course_id


def staff_ids(session):
    """The people at KHH by number."""
    rows = session.query(Staff.id).filter(Staff.staff_no.like("K-%")).order_by(Staff.staff_no)
    return [row.id for row in rows]


def enrolments(session, run_id):
    return [row.enrolment_id for row in roster(session, identity(session, "tina"), run_id)]


def kept_course(session, **values):
    data = course(**values)
    return save_course(session, who=identity(session, "tina"), course_id=None, data=data, now=NOW)


def opened(session, course_id, **values):
    data = RunData(course_id=course_id, **RUN | values)
    return save_run(session, who=identity(session, "tina"), run_id=None, data=data, now=NOW)


def proposed(session, name, course_id, period, *, today=TODAY, run_id=None):
    """Who should attend, as a person sees it."""
    who = identity(session, name)
    by_staff = tallies(session, items_of(session, who, course_id), period)
    return candidates(session, who, course_id, ProposalBasis(period, today, by_staff, run_id))
