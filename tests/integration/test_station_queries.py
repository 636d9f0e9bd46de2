"""Figures of stations against a plain recomputation over the inspections."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from statistics import mean, stdev

import pytest
from sqlalchemy import select

from core.access import Role
from core.errors import NotAllowed
from core.periods import Period
from core.scoring import parse_answers, score
from db import session as sessions
from db.checklists import checklist_of
from db.models import ChecklistVersion, Inspection, Staff, Station
from db.queries import inspectors, network, station_staff, stations
from db.queries.case_filter import CaseFilter
from db.queries.cases import summary
from db.queries.stations import Slice
from db.queries.version import data_version
from db.services.amendments import amend, void
from db.services.drafts import Work, save_draft
from db.services.inspections import submit
from tests import factories
from tests.factories import (
    identity,
    make_assignment,
    make_interaction,
    make_staff,
    make_station,
    make_user,
)
from tests.support.inspecting import NO, SMALL, YES, World, answers

NA = {"na": True}
ITEMS = ("HELLO", "NAME", "RIGHT", "FAST", "HONEST")


@pytest.fixture
def busy(databases):
    with databases.like("busy", _make_busy) as engine:
        yield World(factories.seeded_in(engine))


def _make_busy(engine):
    """Seventy calls of six people at two stations over four months, one amended, one voided."""
    factories.seed(engine)
    with sessions.transaction(engine) as session:
        factories.make_version(session, SMALL)
    world = World(factories.seeded_in(engine))
    rng = random.Random(3)
    with world.seeded.transaction() as session:
        other = make_station(session, code="KHH-PHONE")
        here = session.get_one(Station, world.seeded.station_id)
        people = [make_staff(session, station=place).id for place in (here, other) * 3]
    ids = []
    for number in range(70):
        person = people[rng.randrange(6)] if number > 5 else people[0]
        when = datetime(2026, rng.randint(1, 4), rng.randint(1, 28), 4, tzinfo=UTC)
        task = _task(world, person, when, rng.choice(("random", "random", "must_inspect")))
        given = {item: rng.choices((YES, NO, NA), (7, 2, 1))[0] for item in ITEMS}
        world.draft(Work(answers(**given)), task=task)
        ids.append(world.submit(task=task).inspection_id)
    world.do(amend, world.bob, inspection_id=ids[3], answers=answers(), reason="wrong call")
    world.do(void, world.bob, inspection_id=ids[8], reason="test call")


def _task(world, staff_id, when, sample_class):
    with world.seeded.transaction() as session:
        call = make_interaction(session, staff=session.get_one(Staff, staff_id), occurred_at=when)
        task = make_assignment(
            session,
            interaction=call,
            inspector=world.alice,
            checklist_version_id=world.version_id,
            sample_class=sample_class,
        )
        return task.id


def part(world, first=202601, last=202604, **values):
    checklist = world.one(
        lambda session: session.scalars(
            select(ChecklistVersion.checklist_id).where(ChecklistVersion.id == world.version_id)
        ).one()
    )
    return Slice(Period(first, last), checklist, **values)


def rows(world, **wanted):
    """The inspections that count, with their score sheets."""
    with world.seeded.reading() as session:
        found = session.scalars(
            select(Inspection).filter_by(state="valid", purpose="record", **wanted)
        ).all()
        checklist = checklist_of(session, world.version_id)
        return [(row, score(checklist, parse_answers(checklist, row.answers))) for row in found]


def test_station_figures_are_those_of_the_inspections(busy):
    found = busy.one(lambda s: stations.station_figures(s, part(busy, sample_class="random")))
    expected = defaultdict(list)
    for row, _sheet in rows(busy, sample_class="random"):
        expected[row.station_id].append(row)
    assert set(found) == set(expected)
    for station, inspections in expected.items():
        scored = [row for row in inspections if row.score is not None]
        figures = found[station]
        assert figures.n == len(scored)
        assert figures.scores.mean == pytest.approx(mean(row.score for row in scored))
        before = [row.score_before_critical for row in scored]
        assert figures.before.mean == pytest.approx(mean(before))
        assert figures.before.sd == pytest.approx(stdev(before))
        assert figures.pass_rate == pytest.approx(mean(row.passed for row in scored))
        assert figures.critical_rate == pytest.approx(mean(row.critical for row in inspections))


def test_only_the_months_of_the_period_count(busy):
    found = busy.one(lambda s: stations.station_figures(s, part(busy, 202602, 202603)))
    expected = [row for row, _sheet in rows(busy) if row.month in (202602, 202603)]
    assert sum(each.inspections for each in found.values()) == len(expected)
    assert sum(each.inspections for each in found.values()) < len(rows(busy))


def test_an_unknown_channel_or_checklist_has_no_figures(busy):
    chat = part(busy, channel="chat")
    other = Slice(Period(202601, 202604), 0)
    assert busy.one(lambda s: stations.station_figures(s, chat)) == {}
    assert busy.one(lambda s: stations.station_figures(s, other)) == {}


def test_the_trend_has_every_month_of_the_station_once_and_in_order(busy):
    here = busy.seeded.station_id
    found = busy.one(lambda s: stations.trend(s, part(busy), here))
    expected = defaultdict(list)
    for row, _sheet in rows(busy, station_id=here):
        expected[row.month].append(row)
    assert [each.month for each in found] == sorted(expected)
    assert {each.month: each.figures.inspections for each in found} == {
        month: len(inspections) for month, inspections in expected.items()
    }
    assert {each.versions for each in found} == {(1,)}
    months = busy.one(lambda s: stations.station_months(s, part(busy)))
    assert months[here] == {each.month: each.figures for each in found}


def test_section_scores_are_the_means_of_the_score_sheets(busy):
    here = busy.seeded.station_id
    found = busy.one(lambda s: stations.sections(s, part(busy), here, by_month=True))
    expected = defaultdict(list)
    for row, sheet in rows(busy, station_id=here):
        for section in sheet.sections:
            if section.score is not None:
                expected[section.key, row.month].append(section.score)
    assert {(each.section, each.month) for each in found} == set(expected)
    for each in found:
        assert each.scores.n == len(expected[each.section, each.month])
        assert each.scores.mean == pytest.approx(mean(expected[each.section, each.month]))


def test_the_sections_of_the_network_hold_those_of_every_station(busy):
    whole = busy.one(lambda s: stations.sections(s, part(busy)))
    both = [
        busy.one(lambda s, at=at: stations.sections(s, part(busy), at))
        for at in busy.one(lambda s: s.scalars(select(Station.id)).all())
    ]
    counted = defaultdict(int)
    for each in (row for found in both for row in found):
        counted[each.section] += each.scores.n
    assert {each.section: each.scores.n for each in whole} == counted


def test_items_are_ordered_by_the_points_they_cost(busy):
    here = busy.seeded.station_id
    found = busy.one(lambda s: stations.items(s, part(busy), here))
    points, lost, na = defaultdict(float), defaultdict(int), defaultdict(int)
    for _row, sheet in rows(busy, station_id=here):
        for item in sheet.items:
            points[item.key] += item.points_lost or 0.0
            lost[item.key] += bool(item.points_lost) or item.effect is not None
            na[item.key] += item.status == "na"
    assert [each.item for each in found] == sorted(points, key=points.get, reverse=True)
    for each in found:
        assert each.points_lost == pytest.approx(points[each.item])
        assert (each.lost, each.na) == (lost[each.item], na[each.item])


@pytest.mark.parametrize("sample", ["random", "must_inspect", None])
def test_what_a_figure_counts_is_what_the_list_of_cases_shows(busy, sample):
    here, of_sample = busy.seeded.station_id, part(busy, sample_class=sample)

    def listed(**wanted):
        asked = CaseFilter((here,), checklist_id=of_sample.checklist_id, sample_class=sample)
        return busy.one(lambda s: summary(s, busy.bob, replace(asked, **wanted), 60)).count

    for month in busy.one(lambda s: stations.trend(s, of_sample, here)):
        scored = listed(from_month=month.month, to_month=month.month)
        assert scored == month.figures.n > 0
    items = busy.one(lambda s: stations.items(s, of_sample, here))
    assert {each.item: listed(item_key=each.item) for each in items} == {
        each.item: each.lost for each in items
    }
    assert {each.item: listed(item_key=each.item, critical_only=True) for each in items} == {
        each.item: each.critical for each in items
    }


def test_channels_are_counted_apart(busy):
    here = busy.seeded.station_id
    (phone,) = busy.one(lambda s: stations.channels(s, part(busy), here))
    assert phone.channel == "phone"
    assert phone.figures.inspections == len(rows(busy, station_id=here))


def test_the_networks_sections_and_key_moments_are_those_of_its_stations(busy):
    found = busy.one(lambda s: network.station_sections(s, part(busy)))
    for station in {each.station for each in found}:
        own = busy.one(lambda s, at=station: stations.sections(s, part(busy), at))
        assert {each.section: each.scores for each in own} == {
            each.section: pytest.approx(each.scores) for each in found if each.station == station
        }
    rest = busy.one(lambda s: network.station_rest(s, part(busy)))
    sheets = rows(busy)
    statuses = [item.status for _row, sheet in sheets for item in sheet.items]
    assert sum(each.na for each in rest) == statuses.count("na")
    assert sum(each.answered for each in rest) == statuses.count("answered")
    known = [row.key_moment_score for row, _ in sheets if row.key_moment_score is not None]
    assert sum(each.key_moments.n for each in rest) == len(known)


def test_inspectors_figures_are_those_of_their_inspections(busy):
    (alice,) = busy.one(lambda s: inspectors.inspectors(s, busy.bob, part(busy)))
    inspections = rows(busy)
    before = [row.score_before_critical for row, _ in inspections if row.score is not None]
    assert (alice.name, alice.inspections) == ("Alice", len(inspections))
    assert alice.before.mean == pytest.approx(mean(before))
    assert alice.log_seconds.n == 0
    months = busy.one(
        lambda s: inspectors.inspector_months(s, busy.bob, part(busy), alice.inspector)
    )
    assert {each.month: each.inspections for each in months} == Counter(
        row.month for row, _ in inspections
    )


def test_figures_of_inspectors_need_the_permission(busy):
    alice = busy.alice
    for query in (inspectors.inspectors, inspectors.doubles, inspectors.doubles_by_item):
        with pytest.raises(NotAllowed):
            busy.one(lambda s, query=query: query(s, alice, part(busy)))
    with pytest.raises(NotAllowed):
        busy.one(lambda s: inspectors.own_doubles(s, busy.bob, Period(202601, 202604)))


def test_double_scorings_are_summed_for_both_inspectors(busy):
    """The record keeps everything, the second marks HELLO down: 4 of 5 items alike."""
    dana = busy.inspector("dana")
    with busy.seeded.transaction() as session:
        call = make_interaction(session, occurred_at=datetime(2026, 2, 3, 4, tzinfo=UTC))
        tasks = [
            make_assignment(
                session,
                interaction=call,
                inspector=who,
                checklist_version_id=busy.version_id,
                purpose=purpose,
            ).id
            for who, purpose in ((busy.alice, "record"), (dana, "second"))
        ]
    for who, task, given in ((busy.alice, tasks[0], {}), (dana, tasks[1], {"HELLO": NO})):
        busy.do(save_draft, who, assignment_id=task, version=0, work=Work(answers(**given)))
        busy.do(submit, who, assignment_id=task, version=1)
    found = busy.one(lambda s: inspectors.doubles_by_inspector(s, busy.bob, part(busy)))
    assert set(found) == {busy.alice.user_id, dana.user_id}
    assert found[dana.user_id].scores == (1, 80, 100, 6400, 10000, 8000)
    assert found[dana.user_id].shares[:4] == pytest.approx((1, 4 / 5, 1 / 10, 0))
    whole = busy.one(lambda s: inspectors.doubles(s, busy.bob, part(busy)))
    assert whole.scores == (1, 100, 80, 10000, 6400, 8000)
    by_item = busy.one(lambda s: inspectors.doubles_by_item(s, busy.bob, part(busy)))
    assert {each.item: each.times for each in by_item} == {
        "HELLO": (((100, 0), 1),),
    } | dict.fromkeys(("NAME", "RIGHT", "FAST", "HONEST"), (((100, 100), 1),))
    own = busy.one(lambda s: inspectors.own_doubles(s, dana, Period(202602, 202602)))
    assert own == found[dana.user_id]


def test_staff_with_few_inspections_are_counted_but_not_shown(busy):
    here = busy.seeded.station_id
    table = busy.one(
        lambda s: station_staff.staff_figures(s, busy.bob, part(busy, 202601, 202602), here)
    )
    counts = defaultdict(int)
    for row, _sheet in rows(busy, station_id=here):
        counts[row.staff_id] += row.month <= 202602
    enough = {person: n for person, n in counts.items() if n >= 5}
    assert {each.staff_id: each.figures.inspections for each in table.shown} == enough
    assert table.hidden == sum(0 < n < 5 for n in counts.values())
    assert table.hidden, "the case this test is about"


def test_names_of_staff_need_the_permission_at_this_station(busy):
    here = busy.seeded.station_id
    with busy.seeded.transaction() as session:
        elsewhere = make_station(session)
        make_user(session, "theresa", Role.TRAINER)
        make_user(session, "stan", Role.STATION_MANAGER, station_id=elsewhere.id)
    for username in ("theresa", "stan"):
        who = busy.one(lambda s, name=username: identity(s, name))
        with pytest.raises(NotAllowed):
            busy.one(lambda s, who=who: station_staff.staff_figures(s, who, part(busy), here))


def test_what_is_covered_names_months_and_counts(busy):
    found = busy.one(stations.covered)
    assert sum(each.n for each in found) == len(rows(busy))
    assert {each.sample_class for each in found} == {"random", "must_inspect"}
    assert min(each.first for each in found) == min(row.month for row, _sheet in rows(busy))


def test_the_data_version_moves_with_every_submission_and_amendment(world):
    versions = [world.one(data_version)]
    first = world.scored()
    versions.append(world.one(data_version))
    world.do(amend, world.bob, inspection_id=first, answers=answers(HELLO=NO), reason="misheard")
    versions.append(world.one(data_version))
    second = world.scored()
    versions.append(world.one(data_version))
    world.do(void, world.bob, inspection_id=second, reason="test call")
    versions.append(world.one(data_version))
    assert len(set(versions)) == 5
