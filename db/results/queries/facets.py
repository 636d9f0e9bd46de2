"""By which facets the inspections of a slice can be told apart."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from core.inspection.facets import UNRECORDED, Facets
from db.results.models import FacetedStationMonth, StationDay
from db.results.queries.stations import Slice, within


class FacetCount(NamedTuple):
    """How many inspections, with or without a score, have a value of a facet; empty: unrecorded."""

    facet: str
    value: str
    n: int


def facet_counts(session: Session, slice_: Slice) -> tuple[FacetCount, ...]:
    """The values of every facet in a slice, in their order.

    None at all while sums of before there were facets wait for `python -m db rebuild`: what is
    there by facets would then be a part of the inspections, and be shown as all.
    """
    if _some_lack_facets(session):
        return ()
    table = FacetedStationMonth
    counted = func.sum(table.n + table.unscored)
    keys = [getattr(table, facet) for facet in Facets._fields]
    query = select(*keys, counted).where(*within(table, slice_)).group_by(*keys)
    counts: dict[tuple[str, str], int] = {}
    for *values, n in session.execute(query):
        for key in zip(Facets._fields, values, strict=True):
            counts[key] = counts.get(key, 0) + n
    return tuple(FacetCount(*key, n) for key, n in sorted(counts.items()) if n)


def _some_lack_facets(session: Session) -> bool:
    """Whether sums are without a shift, which every inspection has.

    The value stands in the statement itself, so that SQLite goes by the index of just these rows.
    """
    unrecorded = literal(UNRECORDED, literal_execute=True)
    query = select(StationDay.day).where(StationDay.shift == unrecorded).limit(1)
    return session.scalar(query) is not None
