"""Fields that live in the page's address, so that a link, a reload and "back" show the same.

A field takes its value from the address at every run and writes each change there: as a code that
means the same in every language, and not at all where it is the field's default.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TypeVar

import streamlit as st

_MOST_DIGITS = 15
"""Longer numbers do not fit the databases' integers."""
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

Choice = TypeVar("Choice", bound=Hashable)


def row_id(name: str) -> int | None:
    """The id of a row that the address names; None where it is no such number."""
    digits = st.query_params.get(name, "")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS
    return int(digits) if is_number else None


def option(
    label: str,
    name: str,
    options: Sequence[Choice],
    show: Callable[[Choice], str],
    *,
    default: Choice | None = None,
    width: int | None = None,
) -> Choice:
    """The option whose `str` the address names; else the default, or the first."""
    first = options[0] if default is None else default
    return st.selectbox(
        label,
        options,
        format_func=show,
        width=width or "stretch",
        key=_set(name, _named(name, options, first)),
        on_change=_keep,
        args=(name, first),
    )


def pill(label: str, name: str, options: Sequence[Choice], show: Callable[[Choice], str]) -> Choice:
    """One of a few options side by side, the first if none is named; `show` gives Markdown."""
    picked = st.segmented_control(
        label,
        options,
        format_func=show,
        required=True,
        label_visibility="collapsed",
        key=_set(name, _named(name, options, options[0])),
        on_change=_keep,
        args=(name, options[0]),
    )
    return options[0] if picked is None else picked


def choice(
    label: str,
    name: str,
    words: Mapping[str, str],
    everything: str,
    aliases: Mapping[str, str] | None = None,
) -> str | None:
    """One code or none; None for everything or an unknown code.

    Args:
        words: the name of each code; `everything` is the name of choosing none.
        aliases: other codes that addresses may hold, each with the code it stands for.
    """
    address_code = st.query_params.get(name, "")
    code = address_code if address_code in words else (aliases or {}).get(address_code)
    return st.selectbox(
        label,
        list(words),
        index=None,
        format_func=words.__getitem__,
        placeholder=everything,
        key=_set(name, code if code in words else None),
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
    """Any number of codes, with commas in the address; none means everything."""
    address_codes = st.query_params.get(name, "").split(",")
    codes = [code if code in words else aliases.get(code, "") for code in address_codes]
    return tuple(
        st.multiselect(
            label,
            list(words),
            format_func=words.__getitem__,
            placeholder=everything,
            key=_set(name, [code for code in dict.fromkeys(codes) if code in words]),
            on_change=_keep,
            args=(name,),
        )
    )


def words(label: str, name: str, *, most: int) -> str:
    """The typed words."""
    key = _set(name, st.query_params.get(name, "")[:most])
    return st.text_input(label, key=key, max_chars=most, on_change=_keep, args=(name,)).strip()


def day(label: str, name: str) -> date | None:
    """A day of this century or none, as YYYY-MM-DD."""
    value = None
    with suppress(ValueError):
        value = date.fromisoformat(st.query_params.get(name, ""))
    return st.date_input(
        label,
        min_value=_FIRST_DAY,
        max_value=_LAST_DAY,
        key=_set(name, value if value and _FIRST_DAY <= value <= _LAST_DAY else None),
        on_change=_keep,
        args=(name,),
    )


def _named(name: str, options: Sequence[Choice], default: Choice) -> Choice:
    """The option whose code stands in the address."""
    code = st.query_params.get(name)
    return next((each for each in options if str(each) == code), default)


def _set(name: str, value: object) -> str:
    """Give a field the value of the address; its key."""
    key = f"address_{name}"
    st.session_state[key] = value
    return key


def _keep(name: str, default: object = None) -> None:
    """Write a changed field to the address."""
    value = st.session_state[f"address_{name}"]
    if value == default or value in (None, "", []):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = ",".join(value) if isinstance(value, list) else str(value)
