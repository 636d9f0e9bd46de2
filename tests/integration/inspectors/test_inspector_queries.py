"""Figures of inspectors against their inspections; double scorings worked out by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from statistics import mean

import pytest

from core.errors import NotAllowed
from core.periods import Period
from db.inspectors.queries import figures
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
