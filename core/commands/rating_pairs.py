"""python -m core agreement: pairs of ratings in a file, item by item, judged as the pages do it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.agreement import Agreement, PairAgreement, judge, pair_agreement
from core.commands.table_file import TableRow, read_table
from core.results.figures import LEVEL

COLUMNS = ("item", "first", "second")
_LEVEL_NUMBER = re.compile(r"[-+]?\d{1,9}", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity)", re.IGNORECASE)
NEVER = -(10**10)
"""No rating in the file: every answer has its place on the scale."""


def agreement(path: Path) -> Iterator[dict[str, Any]]:
    """One answer an item, in the order of the file.

    Raises:
        InvalidInput: the file is no table of pairs.
    """
    pairs: dict[str, list[tuple[str, str]]] = {}
    for row in read_table(path, COLUMNS):
        item, first, second = _cells(row)
        pairs.setdefault(item, []).append((first, second))
    for item, ratings in pairs.items():
        yield _answer(item, ratings)


def _cells(row: TableRow) -> tuple[str, str, str]:
    return row.text("item"), _rating(row, "first"), _rating(row, "second")


def _rating(row: TableRow, column: str) -> str:
    """A rating, as a word or a number; what programs write for none or endless is none."""
    value = row.text(column)
    if _NOT_FINITE.fullmatch(value):
        raise row.refused("{value} in {column} is no rating", value=value, column=column)
    return value


def _answer(item: str, ratings: list[tuple[str, str]]) -> dict[str, Any]:
    texts = {rating for pair in ratings for rating in pair}
    is_scale = all(_LEVEL_NUMBER.fullmatch(text) for text in texts)
    place = {text: int(text) if is_scale else k for k, text in enumerate(sorted(texts))}
    figures = pair_agreement(
        Counter((place[first], place[second]) for first, second in ratings),
        scale=_scale(set(place.values())),
        not_applicable=NEVER,
        confidence=LEVEL,
        ordered=is_scale,
    )
    judgement = judge(figures)
    return {
        "item": item,
        "n": figures.n,
        **_coefficients(figures),
        "ac2": _span(figures.ac2) if is_scale else None,
        "verdict": judgement.verdict.value,
        "sentence": str(judgement.sentence),
    }


def _scale(places: set[int]) -> tuple[int, ...]:
    """Where one answer alone occurs, another was possible, or nobody would ask."""
    return tuple(places) if len(places) > 1 else (*places, min(places) + 1)


def _coefficients(figures: PairAgreement) -> dict[str, Any]:
    return {name: _span(getattr(figures, name)) for name in ("alike", "ac1", "alpha")}


def _span(coefficient: Agreement) -> dict[str, float | None]:
    return {
        "value": coefficient.value,
        "low": coefficient.lower,
        "high": coefficient.upper,
    }
