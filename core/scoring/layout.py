"""The answer matrix of one checklist version: one row an inspection, small whole numbers.

An item has one column, a multiple choice one column for each ten of its options. Codes:

    0            N/A; a hidden item counts as this, whatever its column says
    1            blank
    2 + n        the option in place n; the n-th segment of the number line between the ends of
                 ranges and the numbers that conditions compare with; or, of a free text or date,
                 that it is answered
    2 + sum      of 2 ** n over the chosen options of this column, of a multiple choice
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checklist.conditions import Compare, leaves
from core.checklist.model import CHOICE_KINDS, Checklist, Item, Option, Section, level_of
from core.scoring.answers import Answer, parse_answer, parse_answers

NA, BLANK, FIRST = 0, 1, 2
OPTIONS_A_COLUMN = 10
PLAIN = (str, int)  # stored values that a code is looked up for

Codes = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class Cell:
    """Where an item stands in a row, and what its codes mean.

    Attributes:
        start, stop: its columns.
        codes: the code of each stored value, where values can be listed.
        marks: where the number line is cut, for a number.
    """

    item: Item
    section: Section
    start: int
    stop: int
    codes: Mapping[object, int]
    marks: tuple[float, ...]

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def largest(self) -> int:
        """The largest code in its columns."""
        if self.item.kind == "multi":
            return FIRST + (1 << min(len(self.item.options), OPTIONS_A_COLUMN))
        return FIRST + max(len(self.item.options), 2 * len(self.marks) + 1)

    def answers(self) -> list[Answer | None]:
        """What each code stands for, in an item of one column."""
        if self.item.kind == "multi":
            answers: list[Answer | None] = [Answer(keys) for keys in _subsets(self.item.options)]
        elif self.item.kind == "number":
            answers = [_numbered(self.item, number) for number in _segments(self.marks)]
        elif self.item.kind in CHOICE_KINDS:
            answers = [Answer((key,), level_of(self.item, key)) for key in self.item.by_option]
        else:
            answers = [Answer(text="answered")]
        return [Answer(na=True), None, *answers]

    def encode(self, answer: Answer | None) -> list[int]:
        """The codes of an answer, one for each column."""
        if answer is None or answer.na:
            return [BLANK if answer is None else NA] * (self.stop - self.start)
        if self.item.kind == "multi":
            return self._option_codes(frozenset(answer.keys))
        if self.item.kind == "number":
            return [FIRST + _segment_of(self.marks, answer.number or 0.0)]
        if self.item.kind in CHOICE_KINDS:
            return [self.codes[answer.keys[0]] if answer.keys else BLANK]
        return [FIRST]

    def decode(self, row: Sequence[int]) -> Answer | None:
        """The multiple choice that its columns hold."""
        if row[0] < FIRST:
            return Answer(na=True) if row[0] == NA else None
        options = enumerate(self.item.options)
        return Answer(tuple(option.key for position, option in options if _holds(row, position)))

    def _option_codes(self, keys: frozenset[str]) -> list[int]:
        row = [FIRST] * (self.stop - self.start)
        for position, option in enumerate(self.item.options):
            if option.key in keys:
                row[position // OPTIONS_A_COLUMN] += 1 << position % OPTIONS_A_COLUMN
        return row


@dataclass(frozen=True)
class Layout:
    """The columns of a checklist version."""

    checklist: Checklist
    cells: tuple[Cell, ...]
    width: int
    sections: frozenset[str]
    quick: tuple[tuple[str, Mapping[object, int], Cell], ...]

    def encode(self, data: Mapping[str, Any]) -> list[int]:
        """One row, from answers as they are stored; what only people read is not checked again.

        Raises:
            InvalidInput: an answer does not fit its item.
        """
        if not self.sections.isdisjoint(data):  # a whole section marked N/A
            answers = parse_answers(self.checklist, data)
            return [code for cell in self.cells for code in cell.encode(answers.get(cell.key))]
        row: list[int] = []
        for key, codes, cell in self.quick:
            answer = data.get(key)
            if type(answer) is dict:
                if "na" not in answer:
                    value = answer.get("value")
                    if type(value) in PLAIN and value in codes:
                        row.append(codes[value])
                        continue
                elif codes and answer["na"] is True and cell.item.na_allowed:
                    row.append(NA)
                    continue
            row += cell.encode(None if answer is None else parse_answer(cell.item, answer))
        return row

    def matrix(self, rows: Iterable[Mapping[str, Any]]) -> Codes:
        """The matrix of many inspections, in the smallest type that holds the codes."""
        largest = max(cell.largest for cell in self.cells)
        coded = [self.encode(data) for data in rows]
        codes: Codes = np.array(coded, dtype=np.min_scalar_type(largest))
        return codes.reshape(len(coded), self.width)


def layout_of(checklist: Checklist) -> Layout:
    """The layout of a checklist version's matrix."""
    cells: list[Cell] = []
    start = 0
    for section in checklist.sections:
        for item in section.items:
            several = item.kind == "multi" and len(item.options) > OPTIONS_A_COLUMN
            stop = start + (-(-len(item.options) // OPTIONS_A_COLUMN) if several else 1)
            cells.append(
                Cell(
                    item=item,
                    section=section,
                    start=start,
                    stop=stop,
                    codes=_codes(item),
                    marks=_marks(checklist, item),
                )
            )
            start = stop
    keys = frozenset(section.key for section in checklist.sections)
    quick = tuple((cell.key, cell.codes, cell) for cell in cells)
    return Layout(checklist, tuple(cells), start, keys, quick)


def _holds(row: Sequence[int], position: int) -> bool:
    column, bit = divmod(position, OPTIONS_A_COLUMN)
    return bool((row[column] - FIRST) >> bit & 1)


def _codes(item: Item) -> dict[object, int]:
    if item.kind not in CHOICE_KINDS or item.kind == "multi":
        return {}
    codes: dict[object, int] = {option.key: FIRST + n for n, option in enumerate(item.options)}
    levels = [key for key in item.by_option if level_of(item, key) is not None]
    return codes | {int(key): codes[key] for key in levels}


def _marks(checklist: Checklist, item: Item) -> tuple[float, ...]:
    if item.kind != "number":
        return ()
    marks = {end for range_ in item.ranges for end in (range_.low, range_.high)}
    for section in checklist.sections:
        for when in (section.when, *(other.when for other in section.items)):
            for leaf in leaves(when):
                if isinstance(leaf, Compare) and leaf.item == item.key:
                    marks.add(leaf.value)
    return tuple(sorted(marks))


def _segments(marks: Sequence[float]) -> list[float]:
    """A number in each segment of the line: below, at, between and above the marks."""
    if not marks:
        return [0.0]
    segments = [marks[0] - 1, marks[0]]
    for before, after in pairwise(marks):
        segments += [(before + after) / 2, after]
    return [*segments, marks[-1] + 1]


def _segment_of(marks: Sequence[float], number: float) -> int:
    index = bisect_left(marks, number)
    return 2 * index + (index < len(marks) and marks[index] == number)


def _numbered(item: Item, number: float) -> Answer | None:
    """The answer that a segment stands for; none where no range lets a number through."""
    inside = not item.ranges or any(range_.low <= number <= range_.high for range_ in item.ranges)
    return Answer(number=number) if inside else None


def _subsets(options: Sequence[Option]) -> list[tuple[str, ...]]:
    """Every choice among options, the n-th option in the n-th bit of its position."""
    subsets: list[tuple[str, ...]] = [()]
    for option in options:
        subsets += [(*subset, option.key) for subset in subsets]
    return subsets
