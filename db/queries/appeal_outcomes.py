"""What appeals came to, by item: which wordings the deciders read otherwise than the scorers."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.appeals import Outcomes
from core.checklist import Texts
from db.checklists import checklists_of
from db.models import Appeal, AppealPoint, Inspection
from db.queries.appeal_points import name_of


class ItemOutcomes(NamedTuple):
    """What became of the points about one item; the name is empty for whole results."""

    name: Texts
    found: Outcomes


def outcomes(session: Session, who: Identity, *, since: datetime) -> list[ItemOutcomes]:
    """What was decided since a moment, by item; those changed most often first.

    Raises:
        NotAllowed: the role sees no appeals.
    """
    stations = visible_stations(who, Action.SEE_APPEALS)
    here = [] if stations is None else [Inspection.station_id.in_(stations)]
    changed = func.sum(case((AppealPoint.outcome == "changed", 1), else_=0))
    rows = session.execute(
        select(
            AppealPoint.item_key, func.max(Inspection.checklist_version_id), func.count(), changed
        )
        .join(Appeal, Appeal.id == AppealPoint.appeal_id)
        .join(Inspection, Inspection.id == Appeal.inspection_id)
        .where(Appeal.state.in_(["kept", "changed"]), Appeal.ended_at >= since, *here)
        .group_by(AppealPoint.item_key)
    ).all()
    checklists = checklists_of(session, {version for _, version, _, _ in rows})
    found = [
        ItemOutcomes(
            name_of(checklists[version], key), Outcomes(key, kept=n - moved, changed=moved)
        )
        for key, version, n, moved in rows
    ]
    return sorted(
        found, key=lambda row: (-row.found.changed, -row.found.decided, row.found.item_key)
    )
