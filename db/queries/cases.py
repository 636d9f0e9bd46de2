"""Cases: submitted inspections as trainers and managers browse them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Identity
from core.checklist import Texts
from core.i18n import pick
from core.textfold import Span, Word, spans, words_of
from db.checklists import checklists_of
from db.models import Finding, Inspection, Interaction, Station, Turn
from db.queries.case_filter import CaseFilter, Cursor, ordered_ids
from db.queries.case_leads import kind_of_ids
from db.queries.case_search import found_ids, texts_of
from db.queries.staff_labels import StaffLabels

COUNTED, COUNTED_WHERE_SLOW = 1000, 25
"""Cases that are counted; beyond there is only "more"."""
_EXCERPT = 160
_BEFORE_HIT = 30
_FIRST_TURNS = 4
_MOST_LOST = 5


class Loss(NamedTuple):
    item_key: str
    term: Texts
    points: float
    effect: str | None


class ItemCount(NamedTuple):
    item_key: str
    term: Texts
    cases: int


class Excerpt(NamedTuple):
    """Some words of the encounter, and where in them stands what was looked for."""

    text: str
    hits: tuple[Span, ...] = ()


@dataclass(frozen=True)
class CaseRow:
    """One case of the list. `staff` is a name only where the reader may know it."""

    inspection_id: int
    case_no: str
    station_code: str
    station_names: Mapping[str, str]
    staff: str
    channel: str
    occurred_at: datetime
    timezone: str
    score: float
    band: str | None
    critical: bool
    losses: tuple[Loss, ...]
    excerpt: Excerpt

    def station(self, language: str) -> str:
        return pick(self.station_names, language)


@dataclass(frozen=True)
class CasePage:
    rows: tuple[CaseRow, ...]
    next: Cursor | None


@dataclass(frozen=True)
class Summary:
    """How many cases match, at most `COUNTED` or, where each is looked up, `COUNTED_WHERE_SLOW`.

    `more`: there are others beyond. `low` of the counted score below the mark, and lost
    `most_lost` most often.
    """

    count: int
    more: bool
    low: int
    most_lost: tuple[ItemCount, ...]


def cases(
    session: Session,
    who: Identity,
    wanted: CaseFilter,
    *,
    after: Cursor | None = None,
    limit: int = 25,
) -> CasePage:
    """One page of valid inspections of record, lowest (or best) score first.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    found = _found(session, who, wanted, after, limit + 1)
    shown = [cursor.inspection_id for cursor in found[:limit]]
    rows = rows_of(session, who, shown, words_of(wanted.words))
    return CasePage(rows, found[limit - 1] if len(found) > limit else None)


