"""What customers said of encounters, beside the score of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.clock.days import begin_of
from core.inspection.states import InspectionState
from core.periods import first_day, shift
from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.results.queries.stations import Slice, beside_months
from db.results.rollups import CHOSEN

_EDGE = timedelta(days=1)
"""By which days of stations may lie off those of UTC."""


class RatedScore(NamedTuple):
    """A scored encounter that its customer rated, in percent of the customer's scale.

    `person` tells encounters of one member of staff together; 0 where nobody is named.
    """

    station: int
    person: int
    score: float
    rating: float


class RatedScores(NamedTuple):
    """All rated and scored encounters; `unscaled` counts those whose scale nobody knows."""

    pairs: tuple[RatedScore, ...]
    unscaled: int


def rated_scores(session: Session, who: Identity, slice_: Slice) -> RatedScores:
    """The rated encounters of a slice with their official scores, by inspection.

    Read from the inspections, as ratings may come long after them and change no sum.
    """
    require(who, Action.SEE_STATIONS)
    period = slice_.period
    start = begin_of(first_day(period.first), "UTC") - _EDGE
    end = begin_of(first_day(shift(period.last, 1)), "UTC") + _EDGE
    rated = Interaction.customer_rating
    low, high = Interaction.rating_low, Interaction.rating_high
    query = (
        select(Inspection.station_id, Inspection.staff_id, Inspection.score, rated, low, high)
        .join(Interaction, Interaction.id == Inspection.interaction_id)
        .where(
            Inspection.state == InspectionState.VALID,
            Inspection.purpose == "record",
            Inspection.occurred_at.between(start, end),
            Inspection.month.between(period.first, period.last),
            Inspection.sample_class != CHOSEN,
            *beside_months(Inspection, slice_),
            *(Inspection.score.is_not(None), rated.is_not(None)),
        )
        .order_by(Inspection.id)
    )
    rows: list[Any] = list(session.execute(query))
    pairs = tuple(
        RatedScore(
            station=station,
            person=person or 0,
            score=score,
            rating=100 * (rating - least) / (most - least),
        )
        for station, person, score, rating, least, most in rows
        if least is not None and most is not None and most > least
    )
    return RatedScores(pairs, unscaled=len(rows) - len(pairs))
