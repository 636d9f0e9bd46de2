"""The reading panes as a component; it only shows, nothing comes back."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui.encounters.reading.contents import Data
from pages.ui.kit.modules import entry

_HERE = Path(__file__).parent
_panes = st.components.v2.component(
    "case_reading",
    js=entry("encounters/reading/reading.js"),
    css=(_HERE / "reading.css").read_text(encoding="utf-8"),
)


def reading_panes(key: str, contents: Data) -> None:
    """Show an encounter and what it lost: side by side where there is room, else in two tabs."""
    _panes(key=key, data=contents)
