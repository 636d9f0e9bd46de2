"""Cases: submitted inspections as trainers and managers browse them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.access import Identity
from core.text.textfold import words_of
from db.cases.queries.case_filter import CaseFilter, Cursor, ordered_ids
from db.cases.queries.case_rows import CaseRow, rows_of
from db.cases.queries.case_search import found_ids, kind_of_ids
from db.results.queries.losses import ItemCount, most_lost

COUNTED, COUNTED_WHERE_SLOW = 1000, 25
"""Cases that are counted; beyond there is only "more"."""


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
        most_lost=most_lost(session, [cursor.inspection_id for cursor in counted]),
    )


def _found(
    session: Session, who: Identity, wanted: CaseFilter, after: Cursor | None, limit: int
) -> list[Cursor]:
    find = kind_of_ids if wanted.beyond else ordered_ids
    if words_of(wanted.words):
        find = found_ids
    return find(session, who, wanted, after=after, limit=limit)
