"""Stations against their targets: a sentence, a chart, a table, and the form that sets them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from core.periods import first_day, shift
from core.results.figures import NOTHING, Figures, Moments, Proportion
from core.results.targets import (
    TARGET_MEASURES,
    Aimed,
    Distance,
    TargetDistances,
    TargetMeasure,
    TargetVerdict,
    distances,
)
from db.people.queries.people import StationRow
from db.results.queries import network, stations
from db.results.queries.people_spread import PeopleSpread, people_spread
from db.results.queries.stations import Slice
from db.results.queries.targets import TargetRow, target_changes, targets_on
from db.results.services.targets import TargetSetting, set_targets
from db.store.days import portal_day
from pages.ui.kit import forms, wiring
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.charts.base import DrawnChart, show_chart
from pages.ui.kit.charts.dots import Dot, DotScale, dots
from pages.ui.kit.days import reader_zone
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, language, moment, number, plural, signed
from pages.ui.kit.phrases import Side
from pages.ui.kit.tables import clicked_row, show_table
from pages.ui.results import links

_SIDES = {
    TargetVerdict.BETTER: Side.ABOVE,
    TargetVerdict.WORSE: Side.BELOW,
    TargetVerdict.CANNOT_TELL: Side.UNCLEAR,
    TargetVerdict.TOO_FEW: Side.UNCLEAR,
}


def show(
    who: Identity,
    slice_: Slice,
    read: Reader,
    places: Mapping[int, StationRow],
    shown: Collection[int],
    *,
    alone: bool = False,
) -> None:
    """The targets of the shown stations, all stations of the slice being judged together.

    `alone` is a station on its own page. Nothing where nobody has set any and the reader may set
    none.
    """
    with wiring.reading() as session:
        end = first_day(shift(slice_.period.last, 1)) - timedelta(days=1)
        today = portal_day(session, wiring.now())
        rows = targets_on(session, who, slice_.checklist_id, min(end, today))
    may_set = can(who, Action.SET_TARGETS)
    judged = distances(_aims(rows, slice_, read))
    since = {(row.station, row.measure): row for row in rows}
    own = [row for row in judged.rows if row.aimed.station in shown]
    if not own and not may_set:
        return
    st.subheader(_("Targets"), anchor=False)
    if own:
        _distances(TargetDistances(judged.level, tuple(own)), since, slice_, places, alone=alone)
    else:
        st.caption(_("No target is in force at the end of this period."))
    if may_set:
        with st.expander(_("Set targets")):
            _form(who, slice_, places, shown)


def _aims(rows: Sequence[TargetRow], slice_: Slice, read: Reader) -> list[Aimed]:
    """What the stations with targets reached; those without an inspection are left out."""
    if not rows:
        return []
    figures = read(stations.station_figures, slice_)
    moments: dict[int, Moments] = {}
    for rest in read(network.station_rest, slice_):
        moments[rest.station] = moments.get(rest.station, NOTHING).plus(rest.key_moments)
    spread = read(people_spread, slice_)
    return [
        Aimed(
            station=row.station,
            measure=row.measure,
            reached=_reached(row.measure, figures[row.station], moments.get(row.station, NOTHING)),
            target=row.value,
            spread=_spread(row.measure, spread),
        )
        for row in rows
        if row.station in figures
    ]


def _reached(
    measure: TargetMeasure, figures: Figures, key_moments: Moments
) -> Moments | Proportion:
    reached: dict[TargetMeasure, Moments | Proportion] = {
        "score": figures.scores,
        "before": figures.before,
        "key_moments": key_moments,
        "passed": Proportion(figures.passed, figures.n),
        "critical": Proportion(figures.critical, figures.inspections),
    }
    return reached[measure]


def _spread(measure: TargetMeasure, spread: PeopleSpread) -> float:
    """Of official scores the wider of both, as they are of scores and of critical failures."""
    return {
        "score": max(spread.scores, spread.critical),
        "passed": spread.passed,
        "critical": spread.critical,
    }.get(measure, spread.scores)


def measure_name(measure: TargetMeasure) -> str:
    return {
        "score": _("Score"),
        "before": _("Before critical"),
        "key_moments": _("Key moments"),
        "passed": _("Passed, %"),
        "critical": _("Critical failures, %"),
    }[measure]


def headline(judged: TargetDistances) -> str:
    """How many targets were looked at, and what was judged."""
    worse, better = judged.count(TargetVerdict.WORSE), judged.count(TargetVerdict.BETTER)
    return plural(
        "{count} target looked at: {worse} missed and {better} surpassed by more than chance, "
        "{unclear} cannot be told, {few} with too few inspections.",
        "{count} targets looked at: {worse} missed and {better} surpassed by more than chance, "
        "{unclear} cannot be told, {few} with too few inspections.",
        len(judged.rows),
        worse=worse,
        better=better,
        unclear=judged.count(TargetVerdict.CANNOT_TELL),
        few=judged.count(TargetVerdict.TOO_FEW),
    )


def _distances(
    judged: TargetDistances,
    since: Mapping[tuple[int, TargetMeasure], TargetRow],
    slice_: Slice,
    places: Mapping[int, StationRow],
    *,
    alone: bool,
) -> None:
    rows = sorted(judged.rows, key=_worst_first)
    labels = [
        measure_name(row.aimed.measure)
        if alone
        else f"{places[row.aimed.station].name(language())} · {measure_name(row.aimed.measure)}"
        for row in rows
    ]
    left, right = st.columns([7, 10], gap="medium")
    with left:
        chart = drawn(rows, labels, judged)
        picked = show_chart(chart, "targets_chart", clickable=not alone, how="targets")
    if picked:
        links.open_station(int(picked["key"]), slice_)
    with right:
        title = _("Targets in figures")
        st.markdown(f"**{title}**")
        header = (
            *(_("Station"), _("Measure"), _("Target"), _("Reached"), _("Distance")),
            *(_("Interval"), _("Compared"), "n", _("In force from")),
        )
        frame = pd.DataFrame([_cells(row, since, places) for row in rows], columns=list(header))
        clicked = clicked_row(
            frame.drop(columns=header[0]) if alone else frame, "targets_table", alt=title
        )
        full = (
            *(*header[:5], _("Interval from"), _("to")),
            *(_("Compared"), _("Inspections"), _("In force from")),
        )
        table = Table("targets", full, tuple(_full(row, since, places) for row in rows))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(
                _("Of the inspections chosen above; the target in force at the period's end.")
            )
            download_menu("targets_table", table=table)
    if clicked is not None and not alone:
        links.open_station(rows[clicked].aimed.station, slice_)


def drawn(rows: Sequence[Distance], labels: Sequence[str], judged: TargetDistances) -> DrawnChart:
    """The distances with the intervals that are judged."""
    scale = DotScale(
        title=_("Distance to the target"),
        measure=_("Figure less target, points or percent points"),
        pattern="+.1f",
        words=(_("better"), _("cannot be told"), _("worse")),
        counted=_("Inspections"),
        head=_("Target"),
        lines=((0.0, _("target")),),
        bars=_("Bars: the interval judged, {level} %.", level=number(100 * judged.level, 1)),
    )
    marks = [
        Dot(
            key=str(row.aimed.station),
            label=label,
            value=row.distance,
            low=row.interval.lower if row.interval else None,
            high=row.interval.upper if row.interval else None,
            n=row.n,
            side=_SIDES[row.verdict],
        )
        for row, label in zip(rows, labels, strict=True)
        if row.distance is not None
    ]
    return dots(marks, scale, sentence=headline(judged))


def _worst_first(row: Distance) -> tuple[bool, float]:
    sign = -1 if row.aimed.measure == "critical" else 1
    return row.distance is None, sign * (row.distance or 0.0)


def _cells(
    row: Distance,
    since: Mapping[tuple[int, TargetMeasure], TargetRow],
    places: Mapping[int, StationRow],
) -> tuple[object, ...]:
    aimed = row.aimed
    span = row.interval
    interval = _("{low} to {high}", low=signed(span.lower), high=signed(span.upper)) if span else ""
    return (
        *(places[aimed.station].name(language()), measure_name(aimed.measure)),
        *(number(aimed.target), number(row.value)),
        *("—" if row.distance is None else signed(row.distance), interval),
        *(verdict_name(row.verdict), row.n, day(since[aimed.station, aimed.measure].since)),
    )


def _full(
    row: Distance,
    since: Mapping[tuple[int, TargetMeasure], TargetRow],
    places: Mapping[int, StationRow],
) -> tuple[Cell, ...]:
    aimed, span = row.aimed, row.interval
    return (
        *(places[aimed.station].name(language()), measure_name(aimed.measure), aimed.target),
        *(row.value, row.distance),
        *((span.lower, span.upper) if span else (None, None)),
        *(verdict_name(row.verdict), row.n),
        since[aimed.station, aimed.measure].since.isoformat(),
    )


def verdict_name(verdict: TargetVerdict) -> str:
    return {
        TargetVerdict.BETTER: _("better"),
        TargetVerdict.CANNOT_TELL: _("cannot be told"),
        TargetVerdict.WORSE: _("worse"),
        TargetVerdict.TOO_FEW: _("too few"),
    }[verdict]


def _form(
    who: Identity, slice_: Slice, places: Mapping[int, StationRow], shown: Collection[int]
) -> None:
    with wiring.reading() as session:
        today = portal_day(session, wiring.now())
        changes = target_changes(session, who, slice_.checklist_id)
    names = {key: places[key].name(language()) for key in sorted(places)}
    usual = list(shown) if len(shown) == 1 else []
    form = "_".join(map(str, ["targets", slice_.checklist_id, *usual]))
    with forms.opened(form, border=False):
        chosen = st.multiselect(
            _("Stations"),
            list(names),
            format_func=names.__getitem__,
            **forms.choice(form, "stations", usual, list(names)),
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            measure = st.selectbox(
                _("Measure"),
                TARGET_MEASURES,
                index=None,
                format_func=measure_name,
                placeholder=_("Choose a measure"),
                width=220,
                **forms.choice(form, "measure", None, TARGET_MEASURES),
            )
            value = st.number_input(
                _("Target, 0 to 100; empty: none any more"),
                min_value=0.0,
                max_value=100.0,
                step=0.5,
                format="%g",
                width=260,
                **forms.amount(form, "value", None),
            )
            begin = st.date_input(
                _("In force from"), width=160, **forms.choice(form, "from", today)
            )
        ready = bool(chosen) and measure is not None
        pressed = st.button(
            _("Set the target"), type="primary", disabled=not ready, key=f"{forms.key(form)}_save"
        )
    if pressed:
        setting = TargetSetting(slice_.checklist_id, str(measure), value, begin)
        with change(_("The target is set."), form) as session:
            set_targets(session, who=who, station_ids=chosen, setting=setting, now=wiring.now())
    if changes:
        zone = reader_zone()
        show_table(
            {
                _("Station"): [names.get(row.station, str(row.station)) for row in changes],
                _("Measure"): [measure_name(row.measure) for row in changes],
                _("Target"): ["—" if row.value is None else number(row.value) for row in changes],
                _("In force from"): [day(row.since) for row in changes],
                _("Changed at"): [moment(row.changed_at, zone) for row in changes],
                _("By"): [row.changed_by for row in changes],
            },
        )
