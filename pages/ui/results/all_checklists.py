"""All checklists of a period side by side; no mean is taken over several of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.periods import LikeMonths, Period
from core.results.figures import Figures, Gap
from core.results.station_comparison import changes_at_once
from db.checklists.queries.texts import ChecklistTexts
from db.results.queries.network import checklist_figures
from db.results.queries.people_spread import people_spread
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, number, text_of
from pages.ui.kit.tables import clicked_row
from pages.ui.results import links
from pages.ui.results.network_figures import NetworkSubject
from pages.ui.results.past import period_before
from pages.ui.results.ranking_view import change_words


def show(subject: NetworkSubject, read: Reader, texts: Mapping[int, ChecklistTexts]) -> None:
    """A row for each checklist of the period, sample and stations; a click opens its stations."""
    now = _by_checklist(subject, read, subject.slice_.period)
    past = period_before(subject.slice_.period)
    order = sorted(now, key=lambda key: (-now[key].inspections, key))
    title = _("All checklists of the period")
    st.subheader(title, anchor=False)
    changes = _changes(subject, read, past.like)
    frame = pd.DataFrame(
        {
            "checklist": [text_of(texts[key].title) for key in order],
            "n": [now[key].inspections for key in order],
            "before": [now[key].before.mean for key in order],
            "half": [now[key].before.half_width() for key in order],
            "change": [change_words(changes.get(key)) for key in order],
            "score": [now[key].scores.mean for key in order],
            "passed": [_hundred(now[key].pass_rate) for key in order],
            "critical": [_hundred(now[key].critical_rate) for key in order],
            "interval": [_interval(now[key]) for key in order],
        }
    )
    clicked = clicked_row(frame, "all_checklists", alt=title, column_config=_columns())
    with st.container(horizontal=True, vertical_alignment="center"):
        apart = _(
            "Scores of different checklists do not measure the same, so that no mean is taken over "
            "them. All channels together. A click on a row opens its stations."
        )
        dots = _("A dot where no change is shown.")
        st.caption(f"{apart} {past.sentence} {dots}")
        table = _table([(texts[key], now[key], changes.get(key)) for key in order])
        download_menu("all_checklists", table=table)
        how_computed("all_checklists", "change")
    if clicked is not None:
        slice_ = replace(subject.slice_, checklist_id=order[clicked], channel=None)
        links.open_stations(slice_, stations=subject.group)


def _by_checklist(subject: NetworkSubject, read: Reader, period: Period) -> dict[int, Figures]:
    figures: dict[int, Figures] = {}
    for row in read(checklist_figures, subject.slice_.during(period)):
        if subject.holds(row.station):
            sum_ = figures.get(row.checklist_id, Figures.nothing())
            figures[row.checklist_id] = sum_.plus(row.figures)
    return figures


def _changes(subject: NetworkSubject, read: Reader, like: LikeMonths | None) -> dict[int, Gap]:
    """By checklist, all judged at once, inspections of one person going together.

    They widen every interval as they do where they widen it most.
    """
    if like is None:
        return {}
    now, before = (_by_checklist(subject, read, months) for months in like)
    every = replace(subject.slice_, channel=None)
    spreads = (
        read(people_spread, replace(every, checklist_id=key)).scores for key in now if key in before
    )
    return changes_at_once(now, before, max(spreads, default=1.0))


def _interval(figures: Figures) -> str:
    interval = figures.critical_interval()
    if interval is None:
        return ""
    return f"{number(100 * interval.lower)}–{number(100 * interval.upper)}"


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "checklist": config.TextColumn(_("Checklist"), width=210),
        "n": config.NumberColumn(_("Inspections"), format="%d"),
        "before": config.NumberColumn(
            _("Before critical"),
            format="%.1f",
            help=_("Mean score before critical failures, points of 100"),
        ),
        "half": config.NumberColumn("±", format="%.1f", help=_("Half of the 90 % interval")),
        "change": config.TextColumn(
            _("Change"),
            help=_("Plain means, with the interval judged: all checklists are looked at together"),
        ),
        "score": config.NumberColumn(_("Score"), format="%.1f"),
        "passed": config.NumberColumn(_("Passed"), format="%.1f %%"),
        "critical": config.NumberColumn(
            _("Critical"), format="%.1f %%", help=_("Share with a critical failure")
        ),
        "interval": config.TextColumn(_("90 % interval"), help=_("Of the critical failures, %")),
    }


def _table(rows: list[tuple[ChecklistTexts, Figures, Gap | None]]) -> Table:
    header = (
        *(_("Checklist"), _("Inspections"), _("Score before critical failures"), "±"),
        *(_("Change"), _("Change ±"), _("Score"), _("Passed"), _("Critical")),
        *(_("Interval from"), _("to")),
    )
    cells: list[tuple[Cell, ...]] = []
    for texts, own, change in rows:
        interval = own.critical_interval()
        ends = (interval.lower, interval.upper) if interval else (None, None)
        cells.append(
            (
                *(text_of(texts.title), own.inspections, own.before.mean, own.before.half_width()),
                *(change and change.value, change and change.half, own.scores.mean),
                *(own.pass_rate, own.critical_rate, *ends),
            )
        )
    return Table("all_checklists", header, tuple(cells))


def _hundred(rate: float | None) -> float | None:
    return None if rate is None else 100 * rate
