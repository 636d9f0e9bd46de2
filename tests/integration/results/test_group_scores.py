"""Scores and appeals by language, shift, channel and post, on both databases."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import update

from core.access import Role
from core.errors import NotAllowed
from core.results import item_fairness
from core.results.fairness import AppealCounts
from core.results.figures import Proportion
from db.appeals.queries.granted import appeals_by_group
from db.inspection.models import Inspection
from db.results.queries import item_cells
from db.results.queries.score_cells import group_cells, group_scores
from db.upkeep.rebuild import rebuild
from tests.factories import identity, make_station, make_user
from tests.support.appeals.appealing import decided, raised
from tests.support.inspection.inspecting import NO
from tests.support.ranking.crossed import inspections
from tests.support.ranking.crossed import part as slice_of_crossed
from tests.support.results.busy import part, rows

pytestmark = pytest.mark.both

LANGUAGES = ("en", "zh_TW", "")


@pytest.fixture
def spoken(crossed):
    """Of 119 calls every third is in English, in Chinese, in nobody knows which language."""
    with crossed.seeded.transaction() as session:
        for rest, language in enumerate(LANGUAGES):
            of_rest = Inspection.id % 3 == rest
            session.execute(update(Inspection).where(of_rest).values(language=language))
        rebuild(session, lambda done, total: None)
    return crossed


def test_cells_of_groups_are_the_inspections_whose_group_is_known(busy):
    for by in ("language", "shift", "channel", "post"):
        cells = busy.one(lambda s, by=by: group_cells(s, part(busy), by))
        cells.check()
        known = [row for row, _ in rows(busy) if getattr(row, by)]
        assert Counter(dict(zip(*_sums(cells), strict=True))) == Counter(
            getattr(row, by) for row in known
        )
        assert cells.days.n.sum() == cells.months.n.sum() == cells.n.sum()


def _sums(cells):
    keys = sorted(set(cells.station.tolist()))
    return keys, [int((cells.n + cells.unscored)[cells.station == key].sum()) for key in keys]


def test_groups_are_compared_within_stations(spoken):
    cells = spoken.one(lambda s: group_cells(s, slice_of_crossed(spoken), "language"))
    found = inspections(spoken)
    assert len(set(cells.case.tolist())) == len({row.station_id for row in found})


def test_a_manager_sees_the_groups_that_have_several(spoken):
    slice_ = slice_of_crossed(spoken)
    (languages,) = spoken.one(lambda s: group_scores(s, spoken.bob, slice_))
    assert languages.by == "language"
    counted = Counter(row.language for row in inspections(spoken))
    assert {row.group: row.scores.n for row in languages.groups} == {
        key: counted[key] for key in ("en", "zh_TW")
    }
    people = {row.group: row.people for row in languages.groups}
    assert people == {
        key: len({row.staff_id for row in inspections(spoken, language=key)}) for key in people
    }


def test_who_sees_no_inspectors_sees_no_groups(spoken):
    slice_ = slice_of_crossed(spoken)
    with pytest.raises(NotAllowed):
        spoken.one(lambda s: group_scores(s, spoken.alice, slice_))
    with pytest.raises(NotAllowed):
        spoken.one(lambda s: appeals_by_group(s, spoken.alice, slice_, "language"))


@pytest.mark.parametrize("by", ["post", "language", "shift"])
def test_items_are_counted_where_a_group_and_others_were(busy, monkeypatch, by):
    """The answers to HELLO in months of a station with both; two stations are made enough."""
    monkeypatch.setattr(item_fairness, "FEWEST_STATIONS", 2)
    monkeypatch.setattr(item_fairness, "ENOUGH", 1)
    [compared] = busy.one(lambda s: item_cells.item_fairness(s, busy.bob, part(busy), [by]))
    hello = next(row for row in compared.rows if row.item == "HELLO")
    answers = [
        (
            (row.station_id, row.month),
            getattr(row, by) == hello.group,
            row.answers["HELLO"]["value"],
        )
        for row, _ in rows(busy)
        if getattr(row, by) and "value" in row.answers["HELLO"]
    ]
    sides = Counter((place, is_own) for place, is_own, _ in answers)
    both = {place for place, _ in sides if len({own for at, own in sides if at == place}) == 2}
    for is_own, told in ((True, hello.group_lost), (False, hello.others_lost)):
        values = [value for place, own, value in answers if place in both and own is is_own]
        assert told == Proportion(values.count("no"), len(values))


def test_who_sees_no_inspectors_sees_no_items(spoken):
    slice_ = slice_of_crossed(spoken)
    with pytest.raises(NotAllowed):
        spoken.one(lambda s: item_cells.item_fairness(s, spoken.alice, slice_, ["language"]))


def test_appeals_count_where_the_result_was_not_where_it_is_now(world):
    """Charlie's five results: one appeal kept, one granted, one open, one withdrawn, one not."""
    ids = [world.scored(HELLO=NO) for _ in range(5)]
    with world.seeded.transaction() as session:
        session.execute(update(Inspection).values(language="en"))
    appeals = [raised(world, inspection_id) for inspection_id in ids[:3]]
    decided(world, appeals[0], HELLO=NO)
    decided(world, appeals[1])
    slice_ = part(world, first=202601, last=202612)
    (english,) = world.one(lambda s: appeals_by_group(s, world.bob, slice_, "language"))
    assert english == AppealCounts("en", 5, 3, decided=2, changed=1)


def test_a_station_manager_counts_the_appeals_of_own_stations(world):
    raised(world, world.scored(HELLO=NO))
    with world.seeded.transaction() as session:
        session.execute(update(Inspection).values(language="en"))
        other = make_station(session, code="KHH-PHONE")
        make_user(session, "mona", Role.STATION_MANAGER, station_id=other.id)
        elsewhere = identity(session, "mona")
    slice_ = part(world, first=202601, last=202612)
    assert world.one(lambda s: appeals_by_group(s, elsewhere, slice_, "language")) == ()
