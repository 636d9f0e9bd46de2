"""What stands at the head of a station's page: how it stands, in a sentence and figures."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.access import Identity
from core.results.figures import ENOUGH, Figures, Gap
from core.results.station_comparison import StationComparison
from db.checklists.queries.texts import ChecklistTexts
from db.results.queries.rankings import RankedRow, Snapshot
from db.results.queries.stations import Slice
from pages.ui.kit.messages import _, escape_markdown, number
from pages.ui.kit.phrases import Side
from pages.ui.results import links
from pages.ui.results.station_lines import rank_interval, words


@dataclass(frozen=True)
class StationSubject:
    """The station looked at, by whom, and of which inspections."""

    who: Identity
    station: int
    name: str
    slice_: Slice
    row: StationComparison
    network: Figures
    texts: ChecklistTexts
    ranking: Snapshot | None

    @property
    def ranked(self) -> RankedRow | None:
        rows = self.ranking.ranked if self.ranking else ()
        return next((row for row in rows if row.station == self.station), None)

    @property
    def may_open_cases(self) -> bool:
        return links.may_open_cases(self.who, self.station)


def headline(subject: StationSubject) -> str:
    """How the station stands, in one sentence of Markdown."""
    own, against = subject.row.figures.before, subject.row.against
    if own.mean is None:
        return _(
            "{name} has no scored inspection in this period.", name=escape_markdown(subject.name)
        )
    if subject.ranked is not None:
        return _ranked_headline(subject, subject.ranked)
    if not subject.row.is_enough or against is None:
        return _(
            "{name}: {n} inspections, too few to compare; {enough} are needed.",
            name=escape_markdown(subject.name),
            n=own.n,
            enough=ENOUGH,
        )
    points = number(abs(against.value))
    half = number(against.half)
    return {
        Side.ABOVE: _("{name} is {points} ± {half} points above the other stations."),
        Side.BELOW: _("{name} is {points} ± {half} points below the other stations."),
        Side.UNCLEAR: _("{name} cannot be told apart from the other stations."),
    }[Side.of(against)].format(name=escape_markdown(subject.name), points=points, half=half)


def adjustment(subject: StationSubject) -> str:
    """Why the adjusted figure differs from the plain one; empty without a ranking."""
    if subject.ranked is None:
        return ""
    plain = _("Plain mean {plain}.", plain=number(subject.ranked.plain))
    return f"{plain} {words(subject.ranked.adjustment)}"


def figures(subject: StationSubject) -> None:
    """Score, pass rate, critical rate, inspections, change."""
    own = subject.row.figures
    interval = own.critical_interval()
    low, high = (100 * interval.lower, 100 * interval.upper) if interval else (None, None)
    tiles = (
        (_("Before critical"), number(own.before.mean), f"± {number(own.before.half_width())}"),
        (_("Score"), number(own.scores.mean), f"± {number(own.scores.half_width())}"),
        (_("Critical failures"), _share(own.critical_rate), f"{number(low)}–{number(high)} %"),
        (
            _("Inspections"),
            number(own.inspections, 0),
            _("{share} passed", share=_share(own.pass_rate)),
        ),
        (_("Change"), *_change(subject.row.change)),
        (_("Rank"), *_rank(subject)),
    )
    with st.container(horizontal=True, key="tiles"):
        for label, value, note in tiles:
            st.metric(
                label,
                value,
                note,
                delta_color="off",
                delta_arrow="off",
                border=True,
                width=150,
            )


def _ranked_headline(subject: StationSubject, row: RankedRow) -> str:
    """The sentence of a ranked station; its place decides the words, not the plain mean."""
    sentence = {
        "above": _("{name} is above the network: {value} after adjustment ({low} to {high})."),
        "middle": _("{name} cannot be told from the network: {value} after adjustment."),
        "below": _("{name} is below the network: {value} after adjustment ({low} to {high})."),
    }[row.tier]
    value, low, high = (number(points) for points in row.adjusted)
    return sentence.format(name=escape_markdown(subject.name), value=value, low=low, high=high)


def _rank(subject: StationSubject) -> tuple[str, str]:
    if subject.ranked is None or subject.ranking is None:
        return "—", _("not ranked")
    count = len(subject.ranking.ranked)
    return rank_interval(subject.ranked), _("of {count} ranked", count=count)


def _change(change: Gap | None) -> tuple[str, str]:
    """The change as a tile's value and note."""
    if change is None or change.half is None:
        return "—", _("nothing to compare with")
    half = f"± {number(change.half)}"
    if not change.is_clear:
        return "·", _("none shown: {value} {half}", value=number(change.value), half=half)
    return f"{'▲' if change.value > 0 else '▼'} {number(abs(change.value))}", half


def _share(rate: float | None) -> str:
    return "—" if rate is None else f"{number(100 * rate)} %"
