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
    pairs = busy.one(lambda s: rated_scores(s, busy.bob, slice_))
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
    assert busy.one(lambda s: rated_scores(s, busy.bob, part(busy))) == ()
    rate()
    before = len(busy.one(lambda s: rated_scores(s, busy.bob, part(busy))))
    with busy.seeded.transaction() as session:
        session.execute(update(Inspection).values(state="void"))
    assert before
    assert busy.one(lambda s: rated_scores(s, busy.bob, part(busy))) == ()
