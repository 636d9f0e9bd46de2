"""Cases: submitted inspections as trainers and managers browse them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.text.identifiers import normal_identifier
from core.text.search_query import query_of
from db.cases.queries.case_filter import CaseCursor, CaseFilter, of_encounters, ordered_ids
from db.cases.queries.case_rows import CaseRow, rows_of
from db.cases.queries.case_search import ids_by_rarest_lead, ids_with_words
from db.encounters.models import Interaction
from db.results.queries.losses import ItemLosses, most_lost

FIRST_PAGE = 25
COUNTED, COUNTED_WHERE_SLOW = 1000, FIRST_PAGE
"""Cases that are counted; beyond there is only "more"."""


@dataclass(frozen=True)
class CasePage:
    rows: tuple[CaseRow, ...]
    next: CaseCursor | None


@dataclass(frozen=True)
class Summary:
    """How many cases match, at most `COUNTED` or, where each is looked up, `COUNTED_WHERE_SLOW`.

    `more`: there are others beyond. `low` of the counted score below the mark, and lost
    `most_lost` most often. `first` are those of a first page and the one behind it, in order.
    """

    count: int
    more: bool
    low: int
    most_lost: tuple[ItemLosses, ...]
    first: tuple[CaseCursor, ...] = ()


def cases(
    session: Session,
    who: Identity,
    case_filter: CaseFilter,
    *,
    after: CaseCursor | None = None,
    limit: int = FIRST_PAGE,
    known: Summary | None = None,
) -> CasePage:
    """One page of valid inspections of record, lowest (or best) score first.

    `known` is the summary of the same person and filter: words are not looked for once more on the
    first page. Who has refused since then is left out.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    require(who, Action.SEE_CASES)
    if known and after is None and limit == FIRST_PAGE:
        cursors = list(known.first)
    else:
        cursors = _cursors(session, who, case_filter, after, limit + 1)
    ids = [cursor.inspection_id for cursor in cursors[:limit]]
    rows = rows_of(session, who, ids, query_of(case_filter.words).wanted)
    if known and case_filter.words:
        rows = tuple(row for row in rows if not row.closed)
    return CasePage(rows, cursors[limit - 1] if len(cursors) > limit else None)


def cases_by_number(
    session: Session, who: Identity, number: str, *, limit: int = FIRST_PAGE
) -> tuple[CaseRow, ...]:
    """The cases of encounters of a number, as written there; who refuses is left out.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    require(who, Action.SEE_CASES)
    numbered = Interaction.external_id == normal_identifier(number)
    encounters = session.scalars(select(Interaction.id).where(numbered).limit(limit)).all()
    cursors = of_encounters(session, who, CaseFilter(), encounters)
    rows = rows_of(session, who, [cursor.inspection_id for cursor in cursors[:limit]])
    return tuple(row for row in rows if not row.closed)


def summary(session: Session, who: Identity, case_filter: CaseFilter, low_mark: float) -> Summary:
    """The number, low scores and most frequent losses of the matching cases, over the first ones.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    slow = case_filter.needs_other_tables or case_filter.words
    most = COUNTED_WHERE_SLOW if slow else COUNTED
    cursors = _cursors(session, who, case_filter, None, most + 1)
    counted = cursors[:most]
    return Summary(
        count=len(counted),
        more=len(cursors) > most,
        low=sum(cursor.score < low_mark for cursor in counted),
        most_lost=most_lost(session, [cursor.inspection_id for cursor in counted]),
        first=tuple(cursors[: FIRST_PAGE + 1]),
    )


def _cursors(
    session: Session, who: Identity, case_filter: CaseFilter, after: CaseCursor | None, limit: int
) -> list[CaseCursor]:
    leads = case_filter.needs_other_tables or case_filter.staff_id is not None
    find = ids_by_rarest_lead if leads else ordered_ids
    if case_filter.words.strip():
        find = ids_with_words
    return find(session, who, case_filter, after=after, limit=limit)
