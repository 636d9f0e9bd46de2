"""Fields to correct the answers of an inspection, one for each kind of item.

A field left alone keeps its stored answer, times and notes included. Words are kept by the browser
until the amendment is stored or given up.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.checklist import Item
from core.checklist.model import UNSCORED_KINDS
from core.scoring import Answer
from db.cases.queries.case import CaseView
from pages.ui.kit import typed_words
from pages.ui.kit.answers import answer_text, item_name, option_text
from pages.ui.kit.messages import _, escape_markdown, text_of
from pages.ui.kit.widget_state import begin_with

_NA = "__not_applicable"
_AS_MEASURED = "__as_measured"


def entered(form: str, view: CaseView) -> dict[str, Any]:
    """The answers as the fields of a form hold them now, ready to be stored."""
    raw_answers = dict(view.raw_answers)
    for item in view.checklist.items():
        before = _token(item, view.answers.get(item.key))
        now = _now(form, view, item, before)
        reason = st.session_state.get(_words_key(form, item, "na"))
        if now != before or (now == _NA and reason is not None):
            raw_answers[item.key] = _raw_answer(item, now, view.raw_answers.get(item.key), reason)
    return {key: answer for key, answer in raw_answers.items() if answer is not None}


def answer_field(form: str, view: CaseView, item: Item) -> None:
    """The field of one item, and the reason where N/A needs one; the browser keeps their words."""
    answer = view.answers.get(item.key)
    before = _token(item, answer)
    label = f"{escape_markdown(item_name(item))} :gray[{escape_markdown(item.key)}]"
    if item.options and item.kind != "multi":
        _choice(view, item, label, answer)
    else:
        _open(form, view, item, label, before)
    if _now(form, view, item, before) == _NA and item.needs_na_reason:
        st.text_input(
            _("Why does it not apply?"),
            value=answer.reason if answer else "",
            key=_words_key(form, item, "na"),
        )


def _choice(view: CaseView, item: Item, label: str, answer: Answer | None) -> None:
    """One of the options, a measured clock as it stands, or N/A."""
    words = {option.key: option_text(item, option) for option in item.options}
    if answer is not None and answer.elapsed_seconds is not None:
        words = {_AS_MEASURED: answer_text(item, answer), **words}
    if item.na_allowed:
        words[_NA] = _("N/A")
    key = _key(view, item, "answer")
    begin_with(key, _token(item, answer))
    help_text = escape_markdown(text_of(item.text))
    if item.kind in ("yes_no", "clock"):
        st.segmented_control(
            label,
            list(words),
            format_func=lambda token: escape_markdown(words[token]),
            key=key,
            help=help_text,
        )
    else:
        st.selectbox(
            label, list(words), index=None, format_func=words.__getitem__, key=key, help=help_text
        )


def _open(form: str, view: CaseView, item: Item, label: str, before: object) -> None:
    """Several options, a number or a text; N/A beside it."""
    key = _answer_key(form, view, item)
    na_key = _key(view, item, "na")
    begin_with(key, None if before == _NA else before)
    begin_with(na_key, before == _NA)
    off = bool(st.session_state[na_key])
    if item.kind == "multi":
        words = {option.key: option_text(item, option) for option in item.options}
        st.multiselect(label, list(words), format_func=words.__getitem__, key=key, disabled=off)
    elif item.kind == "number":
        st.number_input(label, value=None, step=None if item.decimals else 1, key=key, disabled=off)
    else:
        st.text_input(label, key=key, disabled=off)
    if item.na_allowed:
        st.checkbox(_("N/A"), key=na_key)


def _token(item: Item, answer: Answer | None) -> Any:  # noqa: ANN401  whatever the field holds
    """The value of the field for a stored answer."""
    if answer is None:
        return [] if item.kind == "multi" else None
    if answer.na:
        return _NA
    if answer.elapsed_seconds is not None:
        return _AS_MEASURED
    if item.options:
        return list(answer.keys) if item.kind == "multi" else answer.keys[0]
    if answer.number is None:
        return answer.text
    return answer.number if item.decimals else int(answer.number)


def _now(form: str, view: CaseView, item: Item, before: object) -> object:
    if st.session_state.get(_key(view, item, "na")):
        return _NA
    return st.session_state.get(_answer_key(form, view, item), before)


def _raw_answer(
    item: Item,
    token: object,
    before: Any,  # noqa: ANN401  stored JSON
    reason: str | None,
) -> dict[str, Any] | None:
    """The answer to store for a token; the item's note stays."""
    note = {"note": before["note"]} if before and before.get("note") else {}
    if token == _NA:
        return {"na": True, **({"reason": reason} if reason else {}), **note}
    if token in (None, "", []):
        return None
    return {"values" if item.kind == "multi" else "value": token, **note}


def _answer_key(form: str, view: CaseView, item: Item) -> str:
    is_text = item.kind in UNSCORED_KINDS
    return _words_key(form, item, "answer") if is_text else _key(view, item, "answer")


def _words_key(form: str, item: Item, field: str) -> str:
    return typed_words.field_key(form, f"{field}_{item.key}")


def _key(view: CaseView, item: Item, field: str) -> str:
    return f"amend_{field}_{view.inspection_id}_{item.key}"
