"""A small network in which one station is clearly worse, made through the services."""

from __future__ import annotations

from datetime import UTC, datetime

from core.access import Role
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff
from db.store import session as sessions
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
from tests.support.inspection.inspecting import NO, SMALL, answers


def make_stations(engine):
    """Two stations with 36 calls each, one of them losing points, and one with three calls."""
    factories.seed(engine)
    with sessions.transaction(engine) as session:
        factories.make_version(session, SMALL)
        here = factories.identity(session, "charlie").staff_id
        poor = make_station(session, code="KHH", name_en="Kaohsiung desk", region="South")
        tiny = make_station(session, code="XMN", name_en="Xiamen desk")
        people = [here, make_staff(session, station=poor).id, make_staff(session, station=tiny).id]
        make_user(session, "irene", Role.INSPECTOR)
        make_user(session, "theresa", Role.TRAINER)
        make_user(session, "stan", Role.STATION_MANAGER, station_id=poor.id)
    for number in range(75):
        place = 2 if number >= 72 else number % 2
        lost = {"RIGHT": NO} if (place == 1 and number % 3) or number % 9 == 0 else {}
        scored(engine, people[place], number, **lost)


def scored(
    engine, staff_id, number=0, *, checklist="small", sample_class="random", evidence=(), **lost
):
    """One more submitted inspection of a person's call."""
    when = datetime(2026, 1 + number % 4 // 2, 1 + number % 28, 4, tzinfo=UTC)
    with sessions.transaction(engine) as session:
        who = identity(session, "irene" if number % 5 < 2 else "alice")
        staff = session.get_one(Staff, staff_id)
        task = make_assignment(
            session,
            interaction=make_interaction(session, staff=staff, occurred_at=when),
            inspector=who,
            checklist_version_id=version_of(session, checklist),
            sample_class=sample_class,
        )
        work = Work(answers(**lost), list(evidence))
        save_draft(session, who=who, task=ASSIGNED.task(task.id), version=0, work=work, now=NOW)
        return submit(session, who=who, task=ASSIGNED.task(task.id), version=1, now=NOW)
