"""The stations page's rows, from plain means or from a ranking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.ranking import Comparison, StationVerdict
from core.results.figures import ENOUGH, Figures, Gap
from core.results.station_comparison import StationComparison
from core.results.station_trends import is_told, station_trends
from core.text.sentence import Sentence
from db.people.queries.people import StationRow
from db.results.queries.rankings import RankedRow, Snapshot, UnrankedRow
from pages.ui.kit.messages import _, language, number, plural
from pages.ui.kit.phrases import Side

_SIDES = {"above": Side.ABOVE, "middle": Side.UNCLEAR, "below": Side.BELOW}


@dataclass(frozen=True)
class StationLine:
    """A station that can be compared: its figure with interval, and what stands beside it.

    `low` and `high` are the ends of the interval of its difference to the network, laid on the
    network's mean; beside a plain mean they are Student's, and judge nothing. `plain`, `rank`,
    `note` (why plain and adjusted differ) and `apart_from_better` (what would tell
    it from the next better one) stand only beside an adjusted value, `fixed` (the estimate with
    inspectors as fixed effects) only where inspectors seem to be sent by quality. `bottom` is the
    probability of being in the bottom group. `trend` has a mean for every month of the last year,
    None where there was no inspection; `changed` where the change is told, as by `told_changes`.
    """

    station: int
    name: str
    value: float
    low: float | None
    high: float | None
    side: Side
    figures: Figures
    change: Gap | None
    trend: tuple[float | None, ...]
    changed: bool = False
    plain: float | None = None
    fixed: float | None = None
    bottom: float | None = None
    rank: str = ""
    note: str = ""
    apart_from_better: str = ""


@dataclass(frozen=True)
class Apart:
    """A station that cannot be compared, and why; its wide interval as in `StationLine`."""

    station: int
    name: str
    figures: Figures
    reason: str
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Lines:
    """Lines from the best down, and the stations listed apart.

    Attributes:
        comparison: what the lines are judged by; None beside plain means.
        network: the line they are drawn against.
    """

    compared: tuple[StationLine, ...]
    apart: tuple[Apart, ...]
    comparison: Comparison | None
    network: float | None

    @property
    def is_adjusted(self) -> bool:
        return self.comparison is not None

    def verdicts(self) -> list[StationVerdict]:
        """Of the stations among the lines."""
        shown = {line.station for line in self.compared}
        shown |= {line.station for line in self.apart}
        rows = self.comparison.rows if self.comparison else ()
        return [row for row in rows if row.station in shown]


def plain_lines(
    rows: Iterable[StationComparison],
    places: Mapping[int, StationRow],
    by_month: Mapping[int, Mapping[int, Figures]],
    months: Sequence[int],
    network: float | None,
    told: Collection[int],
) -> Lines:
    """Rows from plain means with Student's interval; nothing is judged by them."""
    compared, apart = [], []
    for row in rows:
        name = places[row.station].name(language())
        mean, half = row.figures.before.mean, row.figures.before.half_width()
        if not row.is_enough or mean is None or half is None:
            reason = _("{n} of {enough}", n=number(row.figures.n, 0), enough=ENOUGH)
            apart.append(Apart(row.station, name, row.figures, reason))
            continue
        trend = _trend(by_month.get(row.station, {}), months)
        compared.append(
            StationLine(
                station=row.station,
                name=name,
                value=mean,
                low=mean - half,
                high=mean + half,
                side=Side.UNCLEAR,
                figures=row.figures,
                change=row.change,
                changed=row.station in told,
                trend=trend,
            )
        )
    return Lines(tuple(compared), tuple(apart), None, network)


