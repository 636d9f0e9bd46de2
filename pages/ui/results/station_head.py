"""What stands at the head of a station's page: how it stands, in a sentence and figures."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.access import Identity
from core.control import TrendJudgement
from core.ranking import AgainstNetwork, Comparison
from core.results.figures import ENOUGH, Figures
from core.results.station_comparison import StationComparison
from core.results.station_trends import is_told
from db.checklists.queries.texts import ChecklistTexts
from db.results.queries.rankings import RankedRow, Snapshot
from db.results.queries.stations import Slice
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, escape_markdown, number, signed
from pages.ui.kit.phrases import plain_intervals
from pages.ui.results import links
from pages.ui.results.past import Past
from pages.ui.results.station_lines import rank_interval, words


@dataclass(frozen=True)
class StationSubject:
    """The station looked at, by whom, and of which inspections."""

    who: Identity
    station: int
    name: str
    slice_: Slice
    row: StationComparison
    past: Past
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
    own, name = subject.row.figures.before, escape_markdown(subject.name)
    if own.mean is None:
        return _("{name} has no scored inspection in this period.", name=name)
    if subject.ranked is not None and subject.ranking is not None:
        return _ranked_headline(subject, subject.ranking.comparison)
    if not subject.row.is_enough:
        return _(
            "{name}: {n} inspections, too few to compare; {enough} are needed.",
            name=name,
            n=own.n,
            enough=ENOUGH,
        )
    if subject.ranking is None:
        return _("{name}: {mean} on average; not compared yet.", name=name, mean=number(own.mean))
    return _("{name}: {mean} on average; not compared.", name=name, mean=number(own.mean))


def adjustment(subject: StationSubject) -> str:
    """Why the adjusted figure differs from the plain one; empty without a ranking."""
    if subject.ranked is None:
        return ""
    plain = _("Plain mean {plain}.", plain=number(subject.ranked.plain))
    return f"{plain} {words(subject.ranked.adjustment)}"


def figures(subject: StationSubject, trend: TrendJudgement | None) -> None:
    """Score, pass rate, critical rate, inspections, change.

    An arrow says that the station changed: since the period before it needs the trend's word, too.
    """
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
        (_("Change"), *_change(subject, trend)),
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
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plain_intervals())
        how_computed("tiles", "station_score", "change")


def _ranked_headline(subject: StationSubject, comparison: Comparison) -> str:
    """The sentence of a ranked station: the verdict, and the interval that it is read from."""
    row = next(row for row in comparison.rows if row.station == subject.station)
    low, high = row.difference or (None, None)
    sentence = {
        AgainstNetwork.ABOVE: _(
            "{name} is above the network ({reference}): {value} after adjustment, between {low} "
            "and {high} points above it."
        ),
        AgainstNetwork.BELOW: _(
            "{name} is below the network ({reference}): {value} after adjustment, between {low} "
            "and {high} points below it."
        ),
    }.get(
        row.verdict,
        _(
            "{name} cannot be told from the network ({reference}): {value} after adjustment, "
            "between {low} and {high} points from it."
        ),
    )
    if row.verdict is AgainstNetwork.BELOW and low is not None and high is not None:
        low, high = -high, -low
    return sentence.format(
        name=escape_markdown(subject.name),
        reference=number(comparison.reference),
        value=number(row.adjusted),
        low=number(low),
        high=number(high),
    )


def _rank(subject: StationSubject) -> tuple[str, str]:
    if subject.ranked is None or subject.ranking is None:
        return "—", _("not ranked")
    count = len(subject.ranking.ranked)
    return rank_interval(subject.ranked), _("of {count} ranked", count=count)


def _change(subject: StationSubject, trend: TrendJudgement | None) -> tuple[str, str]:
    """The change as a tile's value and note; a dot, with its figures, where none is shown."""
    change = subject.row.change
    if change is None or change.half is None:
        return "—", _("not compared")
    half = f"± {number(change.half)}"
    is_clear = change.is_clear if subject.past.is_year_ago else is_told(change, trend)
    if not is_clear:
        return "·", f"{signed(change.value)} {half}"
    return f"{'▲' if change.value > 0 else '▼'} {number(abs(change.value))}", half


def _share(rate: float | None) -> str:
    return "—" if rate is None else f"{number(100 * rate)} %"
