"""Cases that contain some words: common words are met by reading on, rare ones in the index.

What is common says the slice that is looked at, not the word: the index is asked for word and
slice together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.access import Identity
from core.people.staff_names import StaffNames
from core.periods import Period
from core.text.search_query import query_of
from db.cases.queries.case_filter import (
    CaseCursor,
    CaseFilter,
    of_encounters,
    ordered_ids,
    stations_of,
)
from db.encounters.models import Interaction, Turn
from db.encounters.queries.consent import open_to_use
from db.encounters.queries.encounter import rated
from db.encounters.search_index import NOTING, candidates, facet_term, notes_of
from db.inspection.models import Inspection
from db.people.queries.shown_texts import HiddenNames
from db.teaching.models import TrainingMark


def ids_by_rarest_lead(
    session: Session,
    who: Identity,
    case_filter: CaseFilter,
    *,
    limit: int,
    after: CaseCursor | None = None,
) -> list[CaseCursor]:
    """As `ordered_ids`, led by the rarest of person, staff group, language, rating, mark.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    leads = (lead for lead in _leads(case_filter) if _is_rare(session, lead))
    lead = next(leads, None)
    if lead is None:
        return ordered_ids(session, who, case_filter, limit=limit, after=after)
    encounters = session.scalars(lead).all()
    return of_encounters(session, who, case_filter, encounters, after=after)[:limit]


def _leads(case_filter: CaseFilter) -> Iterator[Select[Any]]:
    """The encounters that match each of person, group, language, rating and mark of the filter."""
    if case_filter.staff_id:
        yield select(Inspection.interaction_id).where(Inspection.staff_id == case_filter.staff_id)
    if case_filter.mark:
        yield select(TrainingMark.interaction_id).where(TrainingMark.kind == case_filter.mark)
    if case_filter.rating:
        yield select(Interaction.id).where(*rated(case_filter.rating))
    if case_filter.language:
        yield select(Inspection.interaction_id).where(Inspection.language == case_filter.language)
    if case_filter.post:
        yield select(Inspection.interaction_id).where(Inspection.post == case_filter.post)


def _is_rare(session: Session, lead: Select[Any]) -> bool:
    return session.scalar(lead.offset(_RARE).limit(1)) is None


_FIRST, _STEP, _LONG_STEP = 100, 1_000, 5_000
"""Cases read at first, and at a time later; more where the index says which are worth reading."""
_COMMON = 20
"""A word that one in so many of the first cases has is met soon enough by reading on."""
_FEW, _RARE, _MANY = 8_000, 20_000, 200_000
"""Candidates that are ranked before any case is read, which would take long in a small slice, and
after some; with more of them reading on is faster, with many more even all.

What leads instead of the order of scores, without words, is no more than the second either.
"""
_MOST_READ, _MOST_SIFTED = 10_000, 60_000
_CHECKED_AT_ONCE = 100
_MOST_STATIONS, _MOST_MONTHS = 60, 60
"""Terms of one facet that the index is asked for; a wider slice it is not asked for."""


