"""Names in a row, intervals, sides of a comparison, months: small pieces of sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from babel.dates import format_interval, format_skeleton
from babel.lists import format_list

from core.agreement import Agreement
from core.periods import Period
from core.ranking import AgainstNetwork
from core.results.figures import DifferenceInterval, Gap
from pages.ui.kit.days import running_month
from pages.ui.kit.messages import _, day, language, number


def listed(names: Sequence[str]) -> str:
    """Names one after the other, as the reader's language joins them."""
    return str(format_list(list(names), locale=language()))


def with_interval(estimate: Agreement | None, decimals: int = 2) -> str:
    """An estimate with its interval; an em dash where there is none."""
    if estimate is None or estimate.value is None:
        return "—"
    value = number(estimate.value, decimals)
    if estimate.lower is None or estimate.upper is None:
        return value
    return f"{value} ({number(estimate.lower, decimals)}–{number(estimate.upper, decimals)})"


def triple(estimate: Agreement | None) -> tuple[float | None, float | None, float | None]:
    """An estimate and the ends of its interval, as cells of a table."""
    return (estimate.value, estimate.lower, estimate.upper) if estimate else (None, None, None)


def due_phrase(due_on: date, today: date) -> str:
    """The day on which something is due; that it is over, or that it is today."""
    if due_on < today:
        return _("overdue, {day}", day=day(due_on))
    return _("today") if due_on == today else day(due_on)


class Side(StrEnum):
    ABOVE = "above"
    UNCLEAR = "unclear"
    BELOW = "below"

    @classmethod
    def of(cls, difference: Gap | None) -> Side:
        if difference is None or not difference.is_clear:
            return cls.UNCLEAR
        return cls.ABOVE if difference.value > 0 else cls.BELOW


def side_of_change(change: DifferenceInterval, *, more_is_better: bool) -> Side:
    """Above is better, below worse; unclear where the interval holds zero."""
    if not change.is_clear:
        return Side.UNCLEAR
    return Side.ABOVE if (change.value > 0) == more_is_better else Side.BELOW


SIDES = {
    AgainstNetwork.ABOVE: Side.ABOVE,
    AgainstNetwork.BELOW: Side.BELOW,
    AgainstNetwork.CANNOT_TELL: Side.UNCLEAR,
    AgainstNetwork.TOO_FEW: Side.UNCLEAR,
}


def side_word(side: Side) -> str:
    return {
        Side.ABOVE: _("above"),
        Side.UNCLEAR: _("cannot be told"),
        Side.BELOW: _("below"),
    }[side]


def from_best_to_last(figures: Sequence[tuple[str, float]]) -> str:
    """Between which stations the figures drawn lie, the best first; of one its own."""
    (best, high), (last, low) = figures[0], figures[-1]
    if len(figures) == 1:
        return _("{station} alone: {value}.", station=best, value=number(high))
    return _(
        "{count} stations from {best} ({high}) to {last} ({low}).",
        count=len(figures),
        best=best,
        high=number(high),
        last=last,
        low=number(low),
    )


def plain_intervals() -> str:
    """What stands behind the figures in boxes, in contrast to what is judged."""
    return _(
        "± and ranges in the boxes of scores and critical failures are plain 90 % intervals. What "
        "is judged has wider ones, as much is looked at together."
    )


def month_name(month: int) -> str:
    """A month with its year, short, as on an axis."""
    return _written("yMMM", month)


def period_name(period: Period) -> str:
    """A month, quarter or year by its name, another span by its first and last month."""
    first, last = period
    if first == last:
        return _written("yMMMM", first)
    if period.length == 12 and first % 100 == 1:
        return _written("y", first)
    if period.length == 3 and first % 100 % 3 == 1:
        return _written("yQQQ", first)
    return str(format_interval(_day(first), _day(last), "yMMM", locale=language()))


def periods_named(periods: Iterable[Period]) -> dict[str, str]:
    """The names of periods by their codes; what is not over is called so."""
    running = running_month()
    return {period.code: _named(period, running) for period in periods}


def period_so_far(period: Period) -> str:
    """A period by its name, with the word that it is not over where it is not."""
    return _named(period, running_month())


def _named(period: Period, running: int) -> str:
    name = period_name(period)
    return _("{period} so far", period=name) if period.is_running(running) else name


def _written(skeleton: str, month: int) -> str:
    return str(format_skeleton(skeleton, _day(month), locale=language()))


def _day(month: int) -> date:
    return date(month // 100, month % 100, 1)
