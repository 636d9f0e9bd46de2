"""Two stations that had many calls in four months, and what a figure of them counts."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from sqlalchemy import select

from core.periods import Period
from core.scoring import parse_answers, score
from db.checklists.parsed_versions import checklist_of
from db.inspection.models import Inspection
from db.inspection.services.amendments import amend, void
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff, Station
from db.results.queries.stations import Slice
from db.store import session as sessions
from tests import factories
from tests.factories import make_assignment, make_interaction, make_staff, make_station
from tests.support.inspection.inspecting import NO, SMALL, YES, World, answers

NA = {"na": True, "reason": "no case"}
ITEMS = ("HELLO", "NAME", "RIGHT", "FAST", "HONEST")


def make_busy(engine):
    """Seventy calls of six people at two stations over four months, one amended, one voided."""
    factories.seed(engine)
    with sessions.transaction(engine) as session:
        factories.make_version(session, SMALL)
    world = World(factories.seeded_in(engine))
    rng = random.Random(3)
    with world.seeded.transaction() as session:
        other = make_station(session, code="KHH-PHONE")
        here = session.get_one(Station, world.seeded.station_id)
        people = [
            make_staff(session, station=place, post=post).id
            for post in ("agent", "guide", "agent")
            for place in (here, other)
        ]
    ids = []
    for number in range(70):
        person = people[rng.randrange(6)] if number > 5 else people[0]
        hour = (1, 4, 4)[number % 3]  # 9 and 12 o'clock in Taipei: early, late
        when = datetime(2026, rng.randint(1, 4), rng.randint(1, 28), hour, tzinfo=UTC)
        said = {
            "language": ("zh_TW", "en", "zh_TW", "")[number % 4],
            "business_line": "airline" if number % 5 else "supplier",
        }
        task = _task(world, person, when, rng.choice(("random", "random", "must_inspect")), said)
        given = {item: rng.choices((YES, NO, NA), (7, 2, 1))[0] for item in ITEMS}
        world.draft(Work(answers(**given)), task=task)
        ids.append(world.submit(task=task).inspection_id)
    world.do(amend, world.bob, inspection_id=ids[3], answers=answers(), reason="wrong call")
    world.do(void, world.bob, inspection_id=ids[8], reason="test call")


def _task(world, staff_id, when, sample_class, said):
    with world.seeded.transaction() as session:
        person = session.get_one(Staff, staff_id)
        call = make_interaction(session, staff=person, occurred_at=when, **said)
        task = make_assignment(
            session,
            interaction=call,
            inspector=world.alice,
            checklist_version_id=world.version_id,
            sample_class=sample_class,
        )
        return task.id


def part(world, first=202601, last=202604, **values):
    return Slice(Period(first, last), world.checklist_id(), **values)


def rows(world, **wanted):
    """The inspections that count, with their score sheets."""
    with world.seeded.reading() as session:
        found = session.scalars(
            select(Inspection).filter_by(state="valid", purpose="record", **wanted)
        ).all()
        checklist = checklist_of(session, world.version_id)
        return [(row, score(checklist, parse_answers(checklist, row.answers))) for row in found]


def scored_twice(world, second_inspector, when, record, second):
    """A call that alice scores for the record and another inspector again.

    Args:
        record: what alice answers by item, yes to all others; likewise `second`.

    Returns:
        The ids of the record and of the call.
    """
    halves = ((world.alice, "record", record), (second_inspector, "second", second))
    with world.seeded.transaction() as session:
        call = make_interaction(session, occurred_at=when)
        tasks = [
            make_assignment(
                session,
                interaction=call,
                inspector=who,
                checklist_version_id=world.version_id,
                purpose=purpose,
            ).id
            for who, purpose, _ in halves
        ]
        call_id = call.id
    ids = []
    for (who, _, given), task in zip(halves, tasks, strict=True):
        work = Work(answers(**given))
        world.do(save_draft, who, task=ASSIGNED.task(task), version=0, work=work)
        ids.append(world.do(submit, who, task=ASSIGNED.task(task), version=1).inspection_id)
    return ids[0], call_id
