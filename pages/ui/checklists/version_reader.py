"""One version to read: its rules, sections and items with weights, effects and conditions."""

from __future__ import annotations

import streamlit as st

from core.checklist import Checklist, Item, Section
from core.drafting import Shares, shares
from core.i18n import CONTENT_LANGUAGES
from db.checklists.queries.versions import Opened
from pages.ui.checklists.checklist_words import (
    condition_words,
    critical_words,
    floor_words,
    kind_name,
    na_policy_name,
    option_name,
    weights_name,
)
from pages.ui.checklists.library import library
from pages.ui.kit.messages import _, escape_markdown, number, text_of
from pages.ui.kit.terms import band_name, channel_name, source_name


def tab(opened: Opened) -> None:
    if opened.checklist is not None:
        st.caption(_rules(opened.checklist))
        every = st.toggle(_("All three languages"), key="all_languages")
        weighed = shares(opened.checklist)
        for section in opened.checklist.sections:
            _section(opened.checklist, section, weighed, every=every)


def _rules(checklist: Checklist) -> str:
    settings = checklist.settings
    phrases = [
        _(", ").join(channel_name(channel) for channel in checklist.channels),
        text_of(checklist.unit),
        weights_name(settings.weights),
        _("the weight of N/A {policy}", policy=na_policy_name(settings.na_policy)),
    ]
    if checklist.pass_mark is not None:
        phrases.append(_("pass mark {mark}", mark=number(checklist.pass_mark, 0)))
    phrases += [
        f"{text_of(band.title) or band_name(band.key)} ≥ {number(band.floor, 0)}"
        for band in checklist.bands
    ]
    return escape_markdown(" · ".join(phrase for phrase in phrases if phrase))


def _section(checklist: Checklist, section: Section, weighed: Shares, *, every: bool) -> None:
    share = weighed.sections[section.key]
    title = f"{escape_markdown(text_of(section.title) or section.key)} · {number(share)} %"
    with st.expander(title, expanded=len(checklist.sections) <= 3, key=f"read_{section.key}"):
        if section.section_floor is not None:
            st.caption(escape_markdown(floor_words(section.section_floor)))
        if section.when is not None:
            st.caption(escape_markdown(_when(condition_words(section.when, checklist))))
        for item in section.items:
            _item(checklist, item, weighed.items[item.key], every=every)


def _item(checklist: Checklist, item: Item, share: float, *, every: bool) -> None:
    left, right = st.columns([9, 1], gap="small")
    with left:
        st.markdown(
            f"**{escape_markdown(item.key)}** {escape_markdown(text_of(item.term))}".strip()
        )
        for text in _texts(item, every=every):
            st.markdown(escape_markdown(text))
        for line in _details(checklist, item):
            st.caption(escape_markdown(line))
    right.markdown(f"{number(share)} %" if share else _("not scored"))


def _texts(item: Item, *, every: bool) -> list[str]:
    if not every:
        return [text_of(item.text)] if item.text else []
    return [
        f"{language.replace('_', '-')}: {item.text.get(language) or _('missing')}"
        for language in CONTENT_LANGUAGES
    ]


def _details(checklist: Checklist, item: Item) -> list[str]:
    lines = [" · ".join(_facts(item))]
    if item.when is not None:
        lines.append(_when(condition_words(item.when, checklist)))
    if effects := critical_words(item):
        lines.append(_("Critical: {effects}", effects=effects))
    if item.kind in {"graded", "single", "multi"}:
        lines.append(
            _("; ").join(
                f"{option_name(item, option)} ({option.points:g})" for option in item.options
            )
        )
    if item.guidance:
        lines.append(text_of(item.guidance))
    if item.good_example:
        lines.append(_("Good: {example}", example=text_of(item.good_example)))
    if item.bad_example:
        lines.append(_("Not so: {example}", example=text_of(item.bad_example)))
    return lines


def _facts(item: Item) -> list[str]:
    facts = [kind_name(item.kind)]
    if not item.na_allowed:
        facts.append(_("no N/A"))
    elif item.needs_na_reason:
        facts.append(_("N/A needs a reason"))
    for is_set, name in (
        (item.key_moment, _("key moment")),
        (item.bonus, _("bonus")),
        (item.excluded, _("not scored")),
        (item.evidence_required, _("evidence needed")),
        (not item.required, _("may stay blank")),
    ):
        if is_set:
            facts.append(name)
    if item.clock is not None and item.clock.limit_minutes is not None:
        facts.append(_("limit {hours} h", hours=f"{item.clock.limit_minutes / 60:g}"))
    standard = library().by_id.get(item.key)
    if standard is not None:
        facts.append(_("source: {source}", source=source_name(standard.source)))
    return facts


def _when(words: str) -> str:
    return _("Asked only when {condition}", condition=words)
