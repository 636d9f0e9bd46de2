"""The address: ids of rows, and the choices of fields as codes that no language changes."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.ui.kit.markdown import escape_markdown

_MOST_DIGITS = 15
"""Longer numbers do not fit the databases' integers."""


def asked_number(name: str) -> int | None:
    """The id of a row that the address names; None where it is no such number."""
    digits = st.query_params.get(name, "")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS
    return int(digits) if is_number else None


def choice(
    label: str,
    name: str,
    words: Mapping[str, str],
    everything: str,
    aliases: Mapping[str, str] | None = None,
) -> str | None:
    """One choice, in the address under `name`; None for everything or an unknown code.

    Args:
        words: the name of each code; `everything` is the name of choosing none.
        aliases: other codes that addresses may hold, each with the code it stands for.
    """
    address_code = st.query_params.get(name, "")
    code = address_code if address_code in words else (aliases or {}).get(address_code)
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


def choices(
    label: str,
    name: str,
    words: Mapping[str, str],
    everything: str,
    aliases: Mapping[str, str],
) -> tuple[str, ...]:
    """Any number of choices, in the address under `name` with commas; none means everything."""
    address_codes = st.query_params.get(name, "").split(",")
    codes = [code if code in words else aliases.get(code, "") for code in address_codes]
    key = _key(name)
    st.session_state[key] = [code for code in dict.fromkeys(codes) if code in words]
    return tuple(
        st.multiselect(
            label,
            list(words),
            format_func=words.__getitem__,
            placeholder=everything,
            key=key,
            on_change=_keep,
            args=(name,),
        )
    )


def pills(name: str, words: Mapping[str, str], label: str) -> str:
    """One of a few choices side by side; the empty code stands for none in the address."""
    key = _key(name)
    address_code = st.query_params.get(name, "")
    st.session_state[key] = address_code if address_code in words else ""
    picked = st.segmented_control(
        label,
        list(words),
        format_func=lambda code: escape_markdown(words[code]),
        required=True,
        label_visibility="collapsed",
        key=key,
        on_change=_keep,
        args=(name,),
    )
    return picked or ""


def words(label: str, name: str, *, most: int) -> str:
    """The typed words, in the address under `name`."""
    key = _key(name)
    st.session_state[key] = st.query_params.get(name, "")[:most]
    typed = st.text_input(label, key=key, max_chars=most, on_change=_keep, args=(name,))
    return typed.strip()


def _key(name: str) -> str:
    return f"address_{name}"


def _keep(name: str) -> None:
    value = st.session_state[_key(name)]
    if not value:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = ",".join(value) if isinstance(value, list) else str(value)
