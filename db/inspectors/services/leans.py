"""Looking each night for inspectors who are harder or easier on a group than colleagues are.

What stands out in the last whole months is kept, once for the months; nobody but the inspector
reads it before the inspector has been shown it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.inspection.facets import UNRECORDED, Facets
from core.inspectors.leans import MONTHS, LeanCell, leans
from core.periods import Period, month_of, shift
from core.results.fairness import GROUPINGS
from db.inspectors.models import InspectorLean
from db.results.models import ScoreCell
from db.results.queries.team_figures import NOBODY
from db.store.days import portal_day

_PLACE = ("station_id", "checklist_version_id", "channel", "sample_class", "stratum")


def look_for_leans(session: Session, *, now: datetime) -> int:
    """Keep what stands out in the last whole months, unless some of it is kept; how many leans."""
    last = shift(month_of(portal_day(session, now)), -1)
    if session.scalar(select(InspectorLean.id).where(InspectorLean.month == last).limit(1)):
        return 0
    period = Period(shift(last, 1 - MONTHS), last)
    compared = leans({by: _cells(session, period, by) for by in GROUPINGS})
    clear = [lean for lean in compared if lean.is_told]
    session.add_all(
        InspectorLean(
            user_id=lean.inspector,
            month=last,
            facet=lean.by,
            facet_value=lean.group,
            own=lean.own,
            own_others=lean.own_others,
            colleagues=lean.colleagues,
            theirs=lean.theirs,
            points=lean.points.value,
            low=lean.points.low,
            high=lean.points.high,
            looked_at=len(compared),
            computed_at=now,
        )
        for lean in clear
    )
    return len(clear)


def _cells(session: Session, period: Period, by: str) -> list[LeanCell]:
    """What nobody has recorded the facet of is left out."""
    group = getattr(ScoreCell, by)
    site = [getattr(ScoreCell, key) for key in _PLACE if key != by]
    keys = (ScoreCell.inspector_id, group, ScoreCell.staff_id, *site)
    query = (
        select(*keys, func.sum(ScoreCell.n), func.sum(ScoreCell.total_before))
        .where(ScoreCell.month.between(*period))
        .group_by(*keys)
        .having(func.sum(ScoreCell.n) > 0)
        .order_by(*keys)
    )
    if by in Facets._fields:
        query = query.where(group != UNRECORDED)
    return [
        LeanCell(
            inspector=inspector,
            group=value,
            site=tuple(where),
            person=None if staff == NOBODY else staff,
            n=float(n),
            total=float(total),
        )
        for inspector, value, staff, *where, n, total in session.execute(query)
    ]
