"""Finding the line of headings: titles, dates and empty lines may stand above it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

LOOKED_AT = 30
"""Lines at the top of a file among which the headings are."""
Known = Callable[[Sequence[str]], int]
"""How many of some cells are headings that the kind of file knows."""


class HeadingLine(NamedTuple):
    """`line` counts from 1; `known` is how many of its cells are headings of the kind."""

    line: int
    cells: tuple[str, ...]
    known: int


def trimmed(cells: Iterable[object]) -> tuple[str, ...]:
    """Headings without line breaks in them and without empty ones at the end."""
    names = [
        re.sub(r"\s+", " ", str("" if cell is None else cell)).strip("\ufeff ") for cell in cells
    ]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def heading_line(lines: Iterable[tuple[int, Sequence[object]]], known: Known) -> HeadingLine | None:
    """The line with most headings that are known, the first of these; None without any cell."""
    best: HeadingLine | None = None
    for number, cells in lines:
        names = trimmed(cells)
        if names and (best is None or known(names) > best.known):
            best = HeadingLine(number, names, known(names))
    return best
