"""What changes are told against: the same months of last year, or the period before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.periods import LikeMonths, Period, like_months
from core.results.station_comparison import StationComparison, changes_at_once, compare
from db.results.queries import stations
from db.results.queries.people_spread import people_spread
from db.results.queries.stations import Covered, Slice
from pages.ui.kit.address import option, refuse_others
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.days import running_month
from pages.ui.kit.messages import _, escape_markdown
from pages.ui.kit.phrases import period_name


class Past(NamedTuple):
    """A period of before, and the months by which another is told against it, if it can be."""

    now: Period
    period: Period
    is_year_ago: bool
    like: LikeMonths | None

    @classmethod
    def of(cls, now: Period, period: Period, *, is_year_ago: bool) -> Past:
        return cls(now, period, is_year_ago, like_months(now, period, running_month()))

    def __str__(self) -> str:
        return "year" if self.is_year_ago else "before"

    @property
    def months(self) -> Period:
        """The months of before that changes are against."""
        return self.like.other if self.like else self.period

    @property
    def name(self) -> str:
        return period_name(self.months)

    @property
    def sentence(self) -> str:
        """What changes are against, as Markdown."""
        if self.like is None:
            now = escape_markdown(period_name(self.now))
            return _("Change: none told, as no month of {period} is over.", period=now)
        period = escape_markdown(self.name)
        if self.like.own == self.now:
            return _("Change: against {period}.", period=period)
        return _(
            "Change: {months} against {period}; the month that is not over is left out.",
            months=escape_markdown(period_name(self.like.own)),
            period=period,
        )


def period_before(period: Period) -> Past:
    return Past.of(period, period.previous(), is_year_ago=False)


def pick_past(slice_: Slice, covered: Sequence[Covered]) -> Past:
    """The same months of last year where there are inspections of them, else the period before.

    The period before can be chosen, too; without a choice there is no field.
    """
    before = period_before(slice_.period)
    year = Past.of(slice_.period, slice_.period.year_before(), is_year_ago=True)
    label, name = _("Change against"), "against"
    if not was_covered(year.months, slice_, covered):
        refuse_others(label, name, [str(before)])
        return before
    offered = [year] if year.period == before.period else [year, before]
    names = {str(past): period_name(past.period) for past in offered}
    code = option(label, name, list(names), names.__getitem__)
    return year if code == str(year) else before


def was_covered(period: Period, slice_: Slice, covered: Sequence[Covered]) -> bool:
    """Whether inspections of the slice's checklist reach over all of a period."""
    own = [row for row in covered if row.checklist_id == slice_.checklist_id]
    first, last = min(row.first for row in own), max(row.last for row in own)
    return first <= period.first and period.last <= last


def compared(slice_: Slice, past: Past, read: Reader) -> list[StationComparison]:
    """Every station of a slice, and how it changed in the months that are like its past's."""
    now = read(stations.station_figures, slice_)
    if past.like is None:
        return compare(now, {})
    own = read(stations.station_figures, slice_.during(past.like.own))
    before = read(stations.station_figures, slice_.during(past.like.other))
    if past.is_year_ago:
        changes = changes_at_once(own, before, read(people_spread, slice_).scores)
    else:
        changes = {row.station: row.change for row in compare(own, before) if row.change}
    return compare(now, before, changes)
