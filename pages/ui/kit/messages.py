"""Texts on a page: in the language of the person looking at it, those of others escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from string import Formatter
from typing import Any

import streamlit as st
from babel.dates import format_date, format_datetime, format_time, get_timezone_location
from babel.numbers import format_decimal

from core.clock.days import at_wall_clock, day_of
from core.errors import PortalError, Unavailable
from core.i18n import DEFAULT, pick, translations
from core.text.sentence import Sentence

_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
_ADDRESS = r"https?:(?=//)|www(?=\.)|(?=@)"
_PICTURE = r":(?=[\w+-]+(?:/\w+)?:)"
_ARROW = r"(?<!\S)(?:<(?=->)|[-<>~](?=[->=-])(?=\S(?!\S)))"
_READ_LATER = re.compile(f"(?i){_ADDRESS}|{_PICTURE}|{_ARROW}")
_JOINED = "\u2060"  # a word joiner: it has no width, and no line breaks there
_language: ContextVar[str] = ContextVar("language", default=DEFAULT)
_zones: ContextVar[dict[str, None] | None] = ContextVar("zones", default=None)


def escape_markdown(text: str) -> str:
    """The text as Markdown that shows exactly its characters, on one line.

    No links, images, emphasis, headings, lists, tables, formulas, colours, HTML. Addresses, emoji
    and icons between colons, and arrows are read after the signs were, escaped or not, unless they
    are interrupted.
    """
    interrupted = _READ_LATER.sub(rf"\g<0>{_JOINED}", " ".join(text.split()))
    return _SIGNS.sub(r"\\\1", interrupted)


def use_language(language: str) -> None:
    """Set the language of this script run."""
    _language.set(language)


def language() -> str:
    return _language.get()


def _(text: str, **values: object) -> str:
    """The translation of an English text, with its named places filled."""
    translated = translations(language()).gettext(text)
    return _FORMATTER.vformat(translated, (), values) if values else translated


def plural(one: str, many: str, count: int, **values: object) -> str:
    """The right one of two English texts for a count, translated; `{count}` is filled."""
    translated = translations(language()).ngettext(one, many, count)
    return _FORMATTER.vformat(translated, (), {"count": count, **values})


def text_of(texts: Mapping[str, str]) -> str:
    """The right language of a text that is data, such as a checklist item."""
    return pick(texts, language())


def number(value: float | None, decimals: int = 1) -> str:
    """A number as the reader writes it; an em dash for unknown."""
    return "—" if value is None else _number(value, decimals, language())


@lru_cache(maxsize=4096)
def _number(value: float, decimals: int, locale: str) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    rounded = round_half_up(value, decimals)
    return _signed(str(format_decimal(rounded or abs(rounded), pattern, locale=locale)))


def _signed(text: str) -> str:
    """The number's text with a minus sign as wide as a plus."""
    return text.replace("-", "\N{MINUS SIGN}")


class _Formatter(Formatter):
    """Fills places with numbers that have a real minus sign, and never minus nought."""

    def format_field(self, value: Any, spec: str) -> str:  # noqa: ANN401  whatever fills a place
        if not spec or not isinstance(value, float):
            return str(super().format_field(value, spec))
        return _signed(format(value, spec.replace("+", "+z") if "+" in spec else f"z{spec}"))


_FORMATTER = _Formatter()


def signed(value: float) -> str:
    """A difference with its sign, a real minus included."""
    return f"{'−' if value < 0 else '+'}{number(abs(value))}"


def round_half_up(value: float, decimals: int) -> Decimal:
    """Half away from zero, the way scores are shown; the stored value is never rounded."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def day(value: date | datetime, zone: str = "") -> str:
    """A day, or the day of a moment, which is one in a zone only."""
    if isinstance(value, datetime):
        value = day_of(value, zone)
    return str(format_date(value, "medium", locale=language()))


def moment(value: datetime, zone: str) -> str:
    note_zone(zone)
    return str(format_datetime(at_wall_clock(value, zone), "short", locale=language()))


def time_of_day(value: datetime, zone: str) -> str:
    note_zone(zone)
    local = at_wall_clock(value, zone)
    return str(format_time(local, "short", tzinfo=local.tzinfo, locale=language()))


@contextmanager
def zones_noted() -> Iterator[Mapping[str, None]]:
    """The zones of the times that are written meanwhile, in the order in which they came up."""
    zones: dict[str, None] = {}
    token = _zones.set(zones)
    try:
        yield zones
    finally:
        _zones.reset(token)


def note_zone(zone: str) -> None:
    """Times of this zone are written here."""
    noted = _zones.get()
    if noted is not None:
        noted[zone] = None


def zones_so_far() -> tuple[str, ...]:
    return tuple(_zones.get() or ())


def zone_name(zone: str) -> str:
    """The city that a zone is called by, in the reader's language."""
    return str(get_timezone_location(zone, locale=language(), return_city=True))


def sentence(error: PortalError) -> str:
    return _(error.sentence, **error.values)


def in_markdown(text: str, /, **values: object) -> str:
    """`_` for where Markdown is read: what fills the places shows exactly its characters."""
    escaped = {key: escape_markdown(v) if isinstance(v, str) else v for key, v in values.items()}
    return _(text, **escaped)


def show_notes(sentences: Iterable[Sentence]) -> None:
    """What there is to know of a file: hidden rows, second headings, near twins."""
    if lines := [f"- {in_markdown(note.template, **note.values)}" for note in sentences]:
        st.caption("\n".join(lines))


def show_words(label: str, words: str) -> None:
    """A person's own words under a label."""
    with st.container(gap=None):
        st.caption(label)
        st.text(words)


def show_error(error: PortalError) -> None:
    st.error(in_markdown(error.sentence, **error.values), icon=":material/error:")


@contextmanager
def errors_shown() -> Iterator[None]:
    """Turn a PortalError of the block into one sentence on the page."""
    try:
        yield
    except PortalError as error:
        show_error(error)


@contextmanager
def outage_shown() -> Iterator[None]:
    """Around a whole run of the script: say that the database is away, and offer another try."""
    try:
        yield
    except Unavailable as error:
        show_error(error)
        st.button(_("Try again"), icon=":material/refresh:")


def flash(text: str) -> None:
    """Say something after the next rerun."""
    st.session_state["flash"] = text


def show_flash() -> None:
    if text := st.session_state.pop("flash", None):
        st.toast(text, icon=":material/check_circle:")