def ranked_lines(
    snapshot: Snapshot,
    rows: Iterable[StationComparison],
    places: Mapping[int, StationRow],
    by_month: Mapping[int, Mapping[int, Figures]],
    months: Sequence[int],
    told: Collection[int],
) -> Lines:
    """The stations among `rows` as the ranking has them."""
    present = {row.station: row for row in rows}
    verdicts = {row.station: row for row in snapshot.comparison.rows}
    reference = snapshot.comparison.reference
    compared = tuple(
        _ranked(
            ranked_row,
            present[ranked_row.station],
            places,
            _trend(by_month[ranked_row.station], months),
            _bounds(verdicts[ranked_row.station], reference),
            changed=ranked_row.station in told,
        )
        for ranked_row in snapshot.ranked
        if ranked_row.station in present
    )
    apart = tuple(
        _apart(
            unranked_row,
            present[unranked_row.station],
            places,
            verdicts.get(unranked_row.station),
            reference,
        )
        for unranked_row in snapshot.unranked
        if unranked_row.station in present
    )
    return Lines(compared, apart, snapshot.comparison, reference)


def told_changes(
    rows: Iterable[StationComparison],
    by_month: Mapping[int, Mapping[int, Figures]],
    *,
    is_year_ago: bool,
) -> frozenset[int]:
    """The stations whose change is told, here and on each station's own page.

    A change since the period before needs the word of the months on the way. Since last year it
    needs none: these changes are judged all at once.
    """
    if is_year_ago:
        return frozenset(row.station for row in rows if row.change and row.change.is_clear)
    trends = station_trends(by_month)
    return frozenset(row.station for row in rows if is_told(row.change, trends.get(row.station)))


def _apart(
    unranked: UnrankedRow,
    row: StationComparison,
    places: Mapping[int, StationRow],
    verdict: StationVerdict | None,
    reference: float | None,
) -> Apart:
    low, high = (None, None) if verdict is None else _bounds(verdict, reference)
    return Apart(
        station=unranked.station,
        name=places[unranked.station].name(language()),
        figures=row.figures,
        reason=words(unranked.reason),
        value=verdict.adjusted if verdict else None,
        low=low,
        high=high,
    )


def _bounds(verdict: StationVerdict, reference: float | None) -> tuple[float | None, float | None]:
    """The interval of the difference, laid on the network's mean."""
    if verdict.difference is None or reference is None:
        return None, None
    return reference + verdict.difference.lower, reference + verdict.difference.upper


def rank_interval(row: RankedRow) -> str:
    return str(row.best) if row.best == row.worst else f"{row.best}–{row.worst}"


def words(sentence: Sentence) -> str:
    return _(sentence.template, **sentence.values)


def _ranked(
    ranked: RankedRow,
    row: StationComparison,
    places: Mapping[int, StationRow],
    trend: tuple[float | None, ...],
    bounds: tuple[float | None, float | None],
    *,
    changed: bool,
) -> StationLine:
    return StationLine(
        station=ranked.station,
        name=places[ranked.station].name(language()),
        value=ranked.adjusted.value,
        low=bounds[0],
        high=bounds[1],
        side=_SIDES[ranked.tier],
        figures=row.figures,
        change=row.change,
        changed=changed,
        trend=trend,
        plain=ranked.plain,
        fixed=ranked.fixed.value if ranked.fixed else None,
        bottom=ranked.bottom,
        rank=rank_interval(ranked),
        note=words(ranked.adjustment),
        apart_from_better=_apart_from_better(ranked, places),
    )


def _apart_from_better(ranked: RankedRow, places: Mapping[int, StationRow]) -> str:
    """What it would take to tell the station from the next better one; empty if it is told."""
    if ranked.neighbour is None or ranked.needed == 0:
        return ""
    if ranked.needed is None:
        return words(ranked.reason) if ranked.reason else ""
    return plural(
        "{count} more inspection at each would tell it from {better}.",
        "{count} more inspections at each would tell it from {better}.",
        ranked.needed,
        better=places[ranked.neighbour].name(language()),
    )


def _trend(by_month: Mapping[int, Figures], months: Sequence[int]) -> tuple[float | None, ...]:
    return tuple(by_month[month].before.mean if month in by_month else None for month in months)