def summary(session: Session, who: Identity, wanted: CaseFilter, low_mark: float) -> Summary:
    """What the list amounts to, counted over its first cases.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    slow = wanted.beyond or words_of(wanted.words)
    most = COUNTED_WHERE_SLOW if slow else COUNTED
    found = _found(session, who, wanted, None, most + 1)
    counted = found[:most]
    return Summary(
        count=len(counted),
        more=len(found) > most,
        low=sum(cursor.score < low_mark for cursor in counted),
        most_lost=_most_lost(session, [cursor.inspection_id for cursor in counted]),
    )


def losses_of(session: Session, ids: list[int]) -> dict[int, tuple[Loss, ...]]:
    """What each of some inspections lost, most points first."""
    rows = session.execute(
        select(
            Finding.inspection_id,
            Inspection.checklist_version_id,
            Finding.item_key,
            Finding.points_lost,
            Finding.effect,
        )
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(Finding.inspection_id.in_(ids))
        .order_by(Finding.points_lost.desc(), Finding.item_key)
    ).all()
    checklists = checklists_of(session, (row.checklist_version_id for row in rows))
    found: dict[int, list[Loss]] = {}
    for inspection_id, version_id, key, points, effect in rows:
        loss = Loss(key, checklists[version_id].by_key[key].name, points, effect)
        found.setdefault(inspection_id, []).append(loss)
    return {key: tuple(losses) for key, losses in found.items()}


def rows_of(
    session: Session, who: Identity, ids: list[int], words: Sequence[Word] = ()
) -> tuple[CaseRow, ...]:
    """The cases of some ids in their order, read in four queries; the caller has checked them."""
    rows = session.execute(
        select(Inspection, Interaction.external_id, Station)
        .join(Interaction, Inspection.interaction_id == Interaction.id)
        .join(Station, Inspection.station_id == Station.id)
        .where(Inspection.id.in_(ids))
    ).all()
    labels = StaffLabels(session, who)
    labels.prepare({inspection.staff_id for inspection, _, _ in rows if inspection.staff_id})
    losses = losses_of(session, ids)
    if words:
        excerpts = {key: _excerpt(texts, words) for key, texts in texts_of(session, ids).items()}
    else:
        firsts = _first_words(session, {row[0].interaction_id: row[0].id for row in rows})
        excerpts = {key: Excerpt(text) for key, text in firsts.items()}
    found = {
        inspection.id: CaseRow(
            inspection_id=inspection.id,
            case_no=case_no,
            station_code=station.code,
            station_names=station.names,
            staff=labels.label(inspection.staff_id, inspection.station_id),
            channel=inspection.channel,
            occurred_at=inspection.occurred_at,
            timezone=station.timezone,
            score=inspection.score or 0.0,
            band=inspection.band,
            critical=inspection.critical,
            losses=losses.get(inspection.id, ()),
            excerpt=excerpts.get(inspection.id, Excerpt("")),
        )
        for inspection, case_no, station in rows
    }
    return tuple(found[key] for key in ids)


def _most_lost(session: Session, ids: list[int]) -> tuple[ItemCount, ...]:
    rows = session.execute(
        select(Finding.item_key, func.max(Inspection.checklist_version_id), func.count())
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(Finding.inspection_id.in_(ids))
        .group_by(Finding.item_key)
    )
    most = sorted(rows, key=lambda row: (-row[2], row[0]))[:_MOST_LOST]
    checklists = checklists_of(session, (version_id for _, version_id, _ in most))
    return tuple(
        ItemCount(key, checklists[version_id].by_key[key].name, count)
        for key, version_id, count in most
    )


def _found(
    session: Session, who: Identity, wanted: CaseFilter, after: Cursor | None, limit: int
) -> list[Cursor]:
    find = kind_of_ids if wanted.beyond else ordered_ids
    if words_of(wanted.words):
        find = found_ids
    return find(session, who, wanted, after=after, limit=limit)


def _first_words(session: Session, cases_of: Mapping[int, int]) -> dict[int, str]:
    """What the customer says first, or the record where no customer speaks, by case.

    Args:
        cases_of: the case by interaction.
    """
    rows = session.execute(
        select(Turn.interaction_id, Turn.text)
        .where(Turn.interaction_id.in_(cases_of), Turn.position <= _FIRST_TURNS)
        .order_by(Turn.interaction_id, Turn.speaker != "customer", Turn.position)
    )
    found: dict[int, str] = {}
    for interaction_id, text in rows:
        found.setdefault(cases_of[interaction_id], text[:_EXCERPT])
    return found


def _excerpt(texts: Sequence[str], words: Sequence[Word]) -> Excerpt:
    """The turn with most of the words, from a little before the first of them."""
    best = max(texts, key=lambda text: sum(bool(spans(word, text)) for word in words))
    found = sorted(span for word in words for span in spans(word, best))
    begin = max(0, found[0].start - _BEFORE_HIT) if found else 0
    lead = "…" if begin else ""
    shown = lead + best[begin : begin + _EXCERPT]
    moved = (Span(start + len(lead) - begin, end + len(lead) - begin) for start, end in found)
    return Excerpt(shown, tuple(span for span in moved if span.end <= len(shown)))
