"""Fields that live in the page's address, so that a link, a reload and "back" show the same.

A field takes its value from the address at every run and writes it there, the default too: as a
code that means the same in every language, so that a link shows the same when defaults have moved.
What the address asks and the field does not offer is said, and leaves the address.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date
from typing import TypeVar

import streamlit as st

from pages.ui.kit.messages import _, escape_markdown

_MOST_DIGITS = 15
"""Longer numbers do not fit the databases' integers."""
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

_UNMET = "_unmet"
_MOST_ECHOED = 40
_WIDTH = 170
_unmet: ContextVar[dict[str, str] | None] = ContextVar("unmet", default=None)
"""What the address asks of fields in vain in this run: their labels and the codes."""

Choice = TypeVar("Choice", bound=Hashable)


@contextmanager
def unmet_said(page: str) -> Iterator[None]:
    """Say above a page, in one line, what its link asks and the page cannot show.

    The line stays until something else is chosen there.
    """
    line, unmet = st.empty(), dict[str, str]()
    token = _unmet.set(unmet)
    try:
        yield
    finally:
        _unmet.reset(token)
        here = (page, st.query_params.to_dict())
        if unmet:
            st.session_state[_UNMET] = (here, unmet)
        shown_at, unmet = st.session_state.get(_UNMET, (None, {}))
        if shown_at == here:
            asked = (f"{label} “{escape_markdown(code)}”" for label, code in unmet.items())
            line.info(
                _(
                    "This page does not offer what its link asks: {asked}.",
                    asked=_(", ").join(asked),
                ),
                icon=":material/link_off:",
            )


def refuse_others(label: str, name: str, codes: Collection[str], *, several: bool = False) -> None:
    """Drop what the address gives to a field without being one of its codes, and say so."""
    asked = st.query_params.get(name, "")
    asked_codes = asked.split(",") if several else [asked]
    others = [code for code in asked_codes if code and code not in codes]
    if not others:
        return
    _write(name, [code for code in asked_codes if code in codes])
    unmet = _unmet.get()
    if unmet is not None:
        unmet[label] = ", ".join(others)[:_MOST_ECHOED]


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
    follows: bool = False,
) -> Choice:
    """The option whose `str` the address names; else the default, or the first.

    A default that follows from other fields of the address is not written beside them.
    """
    first = options[0] if default is None else default
    refuse_others(label, name, [str(each) for each in options])
    picked = st.selectbox(
        label,
        options,
        format_func=show,
        width=_WIDTH,
        key=_set(name, _named(name, options, first)),
        on_change=_keep,
        args=(name,),
    )
    _write(name, None if follows and picked == first else picked)
    return picked


def pill(label: str, name: str, options: Sequence[Choice], show: Callable[[Choice], str]) -> Choice:
    """One of a few options side by side, the first if none is named; `show` gives Markdown."""
    refuse_others(label, name, [str(each) for each in options])
    picked = st.segmented_control(
        label,
        options,
        format_func=show,
        required=True,
        label_visibility="collapsed",
        key=_set(name, _named(name, options, options[0])),
        on_change=_keep,
        args=(name,),
    )
    picked = options[0] if picked is None else picked
    _write(name, picked)
    return picked


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
    refuse_others(label, name, {*words, *(aliases or ())})
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
    refuse_others(label, name, {*words, *aliases}, several=True)
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


def words(label: str, name: str, *, most: int, help_text: str | None = None) -> str:
    """The typed words."""
    key = _set(name, st.query_params.get(name, "")[:most])
    typed = st.text_input(
        label, key=key, max_chars=most, help=help_text, on_change=_keep, args=(name,)
    )
    return typed.strip()


def day(label: str, name: str) -> date | None:
    """A day of this century or none, as YYYY-MM-DD."""
    value = None
    with suppress(ValueError):
        value = date.fromisoformat(st.query_params.get(name, ""))
    if value is None or not _FIRST_DAY <= value <= _LAST_DAY:
        value = None
        refuse_others(label, name, ())
    return st.date_input(
        label,
        min_value=_FIRST_DAY,
        max_value=_LAST_DAY,
        key=_set(name, value),
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


def _keep(name: str) -> None:
    """Write a changed field to the address."""
    _write(name, st.session_state[f"address_{name}"])


def _write(name: str, value: object) -> None:
    """Keep a field's value in the address; nothing for no value."""
    code = ",".join(value) if isinstance(value, list) else "" if value is None else str(value)
    if not code:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != code:
        st.query_params[name] = code
