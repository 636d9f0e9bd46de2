"""The search index over transcripts and notes: which encounters may hold some words.

It is a list of candidates: an encounter that changed keeps its old terms on SQLite, and the terms
of a word may stand apart from each other, so what it names is read before it is shown. The tables
are made by the first migration and are no models: each database has its own kind.

Beside the words of an encounter stand terms for what its inspections are narrowed by, so that the
index itself brings both together. They begin with a Greek letter and go on in Latin letters or
digits, as no term of a text does.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import Text, case, cast, delete, func, select, text
from sqlalchemy.orm import Session

from core.text.search_query import SearchQuery
from core.text.words import Term, Word, index_terms, terms_of
from db.encounters.models import Interaction, Turn
from db.inspection.models import Inspection
from db.store.models import Meta

_REPLACE = """INSERT INTO search_document (interaction_id, terms)
    VALUES (:key, array_to_tsvector(CAST(:terms AS text[])))
    ON CONFLICT (interaction_id) DO UPDATE SET terms = excluded.terms"""
_ADD = _REPLACE.replace("excluded.terms", "search_document.terms || excluded.terms")
_FORGET = "DELETE FROM search_document WHERE interaction_id = ANY(:keys)"
_FORGET_SQLITE = """INSERT INTO search_document (search_document, rowid, terms)
    VALUES ('delete', :key, :terms)"""
_IS_THERE = "SELECT 1 FROM search_document WHERE search_document MATCH :one AND rowid = :key"
_ASK_SQLITE = "SELECT rowid FROM search_document WHERE search_document MATCH :asked"
_ASK = "SELECT interaction_id FROM search_document WHERE terms @@ CAST(:asked AS tsquery)"
_EMPTY_SQLITE = "INSERT INTO search_document (search_document) VALUES ('delete-all')"
_TERMS, _TERMS_ARE = "search_terms", "3"
"""Another value whenever `index_terms` gives other terms: starts then index everything anew."""
_CHUNK = 500
_FACETS = {"station_id": "σ", "channel": "κ", "language": "λ", "month": "μ", "critical": "χ"}
_NO_PART_OF_A_TERM = re.compile("[^0-9a-z]")
_ANSWERS = cast(Inspection.answers, Text)
NOTING = case((_ANSWERS.contains('"note"'), _ANSWERS), else_="{}")
"""The answers of an inspection, read only where one of them has a note."""


def index_interactions(session: Session, ids: Sequence[int]) -> None:
    """Bring the index up to date with the stored turns of some encounters and the notes on them."""
    for start in range(0, len(ids), _CHUNK):
        _store(session, _in_order(_stored_terms(session, ids[start : start + _CHUNK])))


def index_new(session: Session, terms: Mapping[int, Sequence[str]]) -> None:
    """The same for encounters that have just been stored, with the terms of their turns.

    Nobody has noted anything on them.
    """
    if terms:
        _store(session, terms)


def index_prepared(session: Session, terms: Mapping[int, Sequence[str]]) -> None:
    """The same for stored encounters whose turns have just been stored anew."""
    ids = list(terms)
    for start in range(0, len(ids), _CHUNK):
        chunk = {key: set(terms[key]) for key in ids[start : start + _CHUNK]}
        _add_inspected(session, chunk)
        _store(session, _in_order(chunk))


def forget(session: Session, ids: Sequence[int]) -> None:
    """Take encounters out of the index, before their turns or notes change."""
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        if not _is_sqlite(session):
            session.execute(text(_FORGET), {"keys": list(chunk)})
            continue
        for key, terms in _stored_terms(session, chunk).items():
            document = {"key": key, "terms": " ".join(sorted(terms))}
            if terms and session.scalar(text(_IS_THERE), document | {"one": f'"{min(terms)}"'}):
                session.execute(text(_FORGET_SQLITE), document)


def index_inspected(session: Session, inspections: Iterable[Inspection]) -> None:
    """Add the terms of inspections and of the inspectors' notes to those of their encounters."""
    terms: defaultdict[int, set[str]] = defaultdict(set)
    for inspection in inspections:
        own = terms[inspection.interaction_id]
        own.update(facet_term(name, getattr(inspection, name)) for name in _FACETS)
        own.update(*map(index_terms, notes_of(inspection.note, inspection.answers)))
    if terms:
        _store(session, _in_order(terms), keep=True)


def facet_term(name: str, value: str | int) -> str:
    """The term of a station_id, channel, language, month or critical of an inspection.

    Codes that differ in signs or in upper and lower case have one term.
    """
    return _FACETS[name] + _NO_PART_OF_A_TERM.sub("", str(value).casefold())


