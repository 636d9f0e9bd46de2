"""What somebody is judged by: the checklists in force, to be read and searched by everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import streamlit as st

from core.access import Action, Identity, can
from core.checklist import Checklist, Item, Section
from core.drafting import shares
from core.text.textfold import fold
from db.checklists.queries.versions import checklists_in_force
from db.results.queries.own_results import own_scores
from db.store.days import portal_day
from pages.ui.checklists.checklist_words import critical_words, option_name
from pages.ui.kit import wiring
from pages.ui.kit.address import choice, words
from pages.ui.kit.messages import _, escape_markdown, number, plural, text_of
from pages.ui.kit.terms import band_name, channel_name

_LONGEST_QUERY = 200
_FEW = 5
"""Standards that are found are opened where there are no more than so many."""


def in_force(who: Identity) -> dict[int, Checklist]:
    """The checklists in force today by their ids, in the order of their titles."""
    with wiring.reading() as session:
        by_id = checklists_in_force(session, who, today=portal_day(session, wiring.now()))
    return dict(sorted(by_id.items(), key=lambda pair: text_of(pair[1].title) or pair[1].key))


def read(who: Identity, checklists: dict[int, Checklist]) -> None:
    """One checklist by its sections; with words what all of them, or the chosen one, say of it."""
    left, right = st.columns(2)
    titles = {one.key: text_of(one.title) or one.key for one in checklists.values()}
    with left:
        typed = words(_("Search the standards"), "words", most=_LONGEST_QUERY)
    with right:
        key = choice(_("Checklist"), "checklist", titles, _("Choose a checklist"))
    if typed:
        searched = [one for one in checklists.values() if key in (None, one.key)]
        _found(searched, fold(typed).split())
        return
    usual = _usual(who, checklists)
    opened = next((one for one in checklists.values() if one.key == key), usual)
    if key is None and usual is not None:
        st.caption(_("Most of your encounters were judged by this checklist."))
    if opened is None:
        st.info(_("Choose a checklist, or search in all of them."), icon=":material/rule:")
        return
    _checklist(opened)


def _usual(who: Identity, checklists: dict[int, Checklist]) -> Checklist | None:
    """The one by which most of the person's newest results came about."""
    if not can(who, Action.SEE_OWN_RESULTS):
        return None
    with wiring.reading() as session:
        scores = own_scores(session, who)
    times = Counter(score.checklist for score in scores if score.checklist in checklists)
    return checklists[times.most_common(1)[0][0]] if times else None


def _checklist(checklist: Checklist) -> None:
    st.subheader(escape_markdown(text_of(checklist.title) or checklist.key), anchor=False)
    st.caption(_rules(checklist))
    weighed = shares(checklist)
    for section in checklist.sections:
        title = escape_markdown(text_of(section.title) or section.key)
        st.markdown(f"#### {title}")
        st.caption(_weight(section, weighed.sections[section.key]))
        for item in section.items:
            _item(item, weighed.items[item.key])


def _found(checklists: Sequence[Checklist], looked_for: Sequence[str]) -> None:
    """The items with all the words in any language, each once, with the checklists that ask it."""
    items: dict[str, Item] = {}
    askers: dict[str, list[str]] = {}
    for checklist in checklists:
        for item in checklist.items():
            if all(word in _searched(item) for word in looked_for):
                items.setdefault(item.key, item)
                askers.setdefault(item.key, []).append(text_of(checklist.title) or checklist.key)
    if not items:
        st.info(_("No standard has these words."), icon=":material/search:")
        return
    st.caption(plural("{count} standard", "{count} standards", len(items)))
    for key, item in items.items():
        _item(item, None, is_open=len(items) <= _FEW, asked_in=askers[key])


def _searched(item: Item) -> str:
    texts = (item.term, item.text, item.guidance, item.good_example, item.bad_example)
    return fold(
        " ".join((item.key, *(text for by_language in texts for text in by_language.values())))
    )


def _item(
    item: Item, share: float | None, *, is_open: bool = False, asked_in: Iterable[str] = ()
) -> None:
    """What is asked; opened how it is judged, with examples."""
    name = escape_markdown(text_of(item.name) or item.key)
    signs = [f"**{name}**", *_signs(item)]
    if share:
        signs.append(f"{number(share)} %")
    with st.expander(" · ".join(signs), expanded=is_open):
        if item.term and item.text:
            st.markdown(escape_markdown(text_of(item.text)))
        for line in _judged(item):
            st.markdown(line)
        if asked_in:
            names = escape_markdown(_(", ").join(asked_in))
            st.caption(_("Asked in: {checklists}", checklists=names))


def _signs(item: Item) -> list[str]:
    signs = []
    if item.effects:
        signs.append(_("critical"))
    if item.key_moment:
        signs.append(_("key moment"))
    if item.excluded:
        signs.append(_("not scored"))
    return signs


def _judged(item: Item) -> list[str]:
    lines = []
    if item.guidance:
        lines.append(escape_markdown(text_of(item.guidance)))
    if item.kind in {"graded", "single", "multi"}:
        lines += [
            f"- {escape_markdown(option_name(item, option))}: {option.points:g}"
            for option in item.options
        ]
    if item.clock is not None and item.clock.limit_minutes is not None:
        hours = number(item.clock.limit_minutes / 60)
        lines.append(_("Within {hours} hours.", hours=hours))
    if effects := critical_words(item):
        lines.append(_("Critical: {effects}", effects=escape_markdown(effects)))
    if item.good_example:
        example = escape_markdown(text_of(item.good_example))
        lines.append(f":material/check_circle: {_('Good: {example}', example=example)}")
    if item.bad_example:
        example = escape_markdown(text_of(item.bad_example))
        lines.append(f":material/cancel: {_('Not so: {example}', example=example)}")
    return lines


def _weight(section: Section, share: float) -> str:
    count = plural("{count} standard", "{count} standards", len(section.items))
    return f"{count} · {number(share)} %"


def _rules(checklist: Checklist) -> str:
    phrases = [_(", ").join(channel_name(channel) for channel in checklist.channels)]
    if checklist.pass_mark is not None:
        phrases.append(_("pass mark {mark}", mark=number(checklist.pass_mark, 0)))
    phrases += [
        f"{text_of(band.title) or band_name(band.key)} ≥ {number(band.floor, 0)}"
        for band in checklist.bands
    ]
    return escape_markdown(" · ".join(phrases))
