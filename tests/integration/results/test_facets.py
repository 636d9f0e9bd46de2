"""Figures by business line, shift, post and language, against the inspections themselves."""

from __future__ import annotations

from collections import Counter
from statistics import mean

import pytest
from sqlalchemy import update

from core.inspection.facets import EVERYTHING, UNRECORDED, Facets
from db.cases.queries.case_filter import CaseFilter
from db.cases.queries.cases import summary
from db.inspection.models import Inspection
from db.people.models import Staff
from db.results.models import RankingSnapshot, StationDay
from db.results.queries import network, rankings, score_cells, station_staff, stations
from db.results.queries.facets import facet_counts
from db.results.queries.people_spread import people_spread
from db.results.queries.traffic import traffic
from db.results.services.rankings import compute_ranking
from db.upkeep.rebuild import rebuild
from tests.support.clock import NOW
from tests.support.ranking.crossed import part as slice_of_crossed
from tests.support.results.busy import part, rows

pytestmark = pytest.mark.both

CHOICES = (
    Facets(language="en"),
    Facets(language=UNRECORDED),
    Facets(shift="early"),
    Facets(post="guide"),
    Facets(business_line="supplier"),
    Facets("airline", "late", "agent", "zh_TW"),
)


def chosen(world, facets):
    return rows(world, **facets.chosen)


@pytest.mark.parametrize("facets", CHOICES)
def test_every_figure_is_that_of_the_inspections_meant(busy, facets):
    found, slice_ = chosen(busy, facets), part(busy, facets=facets)
    assert 0 < len(found) < len(rows(busy))
    here = busy.seeded.station_id
    by_station = busy.one(lambda s: stations.station_figures(s, slice_))
    assert {key: row.inspections for key, row in by_station.items()} == Counter(
        row.station_id for row, _ in found
    )
    for station, figures in by_station.items():
        own = [row.score for row, _ in found if row.station_id == station]
        scores = [score for score in own if score is not None]
        assert figures.n == len(scores)
        assert figures.scores.total == pytest.approx(sum(scores))
    months = busy.one(lambda s: stations.trend(s, slice_, here))
    assert {each.month: each.figures.inspections for each in months} == Counter(
        row.month for row, _ in found if row.station_id == here
    )
    items = busy.one(lambda s: stations.items(s, slice_))
    sheets = [{item.key: item for item in sheet.items} for _, sheet in found]
    assert {row.item: (row.answered, row.na) for row in items} == {
        key: tuple(
            sum(sheet[key].status == status for sheet in sheets) for status in ("answered", "na")
        )
        for key in sheets[0]
    }
    for section in busy.one(lambda s: stations.sections(s, slice_)):
        scores = [
            each.score
            for _, sheet in found
            for each in sheet.sections
            if each.key == section.section and each.score is not None
        ]
        assert section.scores.n == len(scores)
        assert section.scores.mean == pytest.approx(mean(scores))


@pytest.mark.parametrize("facets", [CHOICES[0], CHOICES[-1]])
def test_months_channels_and_sections_of_stations_are_those_of_the_inspections_meant(busy, facets):
    found, slice_ = chosen(busy, facets), part(busy, facets=facets)
    by_month = busy.one(lambda s: stations.station_months(s, slice_))
    assert {
        (station, month): figures.inspections
        for station, months in by_month.items()
        for month, figures in months.items()
    } == Counter((row.station_id, row.month) for row, _ in found)
    by_channel = busy.one(lambda s: stations.channels(s, slice_))
    assert {row.channel: row.figures.inspections for row in by_channel} == Counter(
        row.channel for row, _ in found
    )
    sections = busy.one(lambda s: network.station_sections(s, slice_))
    assert {(row.station, row.section): row.scores.n for row in sections} == Counter(
        (row.station_id, each.key)
        for row, sheet in found
        for each in sheet.sections
        if each.score is not None
    )


@pytest.mark.parametrize("facets", CHOICES)
def test_the_cases_behind_a_figure_are_as_many(busy, facets):
    figures = busy.one(lambda s: stations.station_figures(s, part(busy, facets=facets)))
    by_cases = CaseFilter(checklist_id=busy.checklist_id(), **facets._asdict())
    cases = busy.one(lambda s: summary(s, busy.bob, by_cases, 60))
    assert cases.count == sum(row.n for row in figures.values())