def notes_of(note: str | None, answers: Mapping[str, Any]) -> list[str]:
    """The notes of an inspector: on the encounter, then on its items."""
    noted = (answer.get("note") for answer in answers.values())
    return [words for words in (note, *noted) if words]


def reindex(session: Session, progress: Callable[[int, int], None]) -> int:
    """Index every encounter anew, from an empty index; how many there are."""
    session.execute(text(_EMPTY_SQLITE if _is_sqlite(session) else "DELETE FROM search_document"))
    total = session.scalar(select(func.count()).select_from(Interaction)) or 0
    done, last = 0, 0
    while ids := session.scalars(
        select(Interaction.id).where(Interaction.id > last).order_by(Interaction.id).limit(_CHUNK)
    ).all():
        index_interactions(session, ids)
        done, last = done + len(ids), ids[-1]
        progress(done, total)
    session.execute(delete(Meta).where(Meta.key == _TERMS))
    session.add(Meta(key=_TERMS, value=_TERMS_ARE))
    session.flush()
    return done


def is_up_to_date(session: Session) -> bool:
    """Whether the index has the terms that searches look for."""
    return session.scalar(select(Meta.value).where(Meta.key == _TERMS)) == _TERMS_ARE


def candidates(
    session: Session,
    query: SearchQuery,
    *,
    facets: Sequence[Sequence[str]] = (),
    limit: int | None = None,
) -> list[int]:
    """Encounters that have the index terms of what is looked for, in no order.

    The query is `narrowing`: it has a word that must be there. With `facets` an inspection of each
    has one term of each of these (`facet_term`), though not one inspection all of them.
    """
    sqlite = _is_sqlite(session)
    both, either = (" AND ", " OR ") if sqlite else (" & ", " | ")
    groups = [
        [_written(word, both, either, sqlite=sqlite) for word in words] for words in query.narrowing
    ]
    groups += [[_quoted((term, False), sqlite=sqlite) for term in terms] for terms in facets]
    asked = both.join(f"({either.join(group)})" for group in groups)
    statement = _ASK_SQLITE if sqlite else _ASK
    if limit is not None:
        statement += f" LIMIT {limit:d}"
    return list(session.scalars(text(statement), {"asked": asked}))


def _written(word: Word, both: str, either: str, *, sqlite: bool) -> str:
    """A word in the database's own language of searches."""
    ways = [both.join(_quoted(term, sqlite=sqlite) for term in terms) for terms in terms_of(word)]
    return f"({either.join(f'({way})' for way in ways)})"


def _quoted(term: Term, *, sqlite: bool) -> str:
    text, open_ended = term
    if sqlite:
        return f'"{text}"{" *" if open_ended else ""}'
    return f"'{text}'{':*' if open_ended else ''}"


def _stored_terms(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    """The index terms of the stored turns and notes, by encounter."""
    terms: dict[int, set[str]] = {key: set() for key in ids}
    rows = session.execute(
        select(Turn.interaction_id, Turn.text).where(Turn.interaction_id.in_(ids))
    )
    for key, words in rows:
        terms[key] |= index_terms(words)
    _add_inspected(session, terms)
    return terms


def _add_inspected(session: Session, terms: dict[int, set[str]]) -> None:
    """The terms of the inspections and of the inspectors' notes, beside those of the turns."""
    columns = [getattr(Inspection, name) for name in _FACETS]
    for key, note, answers, *values in session.execute(
        select(Inspection.interaction_id, Inspection.note, NOTING, *columns).where(
            Inspection.interaction_id.in_(terms), Inspection.purpose == "record"
        )
    ):
        terms[key].update(map(facet_term, _FACETS, values))
        terms[key].update(*map(index_terms, notes_of(note, json.loads(answers))))


def _in_order(terms: Mapping[int, AbstractSet[str]]) -> dict[int, list[str]]:
    return {key: sorted(encounter_terms) for key, encounter_terms in terms.items()}


def _store(session: Session, terms: Mapping[int, Sequence[str]], *, keep: bool = False) -> None:
    """Write terms; `keep` adds to those that are there, which SQLite always does."""
    if _is_sqlite(session):
        statement = "INSERT INTO search_document (rowid, terms) VALUES (:key, :terms)"
        rows: list[dict[str, Any]] = [{"key": key, "terms": " ".join(terms[key])} for key in terms]
    else:
        statement = _ADD if keep else _REPLACE
        rows = [{"key": key, "terms": list(terms[key])} for key in terms]
    session.execute(text(statement), rows)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
