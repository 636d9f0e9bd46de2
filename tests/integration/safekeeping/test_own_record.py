"""What scored people learn of their own record: how much, how long, who opened it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Role
from core.errors import NotAllowed
from core.safekeeping.retention import RetainedKind
from db.cases.services import open_case
from db.inspection.models import Inspection
from db.safekeeping.queries.own_record import own_record
from db.safekeeping.services.keeping_rules import save_rules, save_station_rules
from db.store import audit
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import PIN

pytestmark = pytest.mark.both
LATER = NOW + timedelta(days=1)


@pytest.fixture
def colleague(world):
    """Another scored person of the same station, with a result of their own."""
    person = world.staff(station_id=world.seeded.station_id, staff_no="S-DORA", name="Dora")
    world.scored(staff=person)
    with world.seeded.transaction() as session:
        make_user(session, "dora", Role.STAFF, staff_id=person.id)
        return identity(session, "dora")


def opened(world, who, inspection_id, *, at=NOW, how="view"):
    with world.seeded.transaction() as session:
        open_case(session, who=who, inspection_id=inspection_id, now=at, how=how)


def record_of(world, who):
    return world.one(lambda session: own_record(session, who))


def test_it_counts_the_persons_encounters_and_scorings_and_nobody_elses(world, colleague):
    """Charlie has the call of his fixture, not scored, and two that are; Dora has one."""
    world.scored(evidence=[PIN])
    world.scored()
    mine, hers = (record_of(world, who).amounts for who in (world.charlie, colleague))
    assert (mine.encounters, mine.inspections) == (3, 2)
    assert (hers.encounters, hers.inspections) == (1, 1)
    assert (mine.appeals, mine.courses, mine.exams, mine.files, mine.with_recording) == (0,) * 5


def test_who_opened_it_is_told_by_role_without_names_and_without_ones_own(world, colleague):
    """Bob, who manages quality, looks at two results, at one of them twice, and prints one."""
    one, two = world.scored(), world.scored()
    for result, at in ((one, NOW), (two, NOW), (one, LATER)):
        opened(world, world.bob, result, at=at)
    opened(world, world.bob, one, how="print")
    opened(world, world.charlie, one)
    record = record_of(world, world.charlie)
    managers = frozenset({Role.QUALITY_MANAGER})
    assert [tuple(row) for row in record.openings] == [
        (managers, "view", 3, 2, LATER),
        (managers, "print", 1, 1, NOW),
    ]
    assert record.since == NOW
    assert record_of(world, colleague).openings == ()


def test_listening_and_giving_out_count_as_openings_and_deeds_on_others_do_not(world, colleague):
    call = world.inspection(world.scored()).interaction_id
    with world.seeded.transaction() as session:
        for kind, key, deed in (
            ("interaction", call, "listen"),
            ("staff", world.seeded.staff_id, "export"),
            ("staff", colleague.staff_id, "export"),
            ("station", world.seeded.staff_id, "view"),
            ("inspection", call, "amend"),
        ):
            audit.record(session, world.bob, deed, (kind, key), now=NOW)
    assert {row.deed for row in record_of(world, world.charlie).openings} == {"listen", "export"}


def test_the_times_of_keeping_are_those_that_are_set(world):
    with world.seeded.transaction() as session:
        make_user(session, "ada", Role.ADMINISTRATOR)
        months = dict.fromkeys(RetainedKind, 7) | {RetainedKind.RECORDINGS: None}
        save_rules(session, who=identity(session, "ada"), months=months, now=NOW)
    months = record_of(world, world.charlie).months
    assert (months[RetainedKind.TRANSCRIPTS], months[RetainedKind.RECORDINGS]) == (7, None)


def test_the_times_are_those_of_the_person_s_station(world):
    with world.seeded.transaction() as session:
        make_user(session, "ada", Role.ADMINISTRATOR)
        save_station_rules(
            session,
            who=identity(session, "ada"),
            station_id=world.seeded.station_id,
            months={RetainedKind.TRANSCRIPTS: 5},
            now=NOW,
        )
    months = record_of(world, world.charlie).months
    assert (months[RetainedKind.TRANSCRIPTS], months[RetainedKind.RECORDINGS]) == (5, 12)


def test_an_account_without_a_staff_entry_has_nothing_of_those_who_are_nobody(world):
    result = world.scored()
    with world.seeded.transaction() as session:
        make_user(session, "nemo", Role.STAFF)
        nemo = identity(session, "nemo")
        session.get_one(Inspection, result).staff_id = None
    assert record_of(world, nemo).amounts.inspections == 0


def test_only_scored_people_have_a_record_of_their_own(world):
    for who in (world.alice, world.bob):
        with pytest.raises(NotAllowed):
            record_of(world, who)
