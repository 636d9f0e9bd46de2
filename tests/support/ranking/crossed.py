"""Three stations that both inspectors score, for rankings."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from sqlalchemy import select

from core.periods import Period
from db.inspection.models import Inspection
from db.inspection.services.amendments import void
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff
from db.results.queries.stations import Slice
from db.store import session as sessions
from tests import factories
from tests.factories import identity, make_assignment, make_interaction, make_staff, make_station
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, SMALL, YES, World, answers


def make_crossed(engine):
    """Three stations, forty calls each, both inspectors at all of them; one call is voided."""
    factories.seed(engine)
    with sessions.transaction(engine) as session:
        factories.make_version(session, SMALL)
    world = World(factories.seeded_in(engine))
    world.inspector("irene")
    with world.seeded.transaction() as session:
        places = [make_station(session, code=f"DESK-{k}") for k in range(3)]
        staff = [make_staff(session, station=place) for place in places for _ in range(2)]
        people = [person.id for person in staff]
    rng = random.Random(5)
    for number in range(120):
        poor = people[number % 6] in people[4:]
        given = {item: NO if rng.random() < (0.4 if poor else 0.15) else YES for item in answers()}
        _score(world, people[number % 6], number, given)
    ids = world.one(lambda session: session.scalars(select(Inspection.id)).all())
    world.do(void, world.bob, inspection_id=ids[7], reason="test call")


def _score(world, staff_id, number, given):
    with world.seeded.transaction() as session:
        who = identity(session, "irene" if number % 7 < 3 else "alice")
        call = make_interaction(
            session,
            staff=session.get_one(Staff, staff_id),
            occurred_at=datetime(2026, 1 + number % 3, 1 + number % 28, 4, tzinfo=UTC),
        )
        task = make_assignment(
            session,
            interaction=call,
            inspector=who,
            checklist_version_id=world.version_id,
            sample_class="random" if number % 4 else "must_inspect",
            stratum="" if number % 4 else "complaint",
            inclusion_probability=0.1 if number % 4 else 0.8,
        )
        work = Work(answers(**given))
        save_draft(session, who=who, task=ASSIGNED.task(task.id), version=0, work=work, now=NOW)
        submit(session, who=who, task=ASSIGNED.task(task.id), version=1, now=NOW)


def part(world, **values):
    return Slice(Period(202601, 202603), world.checklist_id(), **values)


def inspections(world, **wanted):
    return world.one(
        lambda session: session.scalars(
            select(Inspection).filter_by(state="valid", purpose="record", **wanted)
        ).all()
    )
