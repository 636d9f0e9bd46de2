"""Figures of stations and their staff against a plain recomputation over the inspections."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from statistics import mean, stdev

import pytest
from sqlalchemy import select

from core.access import Role
from core.errors import NotAllowed
from core.periods import Period
from db.cases.queries.case_filter import CaseFilter
from db.cases.queries.cases import summary
from db.people.models import Station
from db.results.queries import network, station_staff, stations
from db.results.queries.network import checklist_figures
from db.results.queries.people_spread import PeopleSpread, people_spread
from db.results.queries.stations import Slice
from tests.factories import identity, make_station, make_user
from tests.support.results.busy import part, rows

pytestmark = pytest.mark.both


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


def test_people_widen_figures_as_a_recomputation_person_by_person_says(busy):
    """The squares of what a person's failures lie off the station's rate, over the binomial's."""
    found = busy.one(lambda s: people_spread(s, part(busy)))
    people = defaultdict(lambda: [0, 0])
    for row, _sheet in rows(busy):
        people[row.station_id, row.staff_id][0] += row.critical
        people[row.station_id, row.staff_id][1] += 1
    between = alone = 0.0
    for station in {key[0] for key in people}:
        own = [pair for key, pair in people.items() if key[0] == station]
        k, n = sum(pair[0] for pair in own), sum(pair[1] for pair in own)
        squares = sum((failed - k / n * size) ** 2 for failed, size in own)
        between += squares * len(own) / (len(own) - 1)
        alone += n * (k / n) * (1 - k / n)
    assert found.critical == pytest.approx(max(1.0, between / alone))
    assert found.passed >= 1
    assert found.scores >= 1
    assert busy.one(lambda s: people_spread(s, part(busy, channel="chat"))) == PeopleSpread()


def test_every_checklist_has_the_figures_of_its_stations(busy):
    found = busy.one(lambda s: checklist_figures(s, part(busy, sample_class="random")))
    alone = busy.one(lambda s: stations.station_figures(s, part(busy, sample_class="random")))
    mine = {row.station: row.figures for row in found if row.checklist_id == busy.checklist_id()}
    assert mine == alone
    both = busy.one(lambda s: checklist_figures(s, part(busy)))
    assert sum(row.figures.inspections for row in both) == len(rows(busy))
    assert busy.one(lambda s: checklist_figures(s, part(busy, 201901, 201902))) == ()


def test_what_is_covered_names_months_and_counts(busy):
    found = busy.one(stations.covered)
    assert sum(each.n for each in found) == len(rows(busy))
    assert {each.sample_class for each in found} == {"random", "must_inspect"}
    assert min(each.first for each in found) == min(row.month for row, _sheet in rows(busy))
    here = busy.seeded.station_id
    own = busy.one(lambda s: stations.covered(s, here))
    assert sum(each.n for each in own) == len(rows(busy, station_id=here)) < len(rows(busy))


def test_staff_with_few_inspections_are_counted_but_not_shown(busy):
    here = busy.seeded.station_id
    table = busy.one(
        lambda s: station_staff.staff_figures(s, busy.bob, part(busy, 202601, 202602), here)
    )
    counts = defaultdict(int)
    for row, _sheet in rows(busy, station_id=here):
        counts[row.staff_id] += row.month <= 202602
    enough = {person: n for person, n in counts.items() if n >= 5}
    assert {each.staff_id: each.figures.inspections for each in table.figures} == enough
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
