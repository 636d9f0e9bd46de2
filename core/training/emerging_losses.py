"""Items that are lost more often than before, told from mere variation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Self

from scipy.special import bdtrik

from core.control import laney_p_chart
from core.results.figures import Ratios

FEWEST_MONTHS = 4
FEWEST_ANSWERS = 20
_THREE_SIGMA = 0.00135
_RISK = 0.05
"""How often one of all the items may be told by chance."""


class Counts(NamedTuple):
    """How often an item was answered in a month, and in how many answers points were lost."""

    lost: int
    answered: int


class Rise(NamedTuple):
    """An item's newest month against the months before; shares from 0 to 1.

    `size` is the number of independent answers that tell as much of the newest share as there is
    to know, `risk` the chance of a share beyond the limit where nothing has risen.
    """

    item: str
    share: float
    usual: float
    size: float
    risk: float
    lost: int
    answered: int

    @property
    def limit(self) -> float:
        """The share that so many or more losses have at the risk, by the binomial distribution."""
        losses = 1 + float(bdtrik(1 - self.risk, self.size, self.usual))
        return min(1.0, losses / self.size)

    @property
    def excess(self) -> float:
        """The rise in units of the way to the limit: above 1 it is more than variation."""
        return (self.share - self.usual) / (self.limit - self.usual)

    @property
    def is_signal(self) -> bool:
        return self.excess > 1

    def among(self, *groupings: Sequence[tuple[float, float]]) -> Self | None:
        """The rise by what varies between people or stations, where that leaves it less sure.

        Many losses of one person, or of one station, are no rise of everybody: the newest share's
        variance is that of a ratio of clusters (Cochran 1977, section 6.4).

        Args:
            groupings: for people and for stations, the newest month's losses and answers of each;
                of stations better the losses beyond what is usual there. Empty is left out.

        Returns:
            None where one person or station stands for all.
        """
        variances = [Ratios.of(clusters).variance for clusters in groupings if clusters]
        known = [variance for variance in variances if variance is not None]
        if len(known) < len(variances):
            return None
        widest = max(known, default=0.0)
        if not widest:
            return self
        return self._replace(size=min(self.size, self.usual * (1 - self.usual) / widest))


def rises(months: Mapping[str, Sequence[Counts]]) -> tuple[Rise, ...]:
    """Items whose newest share of losses lies above the usual one, the clearest first.

    The usual share and the variation between months come from a Laney p' chart of the months
    before the newest, which the newest one does not widen: n newest answers after N before tell as
    much as 1 / (1 / n + 1 / N) / sigma_z^2 independent ones of a known share, with sigma_z not
    below 1. The limit is exceeded by chance as often as 3 sigma are (.00135), or less where so
    many items are judged that one of them would be in over 5 % of months. See `Rise.among` for
    losses of a few people.

    Args:
        months: counts by item, oldest month first; the last one is the newest. Left out are items
            with fewer than FEWEST_MONTHS months before with answers, with fewer than
            FEWEST_ANSWERS newest answers, and those whose months before were all or never lost.
    """
    judged = {item: counts for item, counts in months.items() if can_be_judged(counts)}
    risk = min(_THREE_SIGMA, _RISK / max(1, len(judged)))
    compared = (_compared(item, counts, risk) for item, counts in judged.items())
    return in_order(rise for rise in compared if rise.share > rise.usual)


def can_be_judged(counts: Sequence[Counts]) -> bool:
    """Whether an item's months, oldest first, tell whether the last one rose."""
    if not counts or counts[-1].answered < FEWEST_ANSWERS:
        return False
    before = [month for month in counts[:-1] if month.answered]
    lost = sum(month.lost for month in before)
    return len(before) >= FEWEST_MONTHS and 0 < lost < sum(month.answered for month in before)


def in_order(rising: Iterable[Rise]) -> tuple[Rise, ...]:
    """The clearest first."""
    return tuple(sorted(rising, key=lambda rise: (-rise.excess, rise.item)))


def _compared(item: str, counts: Sequence[Counts], risk: float) -> Rise:
    newest, before = counts[-1], [month for month in counts[:-1] if month.answered]
    answered = sum(month.answered for month in before)
    chart = laney_p_chart([month.lost for month in before], [month.answered for month in before])
    independent = 1 / (1 / newest.answered + 1 / answered)
    return Rise(
        item=item,
        share=newest.lost / newest.answered,
        usual=sum(month.lost for month in before) / answered,
        size=independent / max(1.0, chart.sigma_z or 0.0) ** 2,
        risk=risk,
        lost=newest.lost,
        answered=newest.answered,
    )
