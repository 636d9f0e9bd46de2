"""The standards library: searched in any language, each item with where it is used or why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import streamlit as st

from core.access import Identity
from core.checklist import CHANNELS, Checklist
from core.library import Library, LibraryItem, load_library
from core.library.search import ItemQuery, search
from db.checklists.queries import versions as reads
from db.store.days import portal_day
from pages.ui.checklists.checklist_words import kind_name
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, escape_markdown, plural, text_of
from pages.ui.kit.terms import channel_name, effect_name, source_name, usual_answer

_AT_ONCE = 25
_KINDS = ("yes_no", "graded", "clock")
Uses = Mapping[str, Sequence[tuple[int, Checklist]]]


@cache
def library() -> Library:
    return load_library()


def tab(who: Identity) -> None:
    """Search the library and read its items."""
    items = find("library")
    st.caption(
        plural(
            "{count} standard of {all}",
            "{count} standards of {all}",
            len(items),
            all=len(library()),
        )
    )
    with wiring.reading() as session:
        uses = reads.used_by(session, who, today=portal_day(session, wiring.now()))
    for item in _on_page(items, "library"):
        with st.container(border=True):
            describe(item)
            _where_used(item, uses)


def find(key: str) -> list[LibraryItem]:
    """The search field with its filters; the items that match."""
    words = st.text_input(
        _("Search the standards"),
        key=f"{key}_words",
        placeholder=_("Words or an id, in Chinese or English"),
        icon=":material/search:",
        live=True,
    )
    with st.container(horizontal=True):
        group = _choose(_("Group"), list(library().groups), _group_name, f"{key}_group")
        channel = _choose(_("Channel"), list(CHANNELS), channel_name, f"{key}_channel")
        kind = _choose(_("Kind"), list(_KINDS), kind_name, f"{key}_kind")
        critical = st.checkbox(_("Only critical"), key=f"{key}_critical")
    return search(
        library(),
        ItemQuery(words=words or "", group=group, channel=channel, kind=kind, critical=critical),
    )


def describe(item: LibraryItem) -> None:
    """An item's text, its facts and its guidance."""
    st.markdown(f"**{item.id}** {text_of(item.term)}")
    st.markdown(text_of(item.text))
    st.caption(" · ".join(_facts(item)))
    if item.guidance:
        st.caption(text_of(item.guidance))


def _facts(item: LibraryItem) -> list[str]:
    facts = [
        _group_name(item.group),
        kind_name(item.kind),
        _(", ").join(channel_name(channel) for channel in item.channels),
    ]
    if item.clock is not None:
        facts.append(_limit(item.clock.get("limit_minutes")))
    if item.critical is not None:
        facts.append(_("critical: {effects}", effects=_effects(item.critical.effects)))
    if item.key_moment:
        facts.append(_("key moment"))
    facts.append(_("source: {source}", source=source_name(item.source)))
    return facts


def _effects(effects: Mapping[str, object]) -> str:
    phrases = []
    for answer, effect in effects.items():
        kind = next(iter(effect)) if isinstance(effect, Mapping) else effect
        name = effect_name(str(kind))
        limit = f" {effect['cap']}" if isinstance(effect, Mapping) and "cap" in effect else ""
        phrases.append(f"{usual_answer(str(answer))} → {name}{limit}")
    return _("; ").join(phrases)


def _limit(minutes: float | None) -> str:
    if minutes is None:
        return _("clock without a limit yet")
    return _("limit {hours} h", hours=f"{minutes / 60:g}")


def _where_used(item: LibraryItem, uses: Uses) -> None:
    item_uses = uses.get(item.id, ())
    if item_uses:
        names = _(", ").join(
            escape_markdown(text_of(checklist.title)) for _version, checklist in item_uses
        )
        st.caption(_("Used in: {checklists}", checklists=names))
    elif item.off:
        st.caption(_("Not used: {reason}", reason=text_of(item.off)))
    else:
        st.caption(_("Not used in any checklist that is in force."))


def _on_page(items: list[LibraryItem], key: str) -> list[LibraryItem]:
    """As many items as fit on the page, with a way to more."""
    if len(items) <= _AT_ONCE:
        return items
    pages = -(-len(items) // _AT_ONCE)
    page = st.pagination(pages, key=f"{key}_page")
    return items[(page - 1) * _AT_ONCE : page * _AT_ONCE]


def _choose(label: str, options: list[str], name: Callable[[str], str], key: str) -> str:
    every = _("All")
    choice: str = st.selectbox(
        label,
        ["", *options],
        format_func=lambda option: name(option) if option else every,
        key=key,
        width=190,
    )
    return choice


def _group_name(group: str) -> str:
    return f"{group} {text_of(library().groups[group])}"