def test_values_add_up_to_all_inspections_and_the_unrecorded_is_one_of_them(busy):
    found = busy.one(lambda s: facet_counts(s, part(busy)))
    by_facet = Counter()
    for row in found:
        by_facet[row.facet] += row.n
    assert set(by_facet.values()) == {len(rows(busy))}
    languages = {row.value: row.n for row in found if row.facet == "language"}
    assert languages == Counter(row.language for row, _ in rows(busy))
    assert set(languages) == {"", "en", "zh_TW"}


def test_staff_stations_and_the_spread_between_people_are_those_of_the_facet(busy):
    """The same sums stand in two tables: by facets they are read from the finer one."""
    here = busy.seeded.station_id
    slice_ = part(busy, facets=Facets(language="zh_TW"))
    table = busy.one(lambda s: station_staff.staff_figures(s, busy.bob, slice_, here))
    expected = Counter(row.staff_id for row, _ in chosen(busy, slice_.facets))
    assert table.figures
    for row in table.figures:
        assert row.figures.inspections == expected[row.staff_id]
    rest = busy.one(lambda s: network.station_rest(s, slice_))
    assert sum(row.answered + row.na for row in rest) == 5 * sum(expected.values())
    everyone = busy.one(lambda s: people_spread(s, part(busy)))
    assert busy.one(lambda s: people_spread(s, slice_)) != everyone
    both = busy.one(lambda s: network.checklist_figures(s, slice_))
    assert sum(row.figures.inspections for row in both) == sum(expected.values())


def test_what_a_ranking_is_computed_from_is_of_the_facet_and_without_all_traffic(busy):
    """Days and months hold the same inspections; encounters have no index of facets."""
    slice_ = part(busy, facets=Facets(language="zh_TW"))
    data = busy.one(lambda s: score_cells.ranking_data(s, slice_))
    scored = sum(row.score is not None for row, _ in chosen(busy, slice_.facets))
    assert 0 < scored < len(rows(busy))
    assert {data.cells.n.sum(), data.months.n.sum(), data.cells.days.n.sum()} == {scored}
    assert len(busy.one(lambda s: traffic(s, part(busy))).count)
    assert not len(busy.one(lambda s: traffic(s, slice_)).count)


def test_a_rebuild_keeps_what_was_known_when_it_was_scored(busy):
    """Moved to another post later, people keep their inspections where they were."""
    slice_ = part(busy, facets=Facets(post="guide"))
    before = busy.one(lambda s: stations.station_figures(s, slice_))
    with busy.seeded.transaction() as session:
        session.execute(update(Staff).values(post="supervisor"))
        rebuild(session, lambda done, total: None)
    after = busy.one(lambda s: stations.station_figures(s, slice_))
    assert {key: row.n for key, row in after.items()} == {key: row.n for key, row in before.items()}


def test_nothing_is_offered_while_older_sums_lack_their_facets(busy):
    """As after an update: what is there by facets is not all, until everything is rebuilt."""
    with busy.seeded.transaction() as session:
        first = session.query(StationDay).first()
        session.execute(
            update(StationDay)
            .where(StationDay.day == first.day, StationDay.station_id == first.station_id)
            .values(shift="")
        )
    assert busy.one(lambda s: facet_counts(s, part(busy))) == ()
    with busy.seeded.transaction() as session:
        rebuild(session, lambda done, total: None)
    assert busy.one(lambda s: facet_counts(s, part(busy)))


def test_a_ranking_by_facets_stands_beside_that_of_all(crossed):
    """Every other inspection was in English: each ranking counts its own, under its own key."""
    with crossed.seeded.transaction() as session:
        session.execute(update(Inspection).where(Inspection.id % 2 == 0).values(language="en"))
        rebuild(session, lambda done, total: None)
    counted = []
    for facets in (EVERYTHING, Facets(language="en")):
        slice_ = slice_of_crossed(crossed, facets=facets)
        assert compute_ranking(crossed.seeded.engine, slice_, now=NOW) is None
        found = crossed.one(lambda s, slice_=slice_: rankings.snapshot(s, slice_))
        own = crossed.one(lambda s, slice_=slice_: stations.station_figures(s, slice_))
        counted.append({row.station: row.n for row in found.comparison.rows})
        assert counted[-1] == {key: row.n for key, row in own.items()}
    assert crossed.count(RankingSnapshot) == 2
    assert counted[0] != counted[1]
