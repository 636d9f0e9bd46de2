"""Cases with some words found the slow way: every case that matches is read."""

from __future__ import annotations

from core.text.search_query import query_of
from db.cases.queries.case_filter import ordered_ids
from db.cases.queries.case_search import names_in, texts_of
from db.people.queries.shown_texts import HiddenNames

_EVERY = 10_000


def by_reading_all(session, who, wanted):
    """All cases of a filter, its words included, in their order."""
    cases = ordered_ids(session, who, wanted, limit=_EVERY)
    texts = texts_of(session, [case.inspection_id for case in cases])
    names = names_in(session, HiddenNames(session, who), texts)
    query = query_of(wanted.words)
    return [
        case
        for case in cases
        if (key := case.inspection_id) in texts and names[key].has_words(query, texts[key])
    ]
