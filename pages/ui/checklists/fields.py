"""Widgets that show a checklist's, section's or item's fields and save what is changed in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.drafting import value_at
from core.i18n import CONTENT_LANGUAGES, LANGUAGES
from pages.ui.checklists import draft
from pages.ui.checklists.draft import DraftWork
from pages.ui.kit.messages import _


class Fields:
    """The widgets of a draft's checklist, section or item.

    `path` is where that stands in the draft, `name` tells it from others however it is moved.
    """

    def __init__(self, work: DraftWork, path: str, name: str) -> None:
        self.work, self.path, self.name = work, path, name

    def value(self, field: str) -> Any:  # noqa: ANN401  any JSON value
        return value_at(self.work.content, self._path_of(field))

    def texts(self, field: str, label: str, *, tall: bool = False, needed: bool = True) -> None:
        """A text in three languages side by side; what is missing is marked."""
        columns = st.columns(len(CONTENT_LANGUAGES), gap="small")
        texts = self.value(field) or {}
        for column, language in zip(columns, CONTENT_LANGUAGES, strict=True):
            lacks = not texts.get(language) and (needed or any(texts.values()))
            mark = f" :orange-badge[{_('missing')}]" if lacks else ""
            with column:
                self.text(
                    f"{field}.{language}", f"{label} · {LANGUAGES[language]}{mark}", tall=tall
                )

    def text(self, field: str, label: str, *, tall: bool = False, hidden: bool = False) -> None:
        key = self._show(field, self.value(field) or "")
        common: dict[str, Any] = {
            "key": key,
            "on_change": self._take,
            "args": (key, field),
            "label_visibility": "collapsed" if hidden else "visible",
        }
        if tall:
            st.text_area(label, height="content", max_chars=2000, **common)
        else:
            st.text_input(label, max_chars=2000, **common)

    def number(self, field: str, label: str, default: float | None, **more: float | str) -> None:
        """A number; emptied, the field goes back to its default."""
        value = self.value(field)
        key = self._show(field, default if value is None else _real(value))
        options: dict[str, Any] = {"value": None, "step": 1.0, "format": "%g"} | more
        st.number_input(label, key=key, on_change=self._take_number, args=(key, field), **options)

    def flag(
        self, field: str, label: str, tip: str | None = None, *, default: bool = False
    ) -> None:
        value = self.value(field)
        key = self._show(field, default if value is None else bool(value))
        st.checkbox(label, key=key, help=tip, on_change=self._take_flag, args=(key, field, default))

    def choice(
        self,
        field: str,
        label: str,
        options: Sequence[str],
        name: Callable[[str], str],
        *,
        default: str = "",
        hidden: bool = False,
    ) -> None:
        value = self.value(field) or default
        key = self._show(field, value if value in options else options[0])
        st.selectbox(
            label,
            options,
            format_func=name,
            key=key,
            on_change=self._take,
            args=(key, field),
            label_visibility="collapsed" if hidden else "visible",
        )

    def several(
        self, field: str, label: str, options: Sequence[str], name: Callable[[str], str]
    ) -> None:
        selected = [value for value in self.value(field) or [] if value in options]
        key = self._show(field, selected)
        st.multiselect(
            label, options, format_func=name, key=key, on_change=self._take, args=(key, field)
        )

    def own(self, field: str, value: object) -> str:
        """The key of a widget that the caller draws, holding `value`."""
        return self._show(field, value)

    def set(self, field: str, value: object) -> None:
        draft.set_value(self.work.version_id, self._path_of(field), value)

    def content(self) -> dict[str, Any]:
        """The checklist, section or item of these fields, as data."""
        content: dict[str, Any] = value_at(self.work.content, self.path)
        return content

    def set_content(self, content: object) -> None:
        draft.set_value(self.work.version_id, self.path, content)

    def _path_of(self, field: str) -> str:
        return ".".join(path for path in (self.path, field) if path)

    def _show(self, field: str, value: object) -> str:
        key = f"draft|{self.work.version_id}|{self.name}|{field}"
        st.session_state[key] = value
        return key

    def _take(self, key: str, field: str) -> None:
        value = st.session_state[key]
        self.set(field, value.strip() if isinstance(value, str) else value)

    def _take_number(self, key: str, field: str) -> None:
        self.set(field, _without_point(st.session_state[key]))

    def _take_flag(self, key: str, field: str, default: bool) -> None:  # noqa: FBT001  widget args
        value = bool(st.session_state[key])
        self.set(field, None if value == default else value)


def _without_point(value: float | None) -> float | None:
    """A whole number as such, so that it is written without a point."""
    return int(value) if value is not None and float(value).is_integer() else value


def _real(value: object) -> float | None:
    """A value as a number; None where an import left something else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)
