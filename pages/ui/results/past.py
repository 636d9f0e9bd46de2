"""What changes are told against: the same months of last year, or the period before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.periods import Period
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
    """A period of before, which is over; longer if what is told against it is not over yet."""

    period: Period
    is_year_ago: bool
    is_longer: bool = False

    def __str__(self) -> str:
        return "year" if self.is_year_ago else "before"

    @property
    def name(self) -> str:
        return period_name(self.period)

    @property
    def sentence(self) -> str:
        """What changes are against, as Markdown."""
        period = escape_markdown(self.name)
        if self.is_longer:
            return _("Change: so far, against all of {period}.", period=period)
        return _("Change: against {period}.", period=period)


def period_before(period: Period) -> Past:
    is_longer = period.is_running(running_month())
    return Past(period.previous(), is_year_ago=False, is_longer=is_longer)


def pick_past(slice_: Slice, covered: Sequence[Covered]) -> Past:
    """The same months of last year where there are inspections of them, else the period before.

    The period before can be chosen, too; without a choice there is no field.
    """
    before = period_before(slice_.period)
    year = before._replace(period=slice_.period.year_before(), is_year_ago=True)
    label, name = _("Change against"), "against"
    if not was_covered(year.period, slice_, covered):
        refuse_others(label, name, [str(before)])
        return before
    offered = [year] if year.period == before.period else [year, before]
    names = {str(past): past.name for past in offered}
    code = option(label, name, list(names), names.__getitem__)
    return year if code == str(year) else before


def was_covered(period: Period, slice_: Slice, covered: Sequence[Covered]) -> bool:
    """Whether inspections of the slice's checklist reach over all of a period."""
    own = [row for row in covered if row.checklist_id == slice_.checklist_id]
    first, last = min(row.first for row in own), max(row.last for row in own)
    return first <= period.first and period.last <= last


def compared(slice_: Slice, past: Past, read: Reader) -> list[StationComparison]:
    """Every station of a slice against its past."""
    now = read(stations.station_figures, slice_)
    before = read(stations.station_figures, slice_.during(past.period))
    if not past.is_year_ago:
        return compare(now, before)
    return compare(now, before, changes_at_once(now, before, read(people_spread, slice_).scores))
