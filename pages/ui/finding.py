"""What a number or some words may stand for, kind by kind, each a link to where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import streamlit as st

from core.access import Action, Identity, can
from core.text.textfold import fold
from db.cases.queries.cases import cases_by_number
from db.checklists.queries.texts import checklist_texts
from db.files.queries.file_filter import FileFilter, Which
from db.files.queries.file_list import files
from db.people.queries import people
from db.teaching.queries.case_sets import case_sets
from pages.ui.files.file_words import kind_name
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, day, escape_markdown, language, text_of
from pages.ui.menus import open_pages

LONGEST = 200
_MOST = 5
"""How many of a kind are listed; that there are others is said."""


class Hit(NamedTuple):
    """A thing that was found: what it is called, the page it opens on, and its address there."""

    label: str
    page: str
    address: Mapping[str, str] = {}


class _Kind(NamedTuple):
    """A kind of thing: its heading, the rights to look for it, its icon, how it is looked for."""

    heading: str
    rights: tuple[Action, ...]
    icon: str
    hits: Callable[[Identity, str], Iterator[Hit]]


def show(who: Identity, typed: str) -> None:
    """Each kind of which something was found; and the search through cases' words."""
    is_empty = True
    for kind in _kinds(who):
        hits = list(islice(kind.hits(who, typed), _MOST + 1))
        if not hits:
            continue
        is_empty = False
        st.markdown(f"#### {kind.heading}")
        for hit in hits[:_MOST]:
            _link(hit, kind.icon)
        if len(hits) > _MOST:
            st.caption(_("There are others. Type more of it."))
    if is_empty:
        st.info(_("Nothing is called so, of what you may see."), icon=":material/search_off:")
    if can(who, Action.SEE_CASES):
        st.markdown(f"#### {_('Words said or noted')}")
        label = _("Cases in which “{words}” was said or noted", words=typed)
        _link(Hit(label=label, page="cases.py", address={"words": typed}), "folder_open")


def hint(who: Identity) -> str:
    """What may be looked for."""
    titles = _(", ").join(kind.heading for kind in _kinds(who))
    return _("Looks among what you may see: {kinds}.", kinds=titles)


def _kinds(who: Identity) -> list[_Kind]:
    reads = Action.SEE_CASES
    kinds = [
        _Kind(heading=_("Pages"), rights=(), icon="web_asset", hits=_pages),
        _Kind(
            heading=_("Stations"), rights=(Action.SEE_STATIONS,), icon="apartment", hits=_stations
        ),
        _Kind(
            heading=_("People"), rights=(Action.SEE_STAFF_NAMES, reads), icon="person", hits=_people
        ),
        _Kind(heading=_("Cases"), rights=(reads,), icon="description", hits=_cases),
        _Kind(heading=_("Files"), rights=(Action.SEE_FILES,), icon="draft", hits=_files),
        _Kind(heading=_("Items"), rights=(reads,), icon="rule", hits=_items),
        _Kind(heading=_("Case sets"), rights=(Action.TEACH,), icon="menu_book", hits=_case_sets),
    ]
    return [kind for kind in kinds if all(can(who, right) for right in kind.rights)]


def _link(hit: Hit, icon: str) -> None:
    st.page_link(
        hit.page,
        label=escape_markdown(hit.label),
        icon=f":material/{icon}:",
        query_params=dict(hit.address),
    )


def _holds(typed: str, *names: str) -> bool:
    wanted = fold(typed).strip()
    return any(wanted in fold(name) for name in names)


def _pages(who: Identity, typed: str) -> Iterator[Hit]:
    for entry in open_pages(who):
        if not entry.of and _holds(typed, entry.title):
            yield Hit(label=entry.title, page=f"{entry.path}.py")


def _stations(_who: Identity, typed: str) -> Iterator[Hit]:
    with wiring.reading() as session:
        rows = people.stations(session)
    for row in rows:
        if _holds(typed, row.code, *row.names.values()):
            label = f"{row.code} {row.name(language())}"
            yield Hit(label=label, page="station.py", address={"station": str(row.id)})


def _people(who: Identity, typed: str) -> Iterator[Hit]:
    """Each leads to the person's cases."""
    with wiring.reading() as session:
        rows = people.people_by_words(session, who, typed, limit=_MOST + 1)
    for row in rows:
        label = f"{row.name} · {row.staff_no} · {row.station}"
        yield Hit(label=label, page="cases.py", address={"person": str(row.staff_id)})


def _cases(who: Identity, typed: str) -> Iterator[Hit]:
    with wiring.reading() as session:
        rows = cases_by_number(session, who, typed, limit=_MOST + 1)
    for row in rows:
        when = day(row.occurred_at, row.timezone)
        label = f"{row.case_no} · {row.station(language())} · {when}"
        yield Hit(label=label, page="case.py", address={"id": str(row.inspection_id)})


def _files(who: Identity, typed: str) -> Iterator[Hit]:
    numbered = FileFilter(which=Which.ALL, number=typed)
    with wiring.reading() as session:
        page = files(session, who, numbered, now=wiring.now(), limit=_MOST + 1)
    for row in page.rows:
        label = f"{row.number} · {kind_name(row.kind)} · {day(row.received_at, row.timezone)}"
        yield Hit(label=label, page="file.py", address={"id": str(row.file_id)})


def _items(_who: Identity, typed: str) -> Iterator[Hit]:
    with wiring.reading() as session:
        texts = checklist_texts(session)
    listed: set[str] = set()
    for checklist in texts.values():
        for key, names in checklist.items.items():
            if key not in listed and _holds(typed, key, *names.values()):
                listed.add(key)
                label = f"{key} {text_of(names)}"
                yield Hit(label=label, page="cases.py", address={"item": key})


def _case_sets(who: Identity, typed: str) -> Iterator[Hit]:
    with wiring.reading() as session:
        rows = case_sets(session, who)
    for row in rows:
        if _holds(typed, row.title):
            yield Hit(label=row.title, page="case_set.py", address={"id": str(row.set_id)})
