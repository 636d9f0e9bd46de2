"""Scores beside customers' ratings, against the inspections themselves."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from core.inspection.facets import Facets
from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.results.queries.ratings import rated_scores
from tests.support.results.busy import part, rows

pytestmark = pytest.mark.both


@pytest.fixture
def rate(busy):
    """Every third encounter is rated 1 to 5, every seventh 0 to 10."""

    def rate():
        with busy.seeded.transaction() as session:
            for number, key in enumerate(session.scalars(select(Interaction.id)).all()):
                scale = (1.0, 5.0, 1.0 + number % 5) if number % 3 == 0 else None
                scale = (0.0, 10.0, float(number % 11)) if number % 7 == 0 else scale
                if scale:
                    values = dict(
                        zip(("rating_low", "rating_high", "customer_rating"), scale, strict=True)
                    )
                    session.execute(
                        update(Interaction).where(Interaction.id == key).values(**values)
                    )

    return rate


@pytest.mark.parametrize("values", [{}, {"sample_class": "random"}, {"facets": Facets("airline")}])
def test_every_rated_and_scored_inspection_is_one_pair(busy, rate, values):
    """A rating is in percent of its own scale, whichever that is."""
    rate()
    slice_ = part(busy, 202601, 202603, **values)
    pairs = busy.one(lambda s: rated_scores(s, busy.bob, slice_)).pairs
    with busy.seeded.reading() as session:
        rated = {row.id: row for row in session.scalars(select(Interaction))}
    expected = []
    for row, _ in rows(busy, **values if "facets" not in values else {"business_line": "airline"}):
        call = rated[row.interaction_id]
        if row.month <= 202603 and row.score is not None and call.customer_rating is not None:
            share = (call.customer_rating - call.rating_low) / (call.rating_high - call.rating_low)
            expected.append((row.station_id, row.staff_id, row.score, pytest.approx(100 * share)))
    assert expected
    assert sorted(map(tuple, pairs)) == sorted(expected, key=lambda row: (row[:3], row[3].expected))


def test_what_was_voided_or_is_unrated_is_no_pair(busy, rate):
    assert pairs_of(busy) == ()
    rate()
    before = len(pairs_of(busy))
    with busy.seeded.transaction() as session:
        session.execute(update(Inspection).values(state="void"))
    assert before
    assert pairs_of(busy) == ()


@pytest.mark.parametrize("values", [{"purpose": "second"}, {"sample_class": "chosen"}])
def test_second_scorings_and_what_somebody_picked_out_are_no_pairs(busy, rate, values):
    rate()
    assert pairs_of(busy)
    with busy.seeded.transaction() as session:
        session.execute(update(Inspection).values(**values))
    assert pairs_of(busy) == ()


@pytest.mark.parametrize("scale", [(None, None), (1, None), (5, 5)])
def test_a_rating_without_a_scale_is_left_out_and_counted(busy, rate, scale):
    rate()
    before = busy.one(lambda s: rated_scores(s, busy.bob, part(busy)))
    low, high = scale
    with busy.seeded.transaction() as session:
        of_ten = update(Interaction).where(Interaction.rating_high == 10)
        session.execute(of_ten.values(rating_low=low, rating_high=high))
    after = busy.one(lambda s: rated_scores(s, busy.bob, part(busy)))
    assert before.unscaled == 0
    assert after.unscaled > 0
    assert len(after.pairs) + after.unscaled == len(before.pairs)


def pairs_of(world):
    return world.one(lambda s: rated_scores(s, world.bob, part(world))).pairs
