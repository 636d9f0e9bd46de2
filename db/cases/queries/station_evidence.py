"""The evidence for the points that a station lost."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from db.cases.queries.case_filter import CaseFilter, ordered_ids
from db.encounters.models import Turn
from db.encounters.queries.consent import open_to_use
from db.inspection.models import Evidence, Finding, Inspection
from db.inspection.queries.pins import PinView, pin_of
from db.people.models import Station
from db.people.queries.shown_texts import HiddenNames
from db.results.queries.stations import Slice

_CASES, _MOST = 12, 8


class ProvenLoss(NamedTuple):
    """Points lost on an item of a case, with the first evidence of it.

    `words` are those of the turn that are meant; empty where no turn is. The pin never names its
    photo.
    """

    inspection_id: int
    item_key: str
    points_lost: float
    effect: str | None
    occurred_at: datetime
    timezone: str
    pin: PinView
    words: str


def proven_losses(
    session: Session, who: Identity, slice_: Slice, station_id: int
) -> tuple[ProvenLoss, ...]:
    """Losses of the lowest-scoring cases of a station and those below it, the worst first.

    Cases whose customer refuses are left out.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    require(who, Action.SEE_CASES)
    case_filter = CaseFilter(
        station_ids=(station_id,),
        checklist_id=slice_.checklist_id,
        channel=slice_.channel,
        sample_class=slice_.sample_class,
        **slice_.facets._asdict(),
        from_month=slice_.period.first,
        to_month=slice_.period.last,
    )
    cursors = ordered_ids(session, who, case_filter, limit=_CASES)
    order = {case.inspection_id: number for number, case in enumerate(cursors)}
    first: dict[tuple[int, str], ProvenLoss] = {}
    for loss in _pinned(session, HiddenNames(session, who), list(order)):
        first.setdefault((loss.inspection_id, loss.item_key), loss)
    worst = sorted(first.values(), key=lambda loss: (order[loss.inspection_id], -loss.points_lost))
    return tuple(worst[:_MOST])


def _pinned(session: Session, hidden_names: HiddenNames, ids: list[int]) -> list[ProvenLoss]:
    of_item = and_(
        Finding.inspection_id == Evidence.inspection_id, Finding.item_key == Evidence.item_key
    )
    of_turn = and_(
        Turn.interaction_id == Inspection.interaction_id, Turn.position == Evidence.turn_position
    )
    rows = session.execute(
        select(
            Evidence,
            Finding.points_lost,
            Finding.effect,
            Inspection,
            Station.timezone,
            Turn.text,
        )
        .join(Finding, of_item)
        .join(Inspection, Inspection.id == Evidence.inspection_id)
        .join(Station, Station.id == Inspection.station_id)
        .outerjoin(Turn, of_turn)
        .where(Evidence.inspection_id.in_(ids), open_to_use(Inspection.interaction_id))
        .order_by(Evidence.id)
    )
    return [
        ProvenLoss(
            inspection_id=row.inspection_id,
            item_key=row.item_key,
            points_lost=points,
            effect=effect,
            occurred_at=inspection.occurred_at,
            timezone=zone,
            pin=pin_of(row, photos=False)._replace(note=names.hide(row.note)),
            words=names.hide(text or "")[row.start_offset or 0 : row.end_offset],
        )
        for row, points, effect, inspection, zone, text in rows
        for names in [hidden_names.in_inspection(inspection)]
    ]
