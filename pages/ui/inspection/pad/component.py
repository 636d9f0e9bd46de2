"""The pad's script and styles as a component; it talks to pages.web.inspection.pad."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from core.inspection.picture import MOST_BYTES
from pages.ui.inspection.pad.texts import practice_texts, texts
from pages.ui.kit.messages import language
from pages.ui.kit.modules import entry

_HERE = Path(__file__).parent
_pad = st.components.v2.component(
    "scoring_pad",
    js=entry("inspection/pad/js/pad.js"),
    css=(_HERE / "pad.css").read_text(encoding="utf-8"),
)


_WHOLE: Mapping[str, str] = MappingProxyType({})
_WHOLE_WINDOW = """<style>
[data-testid=stMainBlockContainer] { padding-left: 1rem; padding-right: 1rem; max-width: none; }
</style>"""


def scoring_pad(assignment: int, narrowed: Mapping[str, str]) -> bool:
    """Show the pad, beginning with an assignment; True when the inspector wants to leave it.

    `narrowed` is what the queue is narrowed to, as the address says it.
    """
    return _mounted(assignment, "/api/pad", texts(), narrowed)


def practice_pad(task: int) -> bool:
    """The pad for a practice task: nothing can be put aside, and there are no photos."""
    return _mounted(task, "/api/practice", texts() | practice_texts())


def _mounted(
    assignment: int, routes: str, words: dict[str, Any], narrowed: Mapping[str, str] = _WHOLE
) -> bool:
    st.html(_WHOLE_WINDOW)
    result = _pad(
        key="pad",
        data={
            "assignment": assignment,
            "routes": routes,
            "narrowed": urlencode(narrowed),
            "language": language(),
            "texts": words,
            "largest_photo": MOST_BYTES,
        },
        on_leave_change=lambda: None,
    )
    return bool(result.leave)
