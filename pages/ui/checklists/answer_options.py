"""The answers that an item allows: options with points and effects, ranges, clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.checklist.model import EFFECTS, WITH_LOSS
from core.clock.event_keys import EVENTS
from core.i18n import CONTENT_LANGUAGES, LANGUAGES
from pages.ui.checklists.fields import Fields
from pages.ui.kit.messages import _
from pages.ui.kit.terms import effect_name, event_name, usual_answer

_CAP = 60
_COLUMNS = [1.2, 1.3, 2, 2, 2, 2, 0.7]
_FEW_COLUMNS = [2, 1.5, 3, 0.7]
_RANGE_COLUMNS = [1, 1, 1, 2, 0.6]
_FREE = frozenset({"single", "multi"})


def answers(fields: Fields, kind: str, sections: Sequence[str]) -> None:
    """The form of the answers that an item of this kind has."""
    if kind == "clock":
        _clock(fields)
    if kind == "number":
        _ranges(fields)
    if kind in {"yes_no", "graded", "single", "multi", "clock"}:
        _options(fields, kind, sections)
    if kind == "multi":
        fields.number("cap", _("Most points in all (empty: no limit)"), None, min_value=0.0)


def _options(fields: Fields, kind: str, sections: Sequence[str]) -> None:
    options: list[dict[str, Any]] = fields.value("options") or []
    st.markdown(f"**{_('Levels and what each means') if kind == 'graded' else _('Answers')}**")
    has_texts = _has_texts(kind)
    names = [LANGUAGES[language] for language in CONTENT_LANGUAGES] if has_texts else []
    _heads(
        [_("Answer"), _("Points"), *names, _("Critical effect"), ""],
        _COLUMNS if has_texts else _FEW_COLUMNS,
    )
    for index, option in enumerate(options):
        _option(fields, kind, index, option, sections)
    if kind in _FREE:
        _button(fields, _("Add an answer"), "add_option", _with_option(options))
    elif kind in {"yes_no", "graded"} and not _has(options, WITH_LOSS):
        worst = min((option.get("points") or 0 for option in options), default=0)
        added = [*options, {"key": WITH_LOSS, "points": worst}]
        _button(fields, _('Add "no, with loss or harm"'), "add_loss", added)
    if kind == "graded":
        _button(fields, _("Add a level"), "add_level", _with_level(options))


def _option(
    fields: Fields, kind: str, index: int, option: dict[str, Any], sections: Sequence[str]
) -> None:
    path = f"options[{index}]"
    widths = _COLUMNS if _has_texts(kind) else _FEW_COLUMNS
    name, points, *texts, effect, last = st.columns(widths, gap="small")
    name.markdown(usual_answer(str(option.get("key", ""))))
    with points:
        fields.number(f"{path}.points", _("Points"), 0, label_visibility="collapsed")
    for column, language in zip(texts, CONTENT_LANGUAGES, strict=False):
        with column:
            fields.text(f"{path}.text.{language}", language, hidden=True)
    with effect:
        _effect(fields, path, sections)
    with last:
        if kind in _FREE or option.get("key") == WITH_LOSS or (kind == "graded" and index == 0):
            left = [other for other in fields.value("options") if other is not option]
            _button(fields, "", f"drop_{index}", left, icon=":material/close:")


def _ranges(fields: Fields) -> None:
    ranges: list[dict[str, Any]] = fields.value("ranges") or []
    fields.flag("decimals", _("Decimals allowed"))
    st.markdown(f"**{_('Points by range, both ends included')}**")
    heads = [_("From"), _("To"), _("Points"), _("Critical effect"), ""]
    _heads(heads, _RANGE_COLUMNS)
    for index in range(len(ranges)):
        path = f"ranges[{index}]"
        low, high, points, effect, last = st.columns(_RANGE_COLUMNS, gap="small")
        for column, field in ((low, "min"), (high, "max"), (points, "points")):
            with column:
                fields.number(f"{path}.{field}", field, 0, label_visibility="collapsed")
        with effect:
            _effect(fields, path, ())
        with last:
            left = [*ranges[:index], *ranges[index + 1 :]]
            _button(fields, "", f"drop_range_{index}", left, icon=":material/close:", to="ranges")
    next_low = (ranges[-1].get("max") or 0) + 1 if ranges else 0
    added = [*ranges, {"min": next_low, "max": next_low, "points": 0}]
    _button(fields, _("Add a range"), "add_range", added, to="ranges")


def _clock(fields: Fields) -> None:
    keys = ("", *EVENTS)
    for side, label, event in (
        ("start", _("Starts with"), _("Event it starts with")),
        ("stop", _("Stops with"), _("Event it stops with")),
    ):
        fields.texts(f"clock.{side}", label, needed=False)
        fields.choice(f"clock.{side}_event", event, keys, _event_or_none)
    left, right = st.columns(2, gap="small", vertical_alignment="bottom")
    with left:
        fields.number(
            "clock.limit_minutes", _("Limit in minutes (empty: not scored)"), None, min_value=0.0
        )
    with right:
        fields.flag("clock.pauses", _("Pauses while waiting for the customer"))


def _event_or_none(key: str) -> str:
    return event_name(key) if key else _("None: its times are always entered by hand")


def _effect(fields: Fields, path: str, sections: Sequence[str]) -> None:
    """The critical effect of this answer, and the highest score left under a cap."""
    kind, cap, zeroed = _read(fields.value(f"{path}.effect"))
    key = fields.own(f"{path}.effect", kind)
    st.selectbox(
        _("Critical effect"),
        ["", *EFFECTS],
        format_func=lambda effect: effect_name(effect) if effect else "—",
        key=key,
        label_visibility="collapsed",
        on_change=_take_effect,
        args=(fields, path, key),
    )
    if kind == "cap":
        key = fields.own(f"{path}.cap", float(cap))
        st.number_input(
            _("Highest score left"),
            0.0,
            100.0,
            step=5.0,
            format="%g",
            key=key,
            on_change=_take_cap,
            args=(fields, path, key),
        )
    if kind == "section_zero" and sections:
        key = fields.own(f"{path}.zeroed", [section for section in zeroed if section in sections])
        st.multiselect(
            _("Sections (empty: its own)"),
            sections,
            key=key,
            on_change=_take_zeroed,
            args=(fields, path, key),
        )


def _read(effect: object) -> tuple[str, float, list[str]]:
    if isinstance(effect, dict):
        if "cap" in effect:
            return "cap", effect["cap"] or 0, []
        return "section_zero", _CAP, list(effect.get("section_zero") or [])
    return str(effect or ""), _CAP, []


def _take_effect(fields: Fields, path: str, key: str) -> None:
    kind = st.session_state[key]
    fields.set(f"{path}.effect", {"cap": _CAP} if kind == "cap" else kind)


def _take_cap(fields: Fields, path: str, key: str) -> None:
    fields.set(f"{path}.effect", {"cap": st.session_state[key]})


def _take_zeroed(fields: Fields, path: str, key: str) -> None:
    section_keys = st.session_state[key]
    fields.set(f"{path}.effect", {"section_zero": section_keys} if section_keys else "section_zero")


def _button(
    fields: Fields,
    label: str,
    name: str,
    value: object,
    *,
    icon: str = ":material/add:",
    to: str = "options",
) -> None:
    tip = None if label else _("Remove")
    st.button(
        label,
        icon=icon,
        key=f"answers_{name}",
        type="tertiary",
        help=tip,
        on_click=fields.set,
        args=(to, value),
    )


def _heads(heads: Sequence[str], widths: Sequence[float]) -> None:
    for column, head in zip(st.columns(widths, gap="small"), heads, strict=True):
        column.caption(head)


def _has_texts(kind: str) -> bool:
    """Whether answers are written here; yes, no, in time and too late have names already."""
    return kind in _FREE or kind == "graded"


def _has(options: Sequence[dict[str, Any]], key: str) -> bool:
    return any(option.get("key") == key for option in options)


def _with_option(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    number = len(options) + 1
    while _has(options, f"option-{number}"):
        number += 1
    return [*options, {"key": f"option-{number}", "points": 0}]


def _with_level(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One level above the best, at most ten."""
    levels = [int(option["key"]) for option in options if str(option.get("key")).isdecimal()]
    best = max(levels, default=-1) + 1
    return [{"key": str(best), "points": best}, *options]
