"""The forms of the checklist as a whole and of a section."""

from __future__ import annotations

from typing import cast

import streamlit as st

from core.checklist import CHANNELS, Checklist, Kind
from core.checklist.parse import LOW_SCORE_MARK
from core.drafting import DraftPosition, fill_chinese, to_hundred, with_kind
from core.drafting.draft_items import KIND_ORDER
from pages.ui.checklists import draft
from pages.ui.checklists.answer_options import answers
from pages.ui.checklists.checklist_words import (
    evidence_name,
    kind_name,
    na_policy_name,
    weights_name,
)
from pages.ui.checklists.conditions import condition
from pages.ui.checklists.draft import DraftWork
from pages.ui.checklists.fields import Fields
from pages.ui.checklists.library import library
from pages.ui.kit.messages import _, escape_markdown, number
from pages.ui.kit.terms import band_name, channel_name, source_name

_WEIGHTS = ("section_weights", "item_weights", "points")
_EVIDENCE = ("off", "ask", "require")
_EXAMPLES = ("good_example", "bad_example")
_POLICIES = ("within_section", "redistribute", "skip")


def form(work: DraftWork) -> None:
    """The checklist as a whole."""
    fields = Fields(work, "", "form")
    fields.texts("title", _("Title"))
    fields.texts("unit", _("What is scored"), needed=False)
    _fill_all(work)
    fields.several("channels", _("Channels"), CHANNELS, channel_name)
    left, right = st.columns(2, gap="small")
    with left:
        fields.number("pass_mark", _("Pass mark"), 85, min_value=0.0, max_value=100.0)
        _choose_weights(fields)
    with right:
        fields.number("low_score_mark", _("Low-score mark"), 60, min_value=0.0, max_value=100.0)
        if fields.value("settings.weights") != "points":
            fields.choice(
                "settings.na_policy",
                _("The weight of an item that is N/A"),
                _POLICIES,
                na_policy_name,
                default="within_section",
            )
        fields.choice(
            "settings.evidence",
            _("Evidence or a reason for lost points"),
            _EVIDENCE,
            evidence_name,
            default="ask",
        )
    st.button(
        _("Scale section weights to 100"),
        icon=":material/balance:",
        key="to_hundred",
        on_click=draft.change,
        args=(work.version_id, to_hundred),
    )


def section(work: DraftWork, position: DraftPosition) -> None:
    fields = Fields(work, position.path, str(work.content["sections"][position.section]["key"]))
    fields.texts("title", _("Section title"))
    _fill(fields)
    left, right = st.columns(2, gap="small", vertical_alignment="bottom")
    with left:
        _weight(work, fields)
    with right:
        st.button(
            _("Scale section weights to 100"),
            icon=":material/balance:",
            key="to_hundred",
            on_click=draft.change,
            args=(work.version_id, to_hundred),
        )
    _floor(work, fields)
    condition(work, fields, position)


def item(work: DraftWork, position: DraftPosition) -> None:
    """Everything about one item."""
    content = work.content["sections"][position.section]["items"][position.item]
    fields = Fields(work, position.path, str(content["key"]))
    _origin(str(content["key"]))
    fields.texts("term", _("Name"), needed=False)
    fields.texts("text", _("Text"), tall=True)
    fields.texts("guidance", _("Guidance"), tall=True, needed=False)
    _fill(fields)
    weight, kind, where = st.columns([1, 1, 2], gap="small")
    with weight:
        _weight(work, fields)
    with kind:
        _kind(fields)
    with where:
        fields.several("channels", _("Visible in (empty: everywhere)"), CHANNELS, channel_name)
    _examples(fields)
    _rules(fields)
    answers(
        fields,
        str(content.get("kind", "yes_no")),
        [str(section.get("key")) for section in work.content.get("sections") or []],
    )
    condition(work, fields, position)


def _floor(work: DraftWork, fields: Fields) -> None:
    """The band to which the section keeps a result down, and below which score."""
    bands = [str(band.get("key")) for band in work.content.get("bands") or []]
    if not bands:
        return
    left, right = st.columns(2, gap="small", vertical_alignment="bottom")
    floor = fields.value("section_floor") or {}
    key = fields.own("section_floor", floor.get("band") if floor.get("band") in bands else "")
    left.selectbox(
        _("Where this section fails, the band is at best"),
        ["", *bands],
        format_func=lambda band: band_name(band) if band else _("not kept down"),
        key=key,
        on_change=_take_floor,
        args=(fields, key),
    )
    if floor:
        with right:
            fields.number(
                "section_floor.below",
                _("It fails below a score of"),
                LOW_SCORE_MARK,
                min_value=0.0,
                max_value=100.0,
            )