def ids_with_words(
    session: Session,
    who: Identity,
    case_filter: CaseFilter,
    *,
    limit: int,
    after: CaseCursor | None = None,
) -> list[CaseCursor]:
    """Cases that match, words included, lowest (or best) score first; none by signs alone.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    reading = _Reading(session, who, case_filter, after)
    if not reading.query.groups:
        return []
    if not reading.query.narrowing:
        return reading.to_the_end(limit)
    few = reading.candidates(limit=_FEW + 1)
    return _ranked(reading, few, limit) if len(few) <= _FEW else _met(reading, limit)


def _facets(session: Session, who: Identity, case_filter: CaseFilter) -> list[list[str]]:
    """What the index knows of a filter: of each list every case has one term."""
    values: dict[str, Iterable[str | int]] = {}
    stations = stations_of(session, who, case_filter)
    if stations is not None and len(stations) <= _MOST_STATIONS:
        values["station_id"] = sorted(stations)
    if case_filter.channel:
        values["channel"] = [case_filter.channel]
    if case_filter.language:
        values["language"] = [case_filter.language]
    if case_filter.from_month and case_filter.to_month:
        period = Period(case_filter.from_month, case_filter.to_month)
        if 0 < period.length <= _MOST_MONTHS:
            values["month"] = period.months()
    if case_filter.critical_only:
        values["critical"] = [str(True)]
    return [[facet_term(name, value) for value in some] for name, some in values.items() if some]


class _Reading:
    """Reads case after case in their order and keeps those that have the words.

    `among` are the encounters that the index names, once it was asked: others are not read.
    """

    def __init__(
        self, session: Session, who: Identity, case_filter: CaseFilter, after: CaseCursor | None
    ) -> None:
        self.session, self.who, self.case_filter, self.begin = session, who, case_filter, after
        self.query = query_of(case_filter.words)
        self._hidden_names = HiddenNames(session, who)
        self.hits: list[CaseCursor] = []
        self.seen = 0
        self.among: frozenset[int] | None = None
        self._after = after
        self._ended = False

    @property
    def hits_are_rare(self) -> bool:
        return len(self.hits) * _COMMON <= self.seen

    def wants_more(self, limit: int) -> bool:
        return len(self.hits) < limit and not self._ended

    def candidates(self, *, limit: int | None = None) -> list[int]:
        """What the index names, of the slice as far as it knows it."""
        facets = _facets(self.session, self.who, self.case_filter)
        return candidates(self.session, self.query, facets=facets, limit=limit)

    def read_on(self, count: int) -> None:
        cases = ordered_ids(
            self.session, self.who, self.case_filter, limit=count, after=self._after
        )
        self.hits += self.having_words(self._possible(cases))
        self.seen += len(cases)
        self._after = cases[-1] if cases else self._after
        self._ended = len(cases) < count

    def to_the_end(self, limit: int) -> list[CaseCursor]:
        """What the index cannot answer, as it knows no text by what is not in it."""
        while self.wants_more(limit):
            self.read_on(_STEP)
        return self.hits[:limit]

    def having_words(self, cases: Sequence[CaseCursor]) -> list[CaseCursor]:
        """The cases whose texts have the words where the person may read them.

        Nobody is found by a hidden name.
        """
        ids = [case.inspection_id for case in cases]
        texts = texts_of(self.session, ids)
        names = names_in(self.session, self._hidden_names, texts)
        return [
            case
            for case in cases
            if (key := case.inspection_id) in texts and names[key].has_words(self.query, texts[key])
        ]

    def _possible(self, cases: Sequence[CaseCursor]) -> Sequence[CaseCursor]:
        if self.among is None:
            return cases
        ids = [case.inspection_id for case in cases]
        rows = self.session.execute(
            select(Inspection.id, Inspection.interaction_id).where(Inspection.id.in_(ids))
        )
        possible = {key for key, encounter in rows if encounter in self.among}
        return [case for case in cases if case.inspection_id in possible]


def _met(reading: _Reading, limit: int) -> list[CaseCursor]:
    """The same where the index names many: by reading on, until hits turn out to be rare."""
    reading.read_on(_FIRST)
    if reading.wants_more(limit) and reading.hits_are_rare:
        ids = reading.candidates(limit=_MANY + 1)
        if len(ids) <= _RARE:
            return _ranked(reading, ids, limit)
        if len(ids) <= _MANY:
            reading.among = frozenset(ids)
    step, most = (_STEP, _MOST_READ) if reading.among is None else (_LONG_STEP, _MOST_SIFTED)
    while reading.wants_more(limit) and reading.seen < most:
        reading.read_on(step)
    if reading.wants_more(limit):
        return _ranked(reading, reading.candidates(), limit)
    return reading.hits[:limit]


def texts_of(session: Session, inspection_ids: Iterable[int]) -> dict[int, list[str]]:
    """The turns of the encounters behind some inspections, in order, and the notes on them.

    Nothing of encounters whose customer refuses, so that no word finds them.
    """
    conditions = (Inspection.id.in_(list(inspection_ids)), open_to_use(Inspection.interaction_id))
    rows = session.execute(
        select(Inspection.id, Turn.text)
        .join(Turn, Turn.interaction_id == Inspection.interaction_id)
        .where(*conditions)
        .order_by(Inspection.id, Turn.position)
    )
    texts: dict[int, list[str]] = {}
    for key, words in rows:
        texts.setdefault(key, []).append(words)
    noted = select(Inspection.id, Inspection.note, NOTING).where(*conditions)
    for key, note, answers in session.execute(noted):
        texts.setdefault(key, []).extend(notes_of(note, json.loads(answers)))
    return texts


def names_in(
    session: Session, hidden_names: HiddenNames, inspection_ids: Iterable[int]
) -> dict[int, StaffNames]:
    """The names to hide in the texts of some inspections."""
    rows = session.execute(
        select(Inspection.id, Inspection.station_id, Inspection.staff_id).where(
            Inspection.id.in_(list(inspection_ids))
        )
    )
    return {key: hidden_names.in_case(station, staff) for key, station, staff in rows}


def _ranked(reading: _Reading, interactions: Sequence[int], limit: int) -> list[CaseCursor]:
    """Candidates of the index in their order, checked until there are enough."""
    cases = of_encounters(
        reading.session, reading.who, reading.case_filter, interactions, after=reading.begin
    )
    hits: list[CaseCursor] = []
    for start in range(0, len(cases), _CHECKED_AT_ONCE):
        hits += reading.having_words(cases[start : start + _CHECKED_AT_ONCE])
        if len(hits) >= limit:
            break
    return hits[:limit]
