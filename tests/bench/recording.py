"""What a page of the portal draws, taken down once so that a plain page can draw the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import streamlit as st

from pages.ui.cases.case_list import component as case_list
from pages.ui.encounters.reading import panes as reading

_DRAWN = (
    *("title", "subheader", "caption", "markdown", "metric", "info", "warning", "button"),
    *("selectbox", "checkbox", "download_button", "dataframe", "vega_lite_chart"),
)
_COMPONENTS = ((case_list, "_list"), (reading, "_panes"))


@dataclass(frozen=True)
class Call:
    """One call of Streamlit, or of a component of ours by module and name."""

    name: str
    module: str = ""
    args: tuple[Any, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


Shown = dict[str, list[Call]]
"""What is drawn for each option of a page's filter."""


@contextmanager
def recorded() -> Iterator[list[Call]]:
    """The calls that are made while the block runs, in order."""
    calls: list[Call] = []
    with ExitStack() as stack:
        for name in _DRAWN:
            stack.enter_context(patch.object(st, name, _listening(getattr(st, name), name, calls)))
        for module, name in _COMPONENTS:
            heard = _listening(getattr(module, name), name, calls, module.__name__)
            stack.enter_context(patch.object(module, name, heard))
        yield calls


def _listening(
    original: Callable[..., Any], name: str, calls: list[Call], module: str = ""
) -> Callable[..., Any]:
    def heard(*args: Any, **options: Any) -> Any:
        calls.append(_constant(name, module, args, options))
        return original(*args, **options)

    return heard


def _constant(name: str, module: str, args: tuple[Any, ...], options: dict[str, Any]) -> Call:
    """The call with its words instead of the functions that make them, and without reactions."""
    kept = {key: value for key, value in options.items() if not _reacts(key, value)}
    kept.pop("args", None)
    if name == "selectbox":
        show = options.get("format_func", str)
        args = (args[0], [show(each) for each in args[1]])
        kept.pop("format_func", None)
    if name == "download_button":
        kept["data"] = b"constant"
        args = args[:1]
    return Call(name, module, args, kept)


def _reacts(key: str, value: object) -> bool:
    return key in ("on_change", "on_click", "on_selected_change", "on_opened_change") or (
        callable(value) and key != "format_func"
    )
