"""A team's figures beside one's own: against the inspections, and never of a single person."""

from __future__ import annotations

from datetime import timedelta
from statistics import mean, stdev

import pytest
from sqlalchemy import event, update

from core.access import Role
from core.errors import NotAllowed
from core.periods import Period
from db.inspection.services import amendments
from db.people.models import Staff, Station
from db.results.models import StaffMonth
from db.results.queries.team_figures import NOBODY, team_figures
from tests.factories import identity, make_staff, make_station, make_user
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.inspection.inspecting import NO

HERE = Period(202603, 202603)  # the month of the tests' calls
LOST = [{}, {"HELLO": NO}, {"RIGHT": NO}, {"NAME": NO, "HELLO": NO}, {"FAST": NO}]
SCORES = [100, 80, 70, 60, 85]  # 20 each for HELLO and NAME, 30 for RIGHT, 15 for FAST


@pytest.fixture
def colleague(world):
    """`colleague(HELLO=NO)`: one more person of charlie's station with one result."""

    def made(**changed):
        with world.seeded.transaction() as session:
            here = session.get_one(Station, world.seeded.station_id)
            staff = make_staff(session, station=here)
        world.scored(staff=staff, **changed)
        return staff

    return made


@pytest.fixture
def team(colleague):
    """Five colleagues with one result each."""
    return [colleague(**lost) for lost in LOST]


def figures(world, who=None, period=HERE):
    return world.one(lambda session: team_figures(session, who or world.charlie, period))


def test_the_teams_figures_are_those_of_the_others_inspections(world, team):
    world.scored()
    world.scored(RIGHT=NO)
    [line] = figures(world)
    group = line.scores.team
    assert (group.people, group.scores.n) == (5, 5)
    assert group.scores.mean == pytest.approx(mean(SCORES))
    assert group.scores.sd == pytest.approx(stdev(SCORES))
    assert line.scores.own.n == 2
    assert line.scores.own.mean == pytest.approx(85)


def test_four_others_are_too_few_however_many_results_they_have(world, colleague):
    people = [colleague(**lost) for lost in LOST[:4]]
    for staff in people:
        world.scored(staff=staff)
    world.scored()
    [line] = figures(world)
    assert line.scores.team is None
    assert line.scores.own.n == 1
    world.scored(staff=colleague())
    assert figures(world)[0].scores.team.people == 5


def test_four_people_in_two_months_are_four(world, colleague):
    """Each month, channel and version of a person is a row of the rollup."""
    for lost in LOST[:4]:
        world.scored(staff=colleague(**lost), call={"occurred_at": NOW - timedelta(days=40)})
    assert figures(world, period=Period(202601, 202603)) == ()
    colleague()
    [line] = figures(world, period=Period(202601, 202603))
    assert (line.scores.team.people, line.scores.team.scores.n) == (5, 9)


def test_ones_own_results_do_not_make_up_for_a_missing_colleague(world, colleague):
    for lost in LOST[:4]:
        colleague(**lost)
    for _ in range(3):
        world.scored()
    assert [line.scores.team for line in figures(world)] == [None]


def test_a_person_whose_only_result_was_voided_is_no_longer_counted(world, team):
    newest = world.scored(staff=team[-1])
    assert figures(world)[0].scores.team.scores.n == 6
    world.do(amendments.void, world.bob, inspection_id=newest, reason="Wrong call.")
    assert figures(world)[0].scores.team.people == 5
    world.do(amendments.void, world.bob, inspection_id=newest - 1, reason="Wrong call.")
    assert figures(world) == ()


def test_people_of_another_station_are_not_of_the_team(world, team):
    with world.seeded.transaction() as session:
        stranger = make_staff(session, station=make_station(session))
    world.scored(staff=stranger)
    assert figures(world)[0].scores.team.scores.n == 5


def test_a_transfer_changes_no_past_quarter_and_tells_nothing_of_who_moved(world, team, colleague):
    """Six with 100, 80, 70, 60, 85, 80: 475. Without the one of 60 it would be 415 of five."""
    colleague(HELLO=NO)
    before = figures(world)
    assert (before[0].scores.team.people, before[0].scores.team.scores.total) == (6, 475)
    with world.seeded.transaction() as session:
        elsewhere = make_station(session).id
        session.get_one(Staff, team[3].id).station_id = elsewhere
    assert figures(world) == before


def test_one_colleague_behind_more_than_half_of_the_results_hides_them(world, team):
    """1 + 1 + 1 + 1 and 4 of eight are half: shown; 5 of nine are 56 %: hidden."""
    for _ in range(3):
        world.scored(staff=team[0], RIGHT=NO)
    group = figures(world)[0].scores.team
    assert (group.people, group.largest, group.scores.n) == (5, 4, 8)
    world.scored(staff=team[0], call={"occurred_at": NOW - timedelta(days=40)})
    assert figures(world)[0].scores.team == group
    assert figures(world, period=Period(202601, 202603)) == ()


def test_ones_own_many_results_do_not_hide_the_others(world, team):
    for _ in range(7):
        world.scored()
    assert figures(world)[0].scores.team.scores.n == 5


@sqlite_only
def test_results_that_name_nobody_are_not_a_colleague(world, team):
    with world.seeded.transaction() as session:
        rows = StaffMonth.staff_id == team[0].id
        session.execute(update(StaffMonth).where(rows).values(staff_id=NOBODY))
    assert figures(world) == ()


def test_a_newcomer_does_not_bring_along_results_of_another_station(world, team):
    with world.seeded.transaction() as session:
        stranger = make_staff(session, station=make_station(session))
    world.scored(staff=stranger)
    with world.seeded.transaction() as session:
        session.get_one(Staff, stranger.id).station_id = world.seeded.station_id
    assert figures(world)[0].scores.team.people == 5


@sqlite_only
def test_what_must_be_inspected_is_kept_apart(world, team):
    assert figures(world)
    with world.seeded.transaction() as session:
        session.execute(update(StaffMonth).values(sample_class="must_inspect"))
    assert figures(world) == ()


@sqlite_only
def test_only_the_period_counts(world, team):
    assert figures(world, period=Period(202512, 202602)) == ()
    assert figures(world, period=Period(202601, 202603))[0].scores.team.people == 5


@sqlite_only
def test_somebody_without_a_station_has_no_team(world, team):
    with world.seeded.transaction() as session:
        make_user(session, "loose", Role.STAFF)
        loose = identity(session, "loose")
    assert figures(world, loose) == ()


@sqlite_only
@pytest.mark.parametrize("name", ["alice", "bob", "administrator"])
def test_who_is_not_scored_has_no_team_here(world, team, name):
    with pytest.raises(NotAllowed):
        figures(world, getattr(world.seeded, name))


@sqlite_only
def test_it_is_one_grouped_query_and_no_row_of_a_colleague_leaves_the_database(world, team):
    world.scored()
    said = []
    event.listen(world.seeded.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    assert len(figures(world)) == 1
    reads = [sql for sql in said if "rollup_staff_month" in sql]
    assert len(reads) == 1
    assert "GROUP BY" in reads[0]
    assert "staff.name" not in reads[0]
