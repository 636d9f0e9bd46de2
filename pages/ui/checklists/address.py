"""The page's address: which version is open, and which section or item of it."""

from __future__ import annotations

import streamlit as st


def go_to(version_id: int, key: str = "") -> None:
    """Lead the next run to a version, and to the item or section with this key."""
    st.query_params.from_dict({"version": str(version_id)} | ({"at": key} if key else {}))


def link(label: str, version_id: int | None, icon: str | None = None, key: str = "back") -> None:
    """A button that leads to a version, or back to the list."""
    st.button(label, icon=icon, type="tertiary", key=key, on_click=_follow, args=(version_id,))


def _follow(version_id: int | None) -> None:
    if version_id is None:
        st.query_params.clear()
    else:
        go_to(version_id)
