"""What a month's draw gave, inspector by inspector, station by station, person by person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access import Role
from db.encounters.models import Interaction
from db.inspection.models import Assignment
from db.inspection.queries import coverage
from db.people.models import Staff
from tests.factories import identity, make_interaction, make_staff, make_user
from tests.support.clock import NOW
from tests.support.inspection.monthly_draw import DUE, draw

pytestmark = pytest.mark.both


def test_coverage_counts_what_was_drawn_done_and_late(seeded, waiting):
    draw(seeded, quota=12, double_share=0)
    with seeded.reading() as session:
        late = coverage.by_inspector(session, seeded.bob, since=DUE, today=DUE + timedelta(days=1))
        own = coverage.by_inspector(session, seeded.alice, since=DUE, today=DUE)
        places = coverage.by_station(session, seeded.bob, since=DUE, today=DUE, language="en")
    assert [(row.drawn, row.done, row.overdue) for row in late] == [(12, 0, 12)]
    assert [(row.drawn, row.overdue) for row in own] == [(12, 0)]
    assert [row.margin for row in places] == [None]
    # eleven at random: 1.645 sqrt(.85 x .15 / 11) = 17.7 points
    assert [round(row.margin_to_come, 1) for row in places] == [17.7]


def test_a_part_is_a_station_or_a_channel_of_what_was_drawn(seeded, waiting):
    draw(seeded, quota=12, double_share=0)
    with seeded.transaction() as session:
        first = session.get_one(Interaction, waiting[0])
        first.channel, station_id = "counter", first.station_id
    window = {"since": NOW.date() - timedelta(days=9), "today": DUE + timedelta(days=1)}
    with seeded.reading() as session:

        def counted(**chosen):
            values = {**window, "selection": coverage.CoverageSelection(**chosen)}
            rows = coverage.by_inspector(session, seeded.bob, **values)
            places = coverage.by_station(session, seeded.bob, **values, language="en")
            people = coverage.by_staff(session, seeded.bob, **values)
            late = coverage.overdue(session, seeded.bob, **values)
            sums = [sum(row.drawn for row in each) for each in (rows, places, people)]
            return [*sums, len(late)]

        assert counted() == [12] * 4
        assert counted(channel="counter") == [1] * 4
        assert counted(channel="phone", station_id=station_id) == [11] * 4
        assert counted(station_id=seeded.station_id) == [0] * 4


def test_a_manager_has_the_work_at_the_own_stations_counted_and_no_other(seeded, waiting):
    """Ten of the twelve calls at the manager's desk: the list of late ones and the sum agree."""
    draw(seeded, quota=12, double_share=0)
    with seeded.transaction() as session:
        here = session.get_one(Interaction, waiting[0]).station_id
        for call in waiting[:2]:
            session.get_one(Interaction, call).station_id = seeded.station_id
        make_user(session, "mona", Role.STATION_MANAGER, station_id=here)
        mona = identity(session, "mona")
    window = {"since": DUE, "today": DUE + timedelta(days=1)}
    with seeded.reading() as session:
        rows = coverage.by_inspector(session, mona, **window)
        late = coverage.overdue(session, mona, **window)
        everywhere = coverage.by_inspector(session, seeded.bob, **window)
    assert sum(row.overdue for row in rows) == len(late) == 10
    assert sum(row.overdue for row in everywhere) == 12


def test_a_name_in_the_number_of_what_is_overdue_is_hidden_from_who_knows_no_names(seeded, waiting):
    draw(seeded, quota=12, double_share=0)
    with seeded.transaction() as session:
        call = session.get_one(Interaction, waiting[0])
        session.get_one(Staff, call.staff_id).name = "Grace Hopper"
        call.external_id = named = "call of Grace Hopper"
    window = {"since": DUE, "today": DUE + timedelta(days=1)}
    with seeded.reading() as session:
        for who, is_told in ((seeded.bob, True), (seeded.alice, False)):
            cases = [row.case for row in coverage.overdue(session, who, **window)]
            assert len(cases) == 12
            assert (named in cases) is is_told


def test_second_scorings_and_what_must_be_inspected_make_nothing_surer(seeded, waiting):
    with seeded.transaction() as session:
        make_user(session, "dora", Role.INSPECTOR)
    draw(seeded, quota=11, double_share=1)
    with seeded.transaction() as session:
        for row in session.scalars(select(Assignment)):
            row.state = "submitted"
    window = {"since": NOW.date() - timedelta(days=9), "today": DUE}
    with seeded.reading() as session:
        [place] = coverage.by_station(session, seeded.bob, **window, language="en")
        [person] = coverage.by_staff(session, seeded.bob, **window)
        workload = coverage.by_inspector(session, seeded.bob, **window)
    assert (place.drawn, place.done, round(place.margin, 1)) == (12, 12, 17.7)
    assert (person.drawn, person.done) == (12, 12)
    assert sum(row.done for row in workload) == 24


def test_who_was_never_drawn_has_too_few_and_who_left_is_no_longer_counted(seeded, waiting):
    with seeded.transaction() as session:
        make_interaction(session, staff=make_staff(session, name="Never"), occurred_at=NOW)
        gone = make_staff(session, name="Gone", active=False)
        make_interaction(session, staff=gone, occurred_at=NOW)
        make_staff(session, name="Serves nobody")
    with seeded.reading() as session:
        rows = coverage.by_staff(
            session, seeded.bob, since=NOW.date() - timedelta(days=9), today=DUE
        )
        calls = session.get_one(Interaction, waiting[0])
        served = session.get_one(Staff, calls.staff_id).name
    assert {(row.name, row.done) for row in rows} == {("Never", 0), (served, 0)}
