"""Figures of inspectors against their inspections; double scorings worked out by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from statistics import mean

import pytest
from sqlalchemy import delete, update

from core.errors import NotAllowed
from core.inspection.facets import UNRECORDED, Facets
from core.periods import Period
from db.cases.queries.disagreements import disagreements
from db.inspection.models import Inspection
from db.inspectors.queries import figures
from db.results.models import FacetedInspectorMonth
from db.results.queries.facets import facet_counts
from db.upkeep.rebuild import rebuild
from tests.support.inspection.inspecting import NO
from tests.support.results.busy import part, rows, scored_twice


def test_inspectors_figures_are_those_of_their_inspections(busy):
    (alice,) = busy.one(lambda s: figures.inspectors(s, busy.bob, part(busy)))
    inspections = rows(busy)
    before = [row.score_before_critical for row, _ in inspections if row.score is not None]
    assert (alice.name, alice.inspections) == ("Alice", len(inspections))
    assert alice.before.mean == pytest.approx(mean(before))
    assert alice.log_seconds.n == 0
    months = busy.one(lambda s: figures.inspector_months(s, busy.bob, part(busy), alice.inspector))
    assert {each.month: each.inspections for each in months} == Counter(
        row.month for row, _ in inspections
    )


def test_figures_of_inspectors_need_the_permission(busy):
    alice = busy.alice
    for query in (figures.inspectors, figures.doubles, figures.doubles_by_item):
        with pytest.raises(NotAllowed):
            busy.one(lambda s, query=query: query(s, alice, part(busy)))
    with pytest.raises(NotAllowed):
        busy.one(lambda s: figures.own_doubles(s, busy.bob, Period(202601, 202604)))


def test_double_scorings_are_summed_for_both_inspectors(busy):
    """The record keeps everything, the second marks HELLO down: 4 of 5 items alike."""
    dana = busy.inspector("dana")
    scored_twice(busy, dana, datetime(2026, 2, 3, 4, tzinfo=UTC), {}, {"HELLO": NO})
    found = busy.one(lambda s: figures.doubles_by_inspector(s, busy.bob, part(busy)))
    assert set(found) == {busy.alice.user_id, dana.user_id}
    assert found[dana.user_id].scores == (1, 80, 100, 6400, 10000, 8000)
    assert found[dana.user_id].shares[:4] == pytest.approx((1, 4 / 5, 1 / 10, 0))
    whole = busy.one(lambda s: figures.doubles(s, busy.bob, part(busy)))
    assert whole.scores == (1, 100, 80, 10000, 6400, 8000)
    by_item = busy.one(lambda s: figures.doubles_by_item(s, busy.bob, part(busy)))
    assert {each.item: each.times for each in by_item} == {
        "HELLO": (((100, 0), 1),),
    } | dict.fromkeys(("NAME", "RIGHT", "FAST", "HONEST"), (((100, 100), 1),))
    own = busy.one(lambda s: figures.own_doubles(s, dana, Period(202602, 202602)))
    assert own == found[dana.user_id]


@pytest.mark.parametrize(
    "facets",
    [
        Facets(language="en"),
        Facets(language=UNRECORDED),
        Facets("airline", "late", "agent", "zh_TW"),
    ],
)
def test_inspectors_figures_by_facets_are_those_of_the_inspections_meant(busy, facets):
    slice_, found = part(busy, facets=facets), rows(busy, **facets.chosen)
    assert 0 < len(found) < len(rows(busy))
    (alice,) = busy.one(lambda s: figures.inspectors(s, busy.bob, slice_))
    before = [row.score_before_critical for row, _ in found if row.score is not None]
    assert alice.inspections == len(found)
    assert alice.before.mean == pytest.approx(mean(before))
    assert (alice.answered, alice.na) == tuple(
        sum(item.status == status for _, sheet in found for item in sheet.items)
        for status in ("answered", "na")
    )
    months = busy.one(lambda s: figures.inspector_months(s, busy.bob, slice_, alice.inspector))
    assert {each.month: each.inspections for each in months} == Counter(
        row.month for row, _ in found
    )


@pytest.mark.both
def test_double_scorings_have_the_facets_of_the_record(busy):
    """The person was an agent at the record and a guide at the second scoring: one pair of agents.

    A rebuild finds the same.
    """
    dana = busy.inspector("dana")
    record, call = scored_twice(busy, dana, datetime(2026, 2, 3, 4, tzinfo=UTC), {}, {"HELLO": NO})
    with busy.seeded.transaction() as session:
        own = Inspection.interaction_id == call
        session.execute(update(Inspection).where(own).values(post="guide"))
        session.execute(update(Inspection).where(Inspection.id == record).values(post="agent"))
        rebuild(session, lambda done, total: None)
    for post, pairs in (("agent", 1), ("guide", 0)):
        slice_ = part(busy, facets=Facets(post=post))
        whole = busy.one(lambda s, slice_=slice_: figures.doubles(s, busy.bob, slice_))
        assert (whole.scores.n, whole.shares.n) == (pairs, pairs)
        items = busy.one(lambda s, slice_=slice_: figures.doubles_by_item(s, busy.bob, slice_))
        assert len(items) == 5 * pairs
        by_inspector = busy.one(
            lambda s, slice_=slice_: figures.doubles_by_inspector(s, busy.bob, slice_)
        )
        assert set(by_inspector) == ({busy.alice.user_id, dana.user_id} if pairs else set())
        apart = busy.one(lambda s, slice_=slice_: disagreements(s, busy.bob, slice_, "HELLO"))
        assert [row.inspection_id for row in apart.rows] == [record] * pairs


def test_facets_are_offered_once_all_inspections_are_in_the_sums_by_them(busy):
    """As after an update: what was scored before is not in them until everything is rebuilt."""
    slice_ = part(busy)
    every = busy.one(lambda s: facet_counts(s, slice_))
    assert busy.one(lambda s: figures.inspector_facets(s, slice_)) == every != ()
    with busy.seeded.transaction() as session:
        session.execute(delete(FacetedInspectorMonth).where(FacetedInspectorMonth.language == "en"))
    assert busy.one(lambda s: figures.inspector_facets(s, slice_)) == ()
    with busy.seeded.transaction() as session:
        rebuild(session, lambda done, total: None)
    assert busy.one(lambda s: figures.inspector_facets(s, slice_)) == every
