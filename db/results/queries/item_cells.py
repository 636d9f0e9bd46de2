"""How often each item was lost by groups of those scored, place by place."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.inspection.facets import UNRECORDED, Facets
from core.results.item_fairness import ItemCell, ItemsApart, items_apart
from db.results.models import FacetedStationItemMonth
from db.results.queries.facets import facet_counts
from db.results.queries.stations import Slice, within

_PLACE = ("station_id", "checklist_version_id", "channel", "month")


def item_fairness(
    session: Session, who: Identity, slice_: Slice, groupings: Sequence[str]
) -> tuple[ItemsApart, ...]:
    """The items of a slice by groups that a facet, or the channel, tells apart.

    None at all while sums of before there were facets wait for `python -m db rebuild`.

    Raises:
        NotAllowed: the role does not see inspectors.
    """
    require(who, Action.SEE_INSPECTORS)
    if not facet_counts(session, slice_):
        return ()
    return items_apart({by: _cells(session, slice_, by) for by in groupings})


def _cells(session: Session, slice_: Slice, by: str) -> list[ItemCell]:
    """What nobody has recorded the facet of is left out."""
    table = FacetedStationItemMonth
    unit = getattr(table, by)
    columns = [getattr(table, key) for key in _PLACE if key != by]
    query = (
        select(table.item_key, unit, func.sum(table.answered), func.sum(table.lost), *columns)
        .where(*within(table, slice_))
        .group_by(table.item_key, unit, *columns)
        .having(func.sum(table.answered) > 0)
    )
    if by in Facets._fields:
        query = query.where(unit != UNRECORDED)
    return [
        ItemCell(item=item, group=group, where=tuple(where), answered=answered, lost=lost)
        for item, group, answered, lost, *where in session.execute(query)
    ]
