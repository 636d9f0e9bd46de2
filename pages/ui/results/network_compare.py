"""Two periods or two groups of stations against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.periods import Period, choices, like_months
from core.results.contrast import (
    MEASURES,
    Contrast,
    SectionContrast,
    contrasts,
    joint_level,
    section_contrasts,
)
from core.results.figures import DifferenceInterval
from db.results.queries.stations import Covered
from pages.ui.kit.address import option
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.charts.base import DrawnChart, show_chart
from pages.ui.kit.charts.dots import Dot, DotScale, dots
from pages.ui.kit.days import running_month
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, escape_markdown, number, plural, text_of
from pages.ui.kit.phrases import Side, period_name, period_so_far, periods_named
from pages.ui.kit.tables import clicked_row
from pages.ui.results import filters, links, past
from pages.ui.results.measured_stations import By
from pages.ui.results.network_figures import NetworkSubject, totals

_SHARES = ("passed", "critical", "na")
_RANKED_BY: dict[str, By] = {
    "passed": "passed",
    "critical": "critical",
    "key_moments": "key_moments",
}


def pick_other(subject: NetworkSubject, covered: Sequence[Covered]) -> NetworkSubject:
    """What to compare with, unless another period or group is chosen.

    That is the same period of last year where there are inspections of it, else the one before.
    """
    now = subject.slice_.period
    usual = [now.year_before(), now.previous()]
    if not past.was_covered(usual[0], subject.slice_, covered):
        usual.reverse()
    first, last = min(row.first for row in covered), max(row.last for row in covered)
    offered = list(dict.fromkeys((*usual, now, *choices(first, last, running_month()))))
    by_code = {period.code: period for period in offered}
    names = periods_named(offered)
    label = _("Compare with")
    code = option(label, "with", list(names), names.__getitem__, follows=True)
    group = filters.pick_group(subject.places.values(), "with_stations", like=subject.group)
    return replace(subject.during(by_code[code]), group=group)


def show(subject: NetworkSubject, other: NetworkSubject, read: Reader) -> None:
    """The difference of every measure and section with its interval, by months that are alike."""
    periods = subject.slice_.period, other.slice_.period
    like = like_months(*periods, running_month())
    if like is None:
        st.info(
            _("Nothing is compared, as no month of {period} is over.", period=_not_over(periods))
        )
        return
    subject, other = subject.during(like.own), other.during(like.other)
    if (subject.slice_, subject.group) == (other.slice_, other.group):
        st.info(_("Choose another period or other stations to compare with."))
        return
    first, second = totals(subject, read), totals(other, read)
    if not (first.figures.inspections and second.figures.inspections):
        empty = subject if second.figures.inspections else other
        st.info(
            _(
                "There is no inspection in {period} to compare with.",
                period=escape_markdown(_name(subject, other, empty)),
            )
        )
        return
    if like != periods:
        st.caption(_("Told by the months that are over, and by as many of the other period."))
    names = (_name(subject, other, subject), _name(subject, other, other))
    by_measure = contrasts(first, second)
    st.markdown(f"**{escape_markdown(_sentence(by_measure, names))}**")
    left, right = st.columns([7, 9], gap="medium")
    with left:
        _sections(subject, section_contrasts(first, second), names)
    with right:
        clicked = _table(by_measure, names)
    if clicked is not None:
        by = _RANKED_BY.get(clicked, "score")
        links.open_stations(subject.slice_, stations=subject.group, by=by)


def _not_over(periods: Iterable[Period]) -> str:
    """The period of which no month is over, as Markdown."""
    running = running_month()
    return next(escape_markdown(period_name(one)) for one in periods if not one.whole(running))


def _name(subject: NetworkSubject, other: NetworkSubject, side: NetworkSubject) -> str:
    """A side named by what differs from the other: its period, its stations, or both."""
    parts = []
    if subject.slice_.period != other.slice_.period:
        parts.append(period_so_far(side.slice_.period))
    if subject.group != other.group:
        parts.append(filters.group_name(side.group))
    return " · ".join(parts)


def _sentence(by_measure: Sequence[Contrast], names: tuple[str, str]) -> str:
    before = next(contrast for contrast in by_measure if contrast.measure == "before").difference
    if before is None or not before.is_clear:
        return _("{first} and {second} cannot be told apart by their scores.").format(
            first=names[0], second=names[1]
        )
    more = _("{first} scores {points} points more than {second} ({low} to {high}).")
    less = _("{first} scores {points} points less than {second} ({low} to {high}).")
    low, high = sorted((abs(before.low or 0.0), abs(before.high or 0.0)))
    return (more if before.value > 0 else less).format(
        first=names[0],
        second=names[1],
        points=number(abs(before.value)),
        low=number(low),
        high=number(high),
    )


def _sections(
    subject: NetworkSubject, by_section: Sequence[SectionContrast], names: tuple[str, str]
) -> None:
    drawn = sections_chart(by_section, names, subject.texts.sections)
    if drawn is None:
        return
    picked = show_chart(drawn, "compare_sections", clickable=links.may_browse_cases(subject.who))
    if picked:
        links.open_cases(subject.slice_, None, section=picked["key"], station=subject.codes)


def sections_chart(
    by_section: Sequence[SectionContrast], names: tuple[str, str], titles: Mapping[str, Any]
) -> DrawnChart | None:
    """Sections in the form's order, each difference with its interval."""
    if not by_section:
        return None
    order = {key: index for index, key in enumerate(titles)}
    rows = [
        Dot(
            key=contrast.section,
            label=text_of(titles.get(contrast.section, {})) or contrast.section,
            value=contrast.difference.value,
            low=contrast.difference.low,
            high=contrast.difference.high,
            n=contrast.n,
            side=_side(contrast.difference),
        )
        for contrast in sorted(
            by_section, key=lambda contrast: order.get(contrast.section, len(order))
        )
    ]
    changed = sum(row.side is not Side.UNCLEAR for row in rows)
    sentence = plural(
        "{count} of {all} sections is shown to differ.",
        "{count} of {all} sections are shown to differ.",
        changed,
        all=len(rows),
    )
    scale = DotScale(
        title=_("Difference by section"),
        measure=_("{first} minus {second}, points", first=names[0], second=names[1]),
        pattern="+.1f",
        words=(_("higher"), _("cannot be told"), _("lower")),
        counted=_("Inspections"),
        head=_("Section"),
        lines=((0.0, _("no difference")),),
        bars=_(
            "Bars: the interval judged, {level} %.",
            level=number(100 * joint_level(len(rows)), 1),
        ),
    )
    return dots(rows, scale, sentence=sentence)


