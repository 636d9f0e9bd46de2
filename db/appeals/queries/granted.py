"""How many of a group's results were appealed against, and how many of these appeals granted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require, visible_stations
from core.appeals.states import DECIDED, AppealState
from core.inspection.facets import UNRECORDED
from core.inspection.states import InspectionState
from core.results.fairness import AppealCounts
from db.appeals.models import Appeal
from db.inspection.models import Inspection
from db.results.queries.stations import Slice, beside_months


def appeals_by_group(
    session: Session, who: Identity, slice_: Slice, by: str
) -> tuple[AppealCounts, ...]:
    """The groups that a facet, or the channel, tells apart, at the stations whose appeals one sees.

    Inspections are those of record whose person is known; of appeals all count that were raised
    against results of the slice. By group; what nobody has recorded the facet of is left out.

    Raises:
        NotAllowed: the role sees no inspectors, or no appeals.
    """
    require(who, Action.SEE_INSPECTORS)
    group = getattr(Inspection, by)
    of_slice = [
        *(group != UNRECORDED, Inspection.staff_id.is_not(None)),
        Inspection.month.between(*slice_.period),
        *beside_months(Inspection, slice_),
        *_at_own_stations(who),
    ]
    of_record = (Inspection.state == InspectionState.VALID, Inspection.purpose == "record")
    inspections = select(group, func.count()).where(*of_slice, *of_record).group_by(group)
    appeals = (
        select(group, func.count(), _number(DECIDED), _number([AppealState.CHANGED]))
        .join(Appeal, Appeal.inspection_id == Inspection.id)
        .where(*of_slice)
        .group_by(group)
    )
    counted: dict[str, int] = {row[0]: row[1] for row in session.execute(inspections)}
    raised: dict[str, tuple[int, ...]] = {row[0]: row[1:] for row in session.execute(appeals)}
    return tuple(
        AppealCounts(key, counted.get(key, 0), *raised.get(key, (0, 0, 0)))
        for key in sorted(counted.keys() | raised.keys())
    )


def _at_own_stations(who: Identity) -> list[ColumnElement[bool]]:
    stations = visible_stations(who, Action.SEE_APPEALS)
    return [] if stations is None else [Inspection.station_id.in_(stations)]


def _number(states: Any) -> ColumnElement[int]:  # noqa: ANN401  states of appeals
    return func.sum(case((Appeal.state.in_(states), 1), else_=0))
