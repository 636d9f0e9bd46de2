"""Items that are lost more often than before, which trainers look at first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.access import Action, Identity, visible_stations
from core.checklist.model import BOT
from core.periods import Period, shift
from core.training import Counts, Rise, can_be_judged, in_order, rises
from db.inspection.personal_losses import losses_by_person
from db.results.models import StationItemMonth
from db.training.queries.taught_items import newest_whole_month

_MONTHS_CHARTED = 13

_Stations = frozenset[int] | None
_Clusters = dict[str, list[tuple[float, float]]]


class Emerging(NamedTuple):
    """Items by how far they rose in the newest whole month, with their months for a chart.

    `judged` of them had enough answers to tell. `confined` are rises that a few people or one
    station make: no rise of everybody.
    """

    month: int
    judged: int
    rises: tuple[Rise, ...]
    confined: tuple[Rise, ...]
    months: tuple[int, ...]
    counts: dict[str, tuple[Counts, ...]]


def emerging(session: Session, who: Identity, running: int) -> Emerging | None:
    """Items whose share of losses has risen, over the stations one may see; None without data.

    The newest month is the last one before the running month, which is not over.
    """
    visible = visible_stations(who, Action.SEE_TRAINING)
    newest = newest_whole_month(session, running)
    if newest is None:
        return None
    charted = Period(shift(newest, 1 - _MONTHS_CHARTED), newest)
    counts = _months_of_items(session, charted, visible)
    risen = rises(counts)
    signals = {rise.item: rise for rise in risen if rise.is_signal}
    people = losses_by_person(session, signals, newest, visible)
    places = _places(session, signals, charted, visible)
    among = {item: rise.among(people[item], places[item]) for item, rise in signals.items()}
    confined = {item for item, rise in among.items() if rise is None or not rise.is_signal}
    return Emerging(
        month=newest,
        judged=sum(map(can_be_judged, counts.values())),
        rises=in_order(among.get(rise.item) or rise for rise in risen if rise.item not in confined),
        confined=tuple(rise for rise in risen if rise.item in confined),
        months=tuple(charted.months()),
        counts=counts,
    )


def _months_of_items(
    session: Session, charted: Period, visible: _Stations
) -> dict[str, tuple[Counts, ...]]:
    table = StationItemMonth
    rows = session.execute(
        select(table.item_key, table.month, func.sum(table.lost), func.sum(table.answered))
        .where(
            table.month.between(*charted),
            table.channel != BOT,
            *_within(table.station_id, visible),
        )
        .group_by(table.item_key, table.month)
    )
    by_item: dict[str, dict[int, Counts]] = {}
    for item, month, lost, answered in rows:
        by_item.setdefault(item, {})[month] = Counts(lost=lost, answered=answered)
    none = Counts(lost=0, answered=0)
    return {
        item: tuple(by_month.get(month, none) for month in charted.months())
        for item, by_month in by_item.items()
    }


def _places(
    session: Session, risen: Mapping[str, Rise], charted: Period, visible: _Stations
) -> _Clusters:
    """Each station's losses of an item in the last month beyond what is usual there.

    At a station without months before, beyond what is usual everywhere. Nothing for an item that
    is asked at one station alone.
    """
    table = StationItemMonth
    grain = (table.item_key, table.station_id, (table.month == charted.last).label("is_last"))
    rows = session.execute(
        select(*grain, func.sum(table.lost), func.sum(table.answered))
        .where(
            table.item_key.in_(risen),
            table.month.between(*charted),
            table.channel != BOT,
            *_within(table.station_id, visible),
        )
        .group_by(*grain)
        .having(func.sum(table.answered) > 0)
    )
    newest: dict[tuple[str, int], Counts] = {}
    before: dict[tuple[str, int], Counts] = {}
    for item, station, is_last, lost, answered in rows:
        (newest if is_last else before)[item, station] = Counts(lost=lost, answered=answered)
    clusters: _Clusters = {item: [] for item in risen}
    for (item, station), (lost, answered) in newest.items():
        past = before.get((item, station))
        usual = past.lost / past.answered if past else risen[item].usual
        clusters[item].append((lost - usual * answered, answered))
    return {item: pairs if len(pairs) > 1 else [] for item, pairs in clusters.items()}


def _within(
    station: InstrumentedAttribute[int], visible: _Stations
) -> Iterable[ColumnElement[bool]]:
    return [] if visible is None else [station.in_(visible)]
