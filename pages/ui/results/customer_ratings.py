"""What customers said beside the score: how far the two go together, and station by station."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

import pandas as pd
import streamlit as st

from core.access import Identity
from core.ranking import Comparison
from core.results.figures import ENOUGH, LEVEL, NOTHING, Moments, Ratios
from core.results.rank_correlation import RankCorrelation, rank_correlation
from core.results.station_measures import compare_means, spread_of, times_wider
from db.results.queries.ratings import RatedScore, rated_scores
from db.results.queries.stations import Slice
from pages.ui.kit import wiring
from pages.ui.kit.charts.base import DrawnChart, show_chart
from pages.ui.kit.charts.dots import Dot, DotScale, dots
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, number, plural
from pages.ui.kit.phrases import SIDES, Side, side_word
from pages.ui.kit.tables import clicked_row
from pages.ui.results.links import ClickedStation
from pages.ui.results.station_lines import words

_WHOLE = 100.0


class StationRatings(NamedTuple):
    """A station's rated encounters: ratings in percent of their scales, and official scores."""

    station: int
    ratings: Moments
    scores: Moments


class Rated(NamedTuple):
    """Stations by what customers said, the best first, and both correlations.

    Over the rated encounters of all stations of the slice, and over the means of its stations with
    ENOUGH of them; `inspections` counts the rated and the others, `unscaled` those whose rating has
    no scale and is left out.
    """

    rows: tuple[StationRatings, ...]
    over_encounters: RankCorrelation
    over_stations: RankCorrelation
    comparison: Comparison
    inspections: int
    unscaled: int


def rated(who: Identity, slice_: Slice, inspections: int) -> Rated:
    with wiring.reading() as session:
        pairs, unscaled = rated_scores(session, who, slice_)
    rows = by_station(pairs)
    stations = [row for row in rows if row.ratings.n >= ENOUGH]
    return Rated(
        rows=rows,
        over_encounters=rank_correlation(
            [pair.score for pair in pairs],
            [pair.rating for pair in pairs],
            [pair.person or -number for number, pair in enumerate(pairs)],
        ),
        over_stations=rank_correlation(
            [row.scores.mean or 0.0 for row in stations],
            [row.ratings.mean or 0.0 for row in stations],
        ),
        comparison=compare_means({row.station: row.ratings for row in rows}, people_widen(pairs)),
        inspections=inspections,
        unscaled=unscaled,
    )


def by_station(pairs: Sequence[RatedScore]) -> tuple[StationRatings, ...]:
    """The sums of every station, the highest mean rating first."""
    rows: dict[int, StationRatings] = {}
    for pair in pairs:
        row = rows.get(pair.station, StationRatings(pair.station, NOTHING, NOTHING))
        rows[pair.station] = StationRatings(
            pair.station, row.ratings.plus(_one(pair.rating)), row.scores.plus(_one(pair.score))
        )
    return tuple(sorted(rows.values(), key=lambda row: (-(row.ratings.mean or 0), row.station)))


def headline(result: Rated) -> str:
    """How far score and rating of encounters go together, in one sentence."""
    over = result.over_encounters
    if not over.n:
        return _("No encounter of this selection was rated by its customer.")
    if over.interval is None:
        reason = words(over.reason) if over.reason else ""
        return _("{n} rated encounters. {reason}", n=number(over.n, 0), reason=reason)
    if not over.is_clear:
        sentence = _(
            "Over {n} rated encounters score and customer rating cannot be said to go together: "
            "rank correlation {value}, between {low} and {high}."
        )
    elif over.interval.lower > 0:
        sentence = _(
            "Over {n} rated encounters the better score goes with the better customer rating: "
            "rank correlation {value}, between {low} and {high}."
        )
    else:
        sentence = _(
            "Over {n} rated encounters the better score goes with the worse customer rating: "
            "rank correlation {value}, between {low} and {high}."
        )
    return sentence.format(
        n=number(over.n, 0),
        value=number(over.value, 2),
        low=number(over.interval.lower, 2),
        high=number(over.interval.upper, 2),
    )


def show(result: Rated, names: Mapping[int, str], shown: Collection[int]) -> ClickedStation:
    """Both correlations in words, the ratings of the shown stations, and their scores beside."""
    rows = [row for row in result.rows if row.station in shown]
    st.caption(over_stations(result))
    if result.unscaled:
        st.caption(
            plural(
                "{count} inspection has a rating of which nobody knows the scale; it is left out.",
                "{count} inspections have ratings of which nobody knows the scale; they are left "
                "out.",
                result.unscaled,
            )
        )
    if not rows:
        return ClickedStation()
    left, right = st.columns([7, 9], gap="medium")
    with left:
        picked = show_chart(
            drawn(rows, names, result.comparison), "ratings_chart", how="customer_ratings"
        )
    with right:
        clicked = _table(rows, names)
    st.caption(
        _(
            "{rated} of {all} inspections have a rating on a scale. Ratings are in percent of the "
            "customer's own scale, scores the official ones of the same encounters. Who chose to "
            "rate may differ from who did not.",
            rated=number(result.over_encounters.n, 0),
            all=number(result.inspections, 0),
        )
    )
    return ClickedStation(
        mark=int(picked["key"]) if picked else None,
        row=None if clicked is None else rows[clicked].station,
    )


