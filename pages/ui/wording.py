"""Small pieces of sentences."""

from __future__ import annotations

from collections.abc import Sequence

from babel.lists import format_list

from core.agreement import Agreement
from pages.ui.messages import language, number


def listed(names: Sequence[str]) -> str:
    """Names one after the other, as the reader's language joins them."""
    return str(format_list(list(names), locale=language()))


def with_interval(found: Agreement | None, decimals: int = 2) -> str:
    """An estimate with its interval; an em dash where there is none."""
    if found is None or found.value is None:
        return "—"
    value = number(found.value, decimals)
    if found.lower is None or found.upper is None:
        return value
    return f"{value} ({number(found.lower, decimals)}–{number(found.upper, decimals)})"


def triple(found: Agreement | None) -> tuple[float | None, float | None, float | None]:
    """An estimate and the ends of its interval, as cells of a table."""
    return (found.value, found.lower, found.upper) if found else (None, None, None)
