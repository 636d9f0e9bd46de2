"""Which months count before and after a run, and the scores of people in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from operator import add
from typing import NamedTuple

from core.effect import Person, Scores
from core.errors import InvalidInput
from core.periods import Period, month_of, shift

MOST_AFTER = 6
"""Months after a run that its effect is judged by; later ones tell more of other causes."""

Monthly = Mapping[int, Mapping[int, Scores]]  # staff -> month -> scores on the taught items


class Windows(NamedTuple):
    """Whole months, the months of the run itself in none; None where there is no such month."""

    selection: Period
    baseline: Period | None
    after: Period | None


def windows_of(selection: Period, starts_on: date, ends_on: date, newest: int) -> Windows:
    """The months by which people were picked, those up to the run, and up to six after it.

    Args:
        selection: the months that led to the choice of people.
        starts_on: first day of the run.
        ends_on: its last day.
        newest: the newest month with scores.

    Raises:
        InvalidInput: the run ends before it starts or begins within the selection period.
    """
    begin, end = month_of(starts_on), month_of(ends_on)
    if ends_on < starts_on:
        raise InvalidInput("The last day lies before the first.")
    if selection.last >= begin:
        raise InvalidInput("The months people are picked by must lie before the training.")
    baseline = _span(shift(selection.last, 1), shift(begin, -1))
    return Windows(selection, baseline, _span(shift(end, 1), min(newest, shift(end, MOST_AFTER))))


def people_of(
    monthly: Monthly, trained: Iterable[int], windows: Windows, *, leave_out: Iterable[int] = ()
) -> list[Person]:
    """Everybody with scores in the selection period, in the form core.effect asks for.

    Args:
        monthly: scores on the taught items.
        trained: who attended.
        windows: the months that count.
        leave_out: who is neither trained here nor untrained, as having had the course elsewhere.
    """
    attended = set(trained)
    skipped = set(leave_out) - attended
    people = []
    for staff, months in monthly.items():
        selection = _within(months, windows.selection)
        if selection is not None and staff not in skipped:
            baseline = _within(months, windows.baseline)
            after = _within(months, windows.after)
            people.append(Person(staff, staff in attended, selection, baseline, after))
    return people


def _span(first: int, last: int) -> Period | None:
    return Period(first, last) if first <= last else None


def _within(months: Mapping[int, Scores], period: Period | None) -> Scores | None:
    if period is None:
        return None
    scores = [month_scores for month in period.months() if (month_scores := months.get(month))]
    return reduce(add, scores) if scores else None