def over_stations(result: Rated) -> str:
    """The correlation of the stations' means; without an interval, why there is none."""
    over = result.over_stations
    if over.value is None:
        text = _("Over stations with at least {enough} rated encounters ({n}) there is none: ")
        return text.format(enough=ENOUGH, n=over.n) + (words(over.reason) if over.reason else "")
    text = _(
        "Over the means of {n} stations with at least {enough} rated encounters: rank "
        "correlation {value}",
        n=over.n,
        enough=ENOUGH,
        value=number(over.value, 2),
    )
    if over.interval is None:
        reason = words(over.reason) if over.reason else ""
        return _("{finding}. {reason}", finding=text, reason=reason)
    low, high = number(over.interval.lower, 2), number(over.interval.upper, 2)
    return _("{finding}, between {low} and {high}.", finding=text, low=low, high=high)


def drawn(
    rows: Sequence[StationRatings], names: Mapping[int, str], comparison: Comparison
) -> DrawnChart:
    """Mean ratings with the interval of the difference that is judged, on the network's mean."""
    reference = comparison.reference or 0.0
    verdicts = {int(row.station): row for row in comparison.rows}
    marks = []
    for row in rows:
        verdict = verdicts[row.station]
        low, high = verdict.difference or (None, None)
        marks.append(
            Dot(
                key=str(row.station),
                label=names[row.station],
                value=row.ratings.mean or 0.0,
                low=None if low is None else max(0.0, reference + low),
                high=None if high is None else min(_WHOLE, reference + high),
                n=row.ratings.n,
                side=SIDES[verdict.verdict],
            )
        )
    scale = DotScale(
        title=_("Customer rating by station"),
        measure=_("Mean rating, percent of the scale"),
        pattern=".0f",
        words=(side_word(Side.ABOVE), side_word(Side.UNCLEAR), side_word(Side.BELOW)),
        counted=_("Rated"),
        head=_("Station"),
        lines=((reference, _("network {mean}", mean=number(reference))),),
        bars=_(
            "Bars: the interval judged, {level} %.",
            level=number(100 * (comparison.level or LEVEL), 1),
        ),
    )
    first, last = rows[0], rows[-1]
    sentence = _(
        "Customer ratings from {best} ({high}) to {last} ({low}).",
        best=names[first.station],
        high=number(first.ratings.mean),
        last=names[last.station],
        low=number(last.ratings.mean),
    )
    return dots(marks, scale, sentence=sentence)


def people_widen(pairs: Sequence[RatedScore]) -> float:
    """How many times as wide as alone ratings of one person vary, over all stations together."""
    people: dict[int, dict[int, Moments]] = {}
    for pair in pairs:
        if pair.person:
            own = people.setdefault(pair.station, {})
            own[pair.person] = own.get(pair.person, NOTHING).plus(_one(pair.rating))
    return times_wider(
        spread_of(
            Ratios.of((person.total, person.n) for person in own.values()),
            reduce(Moments.plus, own.values(), NOTHING).variance,
        )
        for own in people.values()
    )


def _table(rows: Sequence[StationRatings], names: Mapping[int, str]) -> int | None:
    title = _("Stations in figures")
    st.markdown(f"**{title}**")
    header = (_("Station"), _("Customer rating"), "±", _("Score"), "± ", _("Rated"))
    cells = [
        (
            *(names[row.station], row.ratings.mean, row.ratings.half_width(LEVEL)),
            *(row.scores.mean, row.scores.half_width(LEVEL), row.ratings.n),
        )
        for row in rows
    ]
    one = st.column_config.NumberColumn(format="%.1f")
    clicked = clicked_row(
        pd.DataFrame(cells, columns=list(header)),
        "ratings_table",
        alt=title,
        column_config=dict.fromkeys(header[1:5], one),
    )
    full = (
        *(_("Station"), _("Customer rating"), _("Customer rating ±")),
        *(_("Score"), _("Score ±"), _("Rated")),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Click a row for the station, a mark for its cases."))
        download_menu("ratings_table", table=Table("ratings", full, tuple(cells)))
    return clicked


def _one(value: float) -> Moments:
    return Moments(1, total=value, squares=value**2)
