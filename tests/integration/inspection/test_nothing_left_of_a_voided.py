"""After voiding every figure, list and search is as if the inspection had never been.

Each public reading function of db is called for everybody before an inspection is handed in, while
it counts, and after it was voided: what it moved must be back. Who adds a reading function need
not name it here.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum

import pytest

from core.access import Role
from core.errors import PortalError
from core.periods import Period
from db.cases.queries.case_filter import CaseFilter
from db.inspection.models import Inspection
from db.inspection.services.amendments import amend, void
from db.inspection.services.drafts import Work
from db.results.queries.stations import Slice
from db.training.queries.candidates import ProposalBasis
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.house import doors
from tests.support.inspection.inspecting import NO, PIN, answers

SAID = "xylophone"
PERIOD = Period(202501, 202612)
STILL_THERE = {
    "what was done, with its reason": """
        safekeeping.queries.audit_log.people safekeeping.queries.seals.seal_state""",
    "that the data changed": """
        results.queries.data_version.data_version results.queries.data_version.rows_version""",
    "the work was done, whether it counts or not": """
        inspection.queries.coverage.active_inspectors
        inspection.queries.coverage.by_inspector inspection.queries.coverage.by_staff
        inspection.queries.coverage.by_station inspection.queries.coverage.overdue
        inspection.queries.coverage.waiting inspection.queries.encounter_list.open_assignments
        inspection.queries.queue.day_target inspection.queries.queue.load
        inspection.queries.queue.next_assignment inspection.queries.queue.queue
        inspection.queries.queue.queue_choices
        inspection.queries.queue.week""",
}


@pytest.fixture
def cast(world):
    """Who reads: one of each role."""
    with world.seeded.transaction() as session:
        make_user(session, "tina", Role.TRAINER)
        make_user(session, "otto", Role.AUDITOR)
        make_user(session, "mona", Role.STATION_MANAGER, station_id=world.seeded.station_id)
        others = [identity(session, name) for name in ("tina", "otto", "mona")]
    return [world.alice, world.bob, world.charlie, world.seeded.administrator, *others]


def arguments(world):
    """Values by the names of parameters; what asks for others is not tried."""
    part = Slice(PERIOD, world.checklist_id())
    return {
        "slice_": part,
        "part": part,
        "period": PERIOD,
        "station_id": world.seeded.station_id,
        "case_filter": CaseFilter(),
        "basis": ProposalBasis(Period(202510, 202511), NOW.date(), {}),
        "low_mark": 60.0,
        "limit": 25,
        "year": 2026,
        "language": "en",
        "now": NOW,
        "today": NOW.date(),
        "on": NOW.date(),
        "since": NOW - timedelta(days=400),
        "items": frozenset({"HELLO"}),
        "checklist_id": world.checklist_id(),
        "version_id": world.version_id,
    }


def everything(world, cast):
    """What each function says to each person, in plain values; refusals and None left out."""
    found, values = {}, arguments(world)
    for name, function in doors.functions().items():
        parameters = inspect.signature(function).parameters
        if ".queries." not in name or "session" not in parameters:
            continue
        lacking = [
            key
            for key, each in parameters.items()
            if key not in values and key not in ("session", "who") and each.default is each.empty
        ]
        if lacking:
            continue
        for who in cast if "who" in parameters else [None]:
            with world.seeded.reading() as session:
                try:
                    given = doors.call(function, values | {"session": session, "who": who})
                    found[name, who and who.username] = plain(given)
                except (PortalError, doors.Touched):
                    continue
    return found


def plain(value):
    """Compared by value; sums that were added to and taken from differ in their last digits."""
    if isinstance(value, str | int | float | Enum) or value is None:
        return round(value, 9) if isinstance(value, float) else value
    if dataclasses.is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {repr(plain(key)): plain(part) for key, part in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(repr(plain(part)) for part in value)
    if isinstance(value, list | tuple) or hasattr(value, "__next__"):
        return [plain(part) for part in value]
    return repr(value)


@pytest.fixture
def others(world):
    """A few that count before and after, one of them scored twice."""
    for days in range(3):
        world.scored(call={"occurred_at": NOW - timedelta(days=20 * days + 1)}, NAME=NO)


@pytest.mark.sampled(4)
@pytest.mark.usefixtures("others")
def test_what_it_moved_is_back_where_it_was(world, cast):
    task = world.assigned(occurred_at=NOW - timedelta(days=3))
    world.draft(Work(answers(HELLO=NO, HONEST=NO), [PIN], SAID), task=task)
    before = everything(world, cast)
    inspection_id = world.submit(task=task).inspection_id
    meanwhile = everything(world, cast)
    world.do(void, world.bob, inspection_id=inspection_id, reason="Not our call.")
    after = everything(world, cast)

    moved = {key for key in meanwhile if meanwhile[key] != before.get(key)}
    named = set(" ".join(STILL_THERE.values()).split())
    left = {key for key in moved if after.get(key) != before.get(key)}
    assert {name for name, _who in left} - named == set()
    assert named <= {name for name, _who in before} | {name for name, _who in after}
    assert len({name for name, _who in moved} - named) >= 25  # it looked at enough


@pytest.mark.sampled(4)
@pytest.mark.usefixtures("others")
def test_what_it_is_amended_to_takes_its_place(world, cast):
    """As if it had been scored so at once, but for numbers and times of the newer row."""
    task = world.assigned(occurred_at=NOW - timedelta(days=3))
    world.draft(Work(answers(HELLO=NO, HONEST=NO)), task=task)
    inspection_id = world.submit(task=task).inspection_id
    world.do(
        amend, world.bob, inspection_id=inspection_id, answers=answers(NAME=NO), reason="Wrong."
    )
    amended = figures(everything(world, cast))
    twin = world.assigned(occurred_at=NOW - timedelta(days=3))
    world.draft(Work(answers(NAME=NO)), task=twin)
    world.do(void, world.bob, inspection_id=newest(world, inspection_id), reason="Not our call.")
    world.submit(task=twin)
    again = figures(everything(world, cast))
    assert {key for key in amended if amended[key] != again.get(key)} == set()
    assert len(amended) >= 20


def newest(world, inspection_id):
    rows = world.all(Inspection.id, Inspection.replaces_id)
    return next(new for new, old in rows if old == inspection_id)


def figures(found):
    """Sums and means, which name no row."""
    rooms = ("results.queries.stations", "results.queries.network", "results.queries.team")
    more = ("inspectors.queries", "results.queries.station_staff", "results.queries.people")
    return {
        key: value
        for key, value in found.items()
        if key[0].startswith((*rooms, *more)) and "data_version" not in key[0]
    }
