"""Reading tables of ratings: missing ratings, categories, and their places on the scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.agreement.result import CONSTANT, NO_PAIRS
from core.errors import LARGEST, InvalidInput

Ratings: TypeAlias = Sequence[Sequence[Any]] | NDArray[Any]
Floats: TypeAlias = NDArray[np.float64]

_FLOATS = (float, np.floating)
_ROWS = (list, tuple, Sequence, np.ndarray)


@dataclass(frozen=True)
class Scale:
    """The categories in order, and where each stands on the scale."""

    categories: tuple[Any, ...]
    scores: Floats
    numeric: bool


def why_undefined(ratings: Ratings) -> str | None:
    """Why the coefficients of these ratings are None; None if they are defined.

    Two cases leave nothing to judge: no unit with two ratings (no data and a single rater
    included), and the same rating everywhere among the units rated twice. `percent_agreement` is
    defined in the second case, and so are `gwet_ac1` and `gwet_ac2` when the categories are given.
    """
    return nothing_to_judge(paired(present(ratings)))


def nothing_to_judge(units: Sequence[Sequence[Any]]) -> str | None:
    """`why_undefined` for units that are already read and paired."""
    if not units:
        return NO_PAIRS
    try:
        different = {rating for unit in units for rating in unit}
    except TypeError as error:
        raise InvalidInput("Ratings must be all numbers or all texts.") from error
    return CONSTANT if len(different) == 1 else None


def present(ratings: Ratings) -> list[list[Any]]:
    """Each unit's ratings without the missing ones (None and NaN)."""
    rows = ratings.tolist() if isinstance(ratings, np.ndarray) else ratings
    if not isinstance(rows, _ROWS) or isinstance(rows, str):
        raise InvalidInput("Ratings are a table of units by raters.")
    return [[rating for rating in as_unit(row) if not is_missing(rating)] for row in rows]


def paired(units: Iterable[list[Any]]) -> list[list[Any]]:
    return [unit for unit in units if len(unit) > 1]


def is_missing(rating: object) -> bool:
    return rating is None or (isinstance(rating, _FLOATS) and math.isnan(rating))


def sizes(units: Sequence[Sequence[Any]]) -> NDArray[np.intp]:
    return np.array([len(unit) for unit in units], dtype=np.intp)


def as_unit(unit: object) -> Iterable[Any]:
    if isinstance(unit, str) or not isinstance(unit, _ROWS):
        raise InvalidInput("Each unit needs a list of ratings, not {unit}.", unit=unit)
    return unit


def is_number(rating: object) -> bool:
    return isinstance(rating, Real | Decimal)


def scale_of(units: Iterable[Sequence[Any]], categories: Sequence[Any] | None) -> Scale:
    """The scale behind the ratings: the categories given, else those found, sorted.

    Numbers stand at their own value, so that an unused grade between two used ones still counts;
    texts stand at 0, 1, 2 ... in the order of the categories.
    """
    try:
        ratings = {rating for unit in units for rating in unit}
    except TypeError as error:
        raise InvalidInput("Ratings must be all numbers or all texts.") from error
    listed = _sorted(ratings) if categories is None else tuple(dict.fromkeys(categories))
    for rating in ratings.difference(listed):
        raise InvalidInput("{rating} is not one of the categories.", rating=rating)
    numeric = all(is_number(category) for category in listed)
    places = [_place(category) for category in listed] if numeric else range(len(listed))
    scores = np.array(places, dtype=np.float64)
    return Scale(listed, scores, numeric)


def _place(category: Real | Decimal) -> float:
    """Where a rating stands on the scale.

    Raises:
        InvalidInput: it is not finite.
    """
    number: Any = category
    if not abs(number) <= LARGEST:
        raise InvalidInput("A rating must be a finite number.")
    return float(number)


def counted(units: Sequence[Sequence[Any]], scale: Scale) -> Floats:
    """How many raters put each unit into each category: units x categories."""
    column = {category: index for index, category in enumerate(scale.categories)}
    table = np.zeros((len(units), len(column)))
    rows = np.repeat(np.arange(len(units)), sizes(units))
    columns = np.array([column[rating] for unit in units for rating in unit], dtype=np.intp)
    np.add.at(table, (rows, columns), 1)
    return table


def agreement_weights(scores: Floats, weights: str | None) -> Floats:
    """1 on the diagonal, falling to 0 at the ends of the scale: linearly or by the square."""
    powers = {None: 0, "linear": 1, "quadratic": 2}
    if weights not in powers:
        raise InvalidInput('Weights are "linear" or "quadratic", not {weights}.', weights=weights)
    distance = np.abs(scores[:, None] - scores)
    if weights is None or len(scores) < 2:
        return np.eye(len(scores))
    return np.asarray(1 - (distance / distance.max()) ** powers[weights])


def _sorted(ratings: set[Any]) -> tuple[Any, ...]:
    try:
        return tuple(sorted(ratings))
    except TypeError as error:
        raise InvalidInput("Ratings must be all numbers or all texts.") from error
