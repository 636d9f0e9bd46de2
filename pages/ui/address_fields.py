"""Fields whose choice lives in the address, in codes that no language changes."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st


def choice(
    label: str,
    name: str,
    words: Mapping[str, str],
    everything: str,
    aliases: Mapping[str, str] | None = None,
) -> str | None:
    """One choice kept under `name`; None for everything, or for a code nobody knows.

    Args:
        words: what each code is called; `everything` is what choosing none is called.
        aliases: other codes that addresses may hold, and what they stand for.
    """
    asked = st.query_params.get(name, "")
    code = asked if asked in words else (aliases or {}).get(asked)
    key = _key(name)
    st.session_state[key] = code if code in words else None
    return st.selectbox(
        label,
        list(words),
        index=None,
        format_func=words.__getitem__,
        placeholder=everything,
        key=key,
        on_change=_keep,
        args=(name,),
    )


def flag(label: str, name: str) -> bool:
    """A switch kept under `name`."""
    key = _key(name)
    st.session_state[key] = st.query_params.get(name) == "1"
    return st.checkbox(label, key=key, on_change=_keep, args=(name,))


def words(label: str, name: str, *, most: int) -> str:
    """What is typed, kept under `name`."""
    key = _key(name)
    st.session_state[key] = st.query_params.get(name, "")[:most]
    typed = st.text_input(label, key=key, max_chars=most, on_change=_keep, args=(name,))
    return typed.strip()


def _key(name: str) -> str:
    return f"address_{name}"


def _keep(name: str) -> None:
    value = st.session_state[_key(name)]
    if value in (None, False, ""):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = "1" if value is True else str(value)
