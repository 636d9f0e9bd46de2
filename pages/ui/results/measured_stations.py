"""Stations by critical failures, by how many passed and by key moments, and what is found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from core.ranking import AgainstNetwork, Comparison, StationVerdict
from core.ranking import headline as verdict_headline
from core.ranking.verdict import NONE_COMPARED, NONE_TOLD
from core.results.figures import NOTHING, Figures, Moments, Proportion
from core.results.station_measures import (
    ShareComparison,
    StationShare,
    compare_means,
    compare_shares,
)
from core.text.sentence import Sentence
from db.people.queries.people import StationRow
from db.results.queries import network as network_queries
from db.results.queries import stations
from db.results.queries.people_spread import people_spread
from db.results.queries.stations import Slice
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.messages import _, escape_markdown, language
from pages.ui.kit.phrases import SIDES, Side
from pages.ui.results.station_lines import words

By = Literal["score", "critical", "passed", "key_moments", "ratings"]
BY: tuple[By, ...] = ("score", "critical", "passed", "key_moments", "ratings")
_OPPOSITE = {Side.ABOVE: Side.BELOW, Side.UNCLEAR: Side.UNCLEAR, Side.BELOW: Side.ABOVE}


@dataclass(frozen=True)
class SharesShown:
    """Stations by a share, and which of them are shown."""

    by: By
    comparison: ShareComparison
    shown: Collection[int]

    @property
    def rows(self) -> list[StationShare]:
        """The shown ones, the best first."""
        rows = [row for row in self.comparison.rows if row.station in self.shown]
        return rows if self.by == "critical" else rows[::-1]

    def side(self, row: StationShare) -> Side:
        """The better side is above, of critical failures, too."""
        side = SIDES[row.verdict]
        return _OPPOSITE[side] if self.by == "critical" else side


@dataclass(frozen=True)
class MeansShown:
    """Stations by key moments, and which of them are shown."""

    comparison: Comparison
    shown: Collection[int]

    @property
    def rows(self) -> list[StationVerdict]:
        return [row for row in self.comparison.rows if row.station in self.shown]


def by_name(by: By) -> str:
    return {
        "score": _("Score"),
        "critical": _("Critical failures"),
        "passed": _("Passed"),
        "key_moments": _("Key moments"),
        "ratings": _("Customer rating"),
    }[by]


def names(
    places: Mapping[int, StationRow], own: Collection[int] | None, shown: Collection[int]
) -> dict[int, str]:
    """What stations are called; of who answers for some of those shown these are marked."""
    marked = frozenset(own or ()) & frozenset(shown)
    if marked == frozenset(shown):
        marked = frozenset()
    return {
        key: f"★ {place.name(language())}" if key in marked else place.name(language())
        for key, place in places.items()
    }


def ranked_by(
    by: By, slice_: Slice, read: Reader, shown: Collection[int]
) -> SharesShown | MeansShown:
    """Every station of the slice compared, of which some are shown."""
    spread = read(people_spread, slice_)
    if by == "key_moments":
        comparison = compare_means(_key_moments(slice_, read), spread.scores)
        return MeansShown(comparison, shown)
    figures = read(stations.station_figures, slice_)
    counts = {key: _counted(by, own) for key, own in figures.items()}
    wider = spread.critical if by == "critical" else spread.passed
    return SharesShown(by, compare_shares(counts, wider), shown)


def headline(shown: SharesShown | MeansShown, places: Mapping[int, StationRow]) -> str:
    """How many stations were looked at and what was found, in one sentence."""
    if not shown.rows:
        return _("No key moment was scored in this selection.")
    if isinstance(shown, MeansShown):
        found = verdict_headline(
            shown.rows,
            of=len(shown.comparison.rows),
            name=lambda station: escape_markdown(places[int(station)].name(language())),
        )
        return words(found)
    judged = [row for row in shown.rows if row.verdict is not AgainstNetwork.TOO_FEW]
    more = sum(row.verdict is AgainstNetwork.ABOVE for row in judged)
    fewer = sum(row.verdict is AgainstNetwork.BELOW for row in judged)
    counts = {"compared": len(judged), "stations": len(shown.rows)}
    if not judged:
        return words(Sentence(NONE_COMPARED, counts))
    if not more and not fewer:
        return words(Sentence(NONE_TOLD, counts))
    if shown.by == "critical":
        sentence = _(
            "{compared} of {stations} stations compared: {more} with more critical failures than "
            "the network, {fewer} with fewer, {unclear} cannot be told."
        )
    else:
        sentence = _(
            "{compared} of {stations} stations compared: at {more} more passed than in the "
            "network, at {fewer} fewer, {unclear} cannot be told."
        )
    return sentence.format(
        **counts,
        more=more,
        fewer=fewer,
        unclear=len(judged) - more - fewer,
    )


def _counted(by: By, figures: Figures) -> Proportion:
    if by == "critical":
        return Proportion(figures.critical, figures.inspections)
    return Proportion(figures.passed, figures.n)


def _key_moments(slice_: Slice, read: Reader) -> dict[int, Moments]:
    by_station: dict[int, Moments] = {}
    for row in read(network_queries.station_rest, slice_):
        by_station[row.station] = by_station.get(row.station, NOTHING).plus(row.key_moments)
    return by_station