def _side(span: DifferenceInterval) -> Side:
    if not span.is_clear:
        return Side.UNCLEAR
    return Side.ABOVE if span.value > 0 else Side.BELOW


def _table(by_measure: Sequence[Contrast], names: tuple[str, str]) -> str | None:
    """The measure that was clicked."""
    title = _("All measures")
    st.markdown(f"**{title}**")
    header = (_("Measure"), *names, _("Difference"), _("Interval"))
    rows = [_row(contrast) for contrast in by_measure]
    clicked = clicked_row(pd.DataFrame(rows, columns=list(header)), "compare_table", alt=title)
    cells = tuple(_cells(contrast) for contrast in by_measure)
    columns = (_("Measure"), *names, _("Difference"), _("Interval from"), _("to"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            _(
                "Plain means: who inspected is not taken out here. Intervals of {level} % each, so "
                "that all of them hold together in 95 of 100 tables.",
                level=number(100 * joint_level(MEASURES), 1),
            )
        )
        download_menu("compare", table=Table("compare", columns, cells))
        how_computed("compare", "contrast")
    st.caption(
        _(
            "A click on a row opens the list of stations, by that measure if they are ranked by "
            "it, else by score. Stations by N/A stand above."
        )
    )
    return None if clicked is None else by_measure[clicked].measure


def _row(contrast: Contrast) -> tuple[str, ...]:
    factor = 100 if contrast.measure in _SHARES else 1
    unit = " %" if contrast.measure in _SHARES else ""
    first, second = (_written(value, factor, unit) for value in (contrast.first, contrast.second))
    span = contrast.difference
    if span is None:
        return (_measure(contrast.measure), first, second, "—", "—")
    has_interval = span.low is not None and span.high is not None
    low, high = _signed(span.low, factor), _signed(span.high, factor)
    interval = _("{low} to {high}", low=low, high=high) if has_interval else "—"
    sign = ("▲ " if span.value > 0 else "▼ ") if span.is_clear else "· "
    return (_measure(contrast.measure), first, second, sign + _signed(span.value, factor), interval)


def _cells(contrast: Contrast) -> tuple[Cell, ...]:
    span = contrast.difference or DifferenceInterval(value=0.0, low=None, high=None)
    value = span.value if contrast.difference else None
    return (_measure(contrast.measure), contrast.first, contrast.second, value, span.low, span.high)


def _measure(measure: str) -> str:
    return {
        "before": _("Before critical"),
        "score": _("Score"),
        "key_moments": _("Key moments"),
        "passed": _("Passed"),
        "critical": _("Critical failures"),
        "na": _("N/A"),
    }[measure]


def _written(value: float | None, factor: int, unit: str) -> str:
    return "—" if value is None else number(factor * value) + unit


def _signed(value: float | None, factor: int) -> str:
    if value is None:
        return "—"
    rounded = round(factor * value, 1) or 0.0  # no minus before a zero
    return ("+" if rounded > 0 else "") + number(rounded)
