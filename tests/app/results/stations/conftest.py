"""Three stations of whom the pages of results tell, and what a link to them is of."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.periods import Period
from db.checklists.models import ChecklistRecord
from db.results.queries.stations import Slice
from tests import factories
from tests.support.ranking.three_stations import make_stations


@pytest.fixture
def seeded_sqlite(sqlite_databases):
    """Two stations with 36 calls each, one of them losing points, and one with three calls."""
    with sqlite_databases.like("three stations", make_stations) as engine:
        yield factories.seeded_in(engine)


@pytest.fixture
def part(wired):
    """January and February, drawn at random."""
    with wired.reading() as session:
        small = select(ChecklistRecord.id).filter_by(key="small")
        return Slice(Period(202601, 202602), session.scalars(small).one(), sample_class="random")
