"""Who else reads of appeals: station managers their own, the person of the end. Both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Role
from core.errors import NotAllowed, NotFound
from db.appeals.queries.appeals import appeal, appeals, outcomes, waiting
from db.appeals.queries.own_appeals import unread_appeals
from db.appeals.services.raising import note_as_read, withdraw_appeal
from db.inspection.services.amendments import void
from db.store import queries
from db.store.audit import refusals_noted
from db.store.models import AuditEvent, Notice
from tests.factories import identity, make_staff, make_station, make_user
from tests.support.appeals.appealing import AGREED, decided, raised
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.inspection.inspecting import NO

LONG_AGO = NOW - timedelta(days=365)


def ask(world, query, who, *more, **named):
    return world.one(lambda session: query(session, who, *more, **named))


@pytest.fixture
def manager(world):
    with world.seeded.transaction() as session:
        make_user(session, "mona", Role.STATION_MANAGER, station_id=world.seeded.station_id)
        return identity(session, "mona")


@pytest.fixture
def elsewhere(world):
    """An appeal of dora's, who works at a station of its own."""
    with world.seeded.transaction() as session:
        staff = make_staff(session, station=make_station(session), name="Dora")
        make_user(session, "dora", Role.STAFF, staff_id=staff.id)
        dora = identity(session, "dora")
    return raised(world, world.scored(staff=staff, HELLO=NO), who=dora)


def test_a_station_manager_reads_of_the_own_stations_and_of_no_other(
    world, manager, contested, elsewhere
):
    _inspection_id, here = contested
    [row] = ask(world, appeals, manager, is_open=True).rows
    assert (row.appeal_id, row.staff, len(row.names)) == (here, "Charlie", 1)
    assert ask(world, waiting, manager, now=NOW) == (1, 0)
    assert ask(world, waiting, world.bob, now=NOW) == (2, 0)
    for appeal_id in (here, elsewhere):
        decided(world, appeal_id)
    assert [row.appeal_id for row in ask(world, appeals, manager, is_open=False).rows] == [here]
    [whole] = ask(world, outcomes, manager, since=LONG_AGO)
    assert (whole.outcomes.decided, whole.outcomes.changed) == (1, 1)
    [of_all] = ask(world, outcomes, world.bob, since=LONG_AGO)
    assert of_all.outcomes.decided == 2


def test_the_end_of_a_page_is_that_of_the_own_stations(world, manager, contested, elsewhere):
    second = raised(world, world.scored(NAME=NO), {"NAME": "Said."})
    first = ask(world, appeals, manager, is_open=True, limit=1)
    rest = ask(world, appeals, manager, is_open=True, limit=1, after=first.next)
    assert [row.appeal_id for row in (*first.rows, *rest.rows)] == [contested[1], second]
    assert rest.next is None


@sqlite_only
def test_what_the_person_wrote_is_for_those_who_decide(world, manager, contested):
    appeal_id = contested[1]
    decided(world, appeal_id)
    seen, by_deciders = (ask(world, appeal, who, appeal_id) for who in (manager, world.bob))
    [point] = seen.points
    assert (point.reason, point.decision, point.outcome) == ("", AGREED["HELLO"], "changed")
    assert (seen.decided_by, by_deciders.decided_by) == ("", "Bob")
    assert by_deciders.points[0].reason


@sqlite_only
def test_an_appeal_elsewhere_is_withheld_and_the_try_noted(world, manager, elsewhere):
    with (
        pytest.raises(NotFound, match="does not exist"),
        refusals_noted(world.seeded.engine, lambda: NOW),
    ):
        ask(world, appeal, manager, elsewhere)
    noted = world.all(AuditEvent.user_id, AuditEvent.action, AuditEvent.object_id)
    assert noted[-1] == (manager.user_id, "refuse", str(elsewhere))


@sqlite_only
def test_a_station_manager_without_a_station_reads_of_none(world, contested):
    with world.seeded.transaction() as session:
        make_user(session, "nobody", Role.STATION_MANAGER)
        nobody = identity(session, "nobody")
    assert not ask(world, appeals, nobody, is_open=True).rows
    assert ask(world, waiting, nobody, now=NOW) == (0, 0)


@sqlite_only
@pytest.mark.parametrize("name", ["alice", "charlie"])
def test_who_answers_for_no_station_reads_no_queue(world, contested, name):
    with pytest.raises(NotAllowed):
        ask(world, appeals, getattr(world, name), is_open=True)


# --- the end, told ------------------------------------------------------------------------------


def test_an_ended_appeal_is_unread_until_the_person_has_read_it(world, contested):
    appeal_id = contested[1]
    assert ask(world, queries.unread, world.charlie, ["appeal"]) == {}
    assert ask(world, queries.waiting, world.bob, ["appeal"]) == {"appeal": 1}
    decided(world, appeal_id)
    assert ask(world, queries.waiting, world.bob, ["appeal"]) == {"appeal": 0}
    assert [row.appeal_id for row in ask(world, unread_appeals, world.charlie)] == [appeal_id]
    for _ in range(2):
        world.do(note_as_read, world.charlie, appeal_id=appeal_id)
    assert ask(world, queries.unread, world.charlie, ["appeal"]) == {}
    assert world.all(Notice.record_id, Notice.seen_at) == [(appeal_id, NOW)]
    read = ("acknowledge", str(appeal_id))
    assert world.all(AuditEvent.action, AuditEvent.object_id).count(read) == 1


@sqlite_only
def test_an_appeal_closed_by_a_correction_is_news_and_a_withdrawn_one_is_not(world, contested):
    world.do(void, world.bob, inspection_id=contested[0], reason="Not our call.")
    withdrawn = raised(world, world.scored(HELLO=NO))
    world.do(withdraw_appeal, world.charlie, appeal_id=withdrawn)
    [row] = ask(world, unread_appeals, world.charlie)
    assert (row.state, row.closed_because) == ("closed", "Not our call.")


@sqlite_only
def test_an_open_appeal_cannot_be_read_to_its_end(world, contested):
    world.do(note_as_read, world.charlie, appeal_id=contested[1])
    assert world.all(Notice.seen_at) == []


@sqlite_only
def test_nobody_is_told_of_anothers_or_reads_it_away(world, contested, elsewhere):
    decided(world, elsewhere)
    assert ask(world, unread_appeals, world.charlie) == ()
    assert ask(world, queries.unread, world.charlie, ["appeal"]) == {}
    for appeal_id in (elsewhere, elsewhere + 99):
        with pytest.raises(NotFound):
            world.do(note_as_read, world.charlie, appeal_id=appeal_id)
    assert world.all(Notice.record_id, Notice.seen_at) == [(elsewhere, None)]
