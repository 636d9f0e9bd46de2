"""A person's values taken out of a text, at the same length."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from core.safekeeping.masking import PLACEHOLDER, masked
from core.text.name_letters import composed, plain

_SHORTEST = 2  # a single character stands in too many words


_LATIN = re.compile("[0-9a-z]")


def scrubbed(text: str, values: Collection[str]) -> str:
    """A text with a person's values, and whatever the masking finds, hidden at the same length."""
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= _SHORTEST:
            text = _hidden(text.replace(value, PLACEHOLDER * len(value)), value)
    return masked(text)


def scrubbed_data(data: Any, values: Collection[str]) -> Any:  # noqa: ANN401  any JSON value
    if isinstance(data, str):
        return scrubbed(data, values)
    if isinstance(data, dict):
        return {key: scrubbed_data(element, values) for key, element in data.items()}
    if isinstance(data, list):
        return [scrubbed_data(element, values) for element in data]
    return data


def _hidden(text: str, value: str) -> str:
    """A value hidden in other letters too: capitals, full width, the other script, other accents.

    Whole words only where it is Latin, so that a short name does not eat others.
    """
    sought = plain(composed(value).text)
    if len(sought) < _SHORTEST:
        return text
    view = composed(text)
    for match in re.finditer(_pattern(sought), plain(view.text)):
        start, end = view.written(*match.span())
        text = text[:start] + PLACEHOLDER * (end - start) + text[end:]
    return text


def _pattern(sought: str) -> str:
    """What finds a value in a text of plain letters."""
    begin = "(?<![0-9a-z])" if _LATIN.match(sought[0]) else ""
    end = "(?![0-9a-z])" if _LATIN.match(sought[-1]) else ""
    return f"{begin}{re.escape(sought)}{end}"