def _take_floor(fields: Fields, key: str) -> None:
    band, floor = st.session_state[key], fields.value("section_floor") or {}
    below = floor.get("below", LOW_SCORE_MARK)
    fields.set("section_floor", {"below": below, "band": band} if band else None)


def share_line(checklist: Checklist | None, share: float | None) -> str:
    """The weight of the chosen section or item, in words."""
    if checklist is None or share is None:
        return _("The share of 100 shows once the problems below are solved.")
    return _("{share} of 100", share=number(share))


def _fill(fields: Fields) -> None:
    """A button that fills the missing Chinese script, where a text has one only."""
    filled = fill_chinese(fields.content())
    if filled != fields.content():
        st.button(
            _("Write the missing Chinese from the other script"),
            icon=":material/translate:",
            key="fill_chinese",
            type="tertiary",
            on_click=fields.set_content,
            args=(filled,),
        )


def _fill_all(work: DraftWork) -> None:
    if fill_chinese(work.content) != work.content:
        st.button(
            _("Write all missing Chinese from the other script"),
            icon=":material/translate:",
            key="fill_chinese",
            type="tertiary",
            on_click=draft.change,
            args=(work.version_id, fill_chinese),
        )


def _choose_weights(fields: Fields) -> None:
    key = fields.own("settings.weights", fields.value("settings.weights") or _WEIGHTS[0])
    st.selectbox(
        _("Weights"),
        _WEIGHTS,
        format_func=weights_name,
        key=key,
        on_change=_take_weights,
        args=(fields, key),
    )


def _take_weights(fields: Fields, key: str) -> None:
    """Points leave no choice of what an N/A item does, so that setting goes."""
    settings = {**(fields.value("settings") or {}), "weights": st.session_state[key]}
    settings.pop("na_policy", None)
    fields.set("settings", settings)


def _weight(work: DraftWork, fields: Fields) -> None:
    """The weight, or with points the multiplier."""
    if (
        str(Fields(work, "", "form").value("settings.weights") or "section_weights") == "points"
        or fields.value("multiplier") is not None
    ):
        fields.number("multiplier", _("Multiplier"), 1, min_value=0.0)
    else:
        fields.number("weight", _("Weight"), 1, min_value=0.0)


def _origin(key: str) -> None:
    standard = library().by_id.get(key)
    if standard is None:
        st.caption(_("{key} · an item of your own", key=escape_markdown(key)))
    else:
        line = _("{key} · from the standards library, source: {source}")
        st.caption(line.format(key=escape_markdown(key), source=source_name(standard.source)))


def _kind(fields: Fields) -> None:
    key = fields.own("kind", fields.value("kind") or "yes_no")
    st.selectbox(
        _("Kind"),
        KIND_ORDER,
        format_func=kind_name,
        key=key,
        on_change=_change_kind,
        args=(fields, key),
    )


def _change_kind(fields: Fields, key: str) -> None:
    kind = cast("Kind", st.session_state[key])
    fields.set_content(with_kind(fields.content(), kind))


def _examples(fields: Fields) -> None:
    """How it looks when the item is met, and when it is not."""
    with st.expander(_("Examples"), expanded=any(fields.value(name) for name in _EXAMPLES)):
        fields.texts("good_example", _("Good example"), tall=True, needed=False)
        fields.texts("bad_example", _("Bad example"), tall=True, needed=False)


def _rules(fields: Fields) -> None:
    with st.container(horizontal=True, gap="medium"):
        fields.flag("na", _("N/A allowed"), default=True)
        if fields.value("na") is not False:
            fields.flag("na_reason_required", _("N/A needs a reason"))
        fields.flag("required", _("Must be answered"), default=True)
        fields.flag("key_moment", _("Key moment"))
        fields.flag("excluded", _("Asked, not scored"))
        fields.flag("bonus", _("Bonus"), _("Adds to the points earned, not to those possible."))
        fields.flag("evidence_required", _("Evidence needed when points are lost"))
