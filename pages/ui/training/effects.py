"""Did it work? The effect of each run as a sentence, a chart and a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Identity
from core.effect import Estimate, Method
from core.periods import Period
from db.training.queries.courses import RunView, runs
from db.training.queries.effects import RunEffect, effects
from db.training.services.effects import compute_effect
from pages.ui.kit import wiring
from pages.ui.kit.charts.base import DrawnChart, show_chart
from pages.ui.kit.charts.effect import EffectRow, effect_chart
from pages.ui.kit.days import reader_zone
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.forms import change
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, day, escape_markdown, number, plural, signed
from pages.ui.kit.phrases import Side, period_name
from pages.ui.kit.tables import marked_row
from pages.ui.results.station_lines import words
from pages.ui.training.training_fields import empty
from pages.ui.training.training_words import days, run_name

_COURSE_WIDTH, _EFFECT_WIDTH = 160, 56
"""In pixels: a telephone shows course, effect and verdict."""


def effects_view(who: Identity) -> None:
    with wiring.reading() as session:
        by_run = {row.run_id: row for row in effects(session, who)}
        held = [run for run in runs(session, who) if run.attended]
    if not held:
        empty(_("No attendance is recorded yet; effects follow once people are scored again."))
        return
    _headline(list(by_run.values()))
    index = _table(held, by_run)
    newest = next((run for run in held if run.id in by_run), held[0])
    run = newest if index is None else held[index]
    st.divider()
    _one(who, run, by_run.get(run.id))


def side_of(estimate: Estimate | None) -> Side:
    if estimate is None or not estimate.established:
        return Side.UNCLEAR
    return Side.ABOVE if estimate.effect > 0 else Side.BELOW


def verdict(estimate: Estimate | None) -> str:
    if estimate is None:
        return _("cannot be told")
    return {
        Side.ABOVE: _("▲ established"),
        Side.BELOW: _("▼ for the worse"),
        Side.UNCLEAR: _("not yet established"),
    }[side_of(estimate)]


def _headline(run_effects: Sequence[RunEffect]) -> None:
    measured = [row for row in run_effects if row.estimate]
    st.subheader(_found(measured), anchor=False)
    grounds = _(
        "People picked for low scores rise anyway. That rebound is taken out by people alike "
        "who were not trained, or by how far the scores can be relied on."
    )
    if measured:
        together = _(
            "All are judged together, by intervals of {level} %: of the effects established, at "
            "most one in twenty is expected to be chance.",
            level=_percent(measured[0].level),
        )
        grounds = f"{grounds} {together}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(grounds)
        how_computed("effects_table", "effect")


def _found(measured: Sequence[RunEffect]) -> str:
    """How many runs were looked at, and what was found."""
    if not measured:
        return _("No effect can be told yet.")
    sides = [side_of(row.estimate) for row in measured]
    sentence = plural(
        "{better} of {count} run looked at has an established effect.",
        "{better} of {count} runs looked at have an established effect.",
        len(measured),
        better=sides.count(Side.ABOVE),
    )
    if worse := sides.count(Side.BELOW):
        made = plural("{count} made things worse.", "{count} made things worse.", worse)
        sentence = f"{sentence} {made}"
    return sentence


def _percent(level: float) -> str:
    """A level of intervals; never 100, which none has."""
    return number(math.floor(1000 * level + 1e-6) / 10, 1)


def _table(held: Sequence[RunView], by_run: dict[int, RunEffect]) -> int | None:
    run_effects = [by_run.get(run.id) for run in held]
    estimates = [row.estimate if row else None for row in run_effects]
    table: dict[str, list[Any]] = {
        _("Course"): [run.course for run in held],
        _("Effect"): [signed(e.effect) if e else "—" for e in estimates],
        _("Verdict"): [verdict(e) for e in estimates],
        _("Interval"): [span(e) if e else "—" for e in estimates],
        _("Change"): [signed(e.rise) if e else "—" for e in estimates],
        _("Expected anyway"): [signed(e.expected) if e else "—" for e in estimates],
        _("People who came"): [run.attended for run in held],
        _("When"): [days(run.starts_on, run.ends_on) for run in held],
    }
    widths = {_("Course"): _COURSE_WIDTH, _("Effect"): _EFFECT_WIDTH}
    config = {name: st.column_config.Column(width=width) for name, width in widths.items()}
    marked = marked_row(pd.DataFrame(table), "effects_table", column_config=config)
    ends = [e.interval if e else (None, None) for e in estimates]
    full: dict[str, list[Cell]] = {
        **{name: table[name] for name in (_("Course"), _("When"), _("People who came"))},
        _("Change"): [e.rise if e else None for e in estimates],
        _("Expected anyway"): [e.expected if e else None for e in estimates],
        _("Effect"): [e.effect if e else None for e in estimates],
        _("Interval from"): [low for low, _high in ends],
        _("to"): [high for _low, high in ends],
        _("Verdict"): table[_("Verdict")],
    }
    download_menu("training_effects", table=Table.of("training_effects", full))
    return marked


def _one(who: Identity, run: RunView, run_effect: RunEffect | None) -> None:
    st.subheader(escape_markdown(run_name(run)), anchor=False)
    if run_effect is None:
        st.info(_("Not computed yet."), icon=":material/hourglass_empty:")
    else:
        sentence = words(run_effect.sentence)
        st.markdown(f"**{sentence}**")
        if run_effect.estimate:
            drawn = _drawn(run_effect.estimate, run_effect.level)
            show_chart(drawn, f"effect_{run.id}", clickable=False)
        _grounds(run_effect)
    label = _("Compute now") if run_effect is None else _("Compute anew")
    if st.button(label, icon=":material/calculate:", key=f"compute_{run.id}"):
        with change(_("Computed.")) as session:
            compute_effect(session, who=who, run_id=run.id, now=wiring.now())


def _drawn(estimate: Estimate, level: float) -> DrawnChart:
    people = estimate.people
    low, high = estimate.interval
    rows = [
        EffectRow(
            label=_("Change seen"),
            value=estimate.rise,
            low=None,
            high=None,
            people=people,
            side=Side.UNCLEAR,
        ),
        EffectRow(
            label=_("To be expected anyway"),
            value=estimate.expected,
            low=None,
            high=None,
            people=people,
            side=Side.UNCLEAR,
        ),
        EffectRow(
            label=_("Effect, {level} % interval", level=_percent(level)),
            value=estimate.effect,
            low=low,
            high=high,
            people=people,
            side=side_of(estimate),
            verdict=verdict(estimate),
        ),
    ]
    sentence = _("The effect is what is left of the change once the expected part is taken out.")
    return effect_chart(rows, title=_("What the training changed"), sentence=sentence)


def _grounds(run_effect: RunEffect) -> None:
    """Which periods and people were compared, so that everybody can judge the effect."""
    windows = run_effect.windows
    lines = [
        _("Picked by the scores of {period}.", period=period_name(windows.selection)),
        _("Baseline: {period}.", period=_period(windows.baseline)),
        _("After: {period}.", period=_period(windows.after)),
        plural(
            "{count} person trained, {scored} of them scored since.",
            "{count} people trained, {scored} of them scored since.",
            run_effect.trained,
            scored=run_effect.scored,
        ),
    ]
    if run_effect.unmeasured:
        lines.append(
            plural(
                "{count} more came but had no scores to be picked by.",
                "{count} more came but had no scores to be picked by.",
                run_effect.unmeasured,
            )
        )
    if run_effect.estimate:
        lines.append(_method(run_effect.estimate))
    lines.append(_("Computed {day}.", day=day(run_effect.computed_at, reader_zone())))
    st.caption(" ".join(lines))


def _method(estimate: Estimate) -> str:
    if estimate.method is Method.MATCHED:
        return plural(
            "Compared with {count} untrained person with the same score at selection.",
            "Compared with {count} untrained people with the same scores at selection.",
            estimate.people,
        )
    return _(
        "Too few untrained people with the same scores: the rebound follows from how far the "
        "scores can be relied on; a change that reached everybody is not taken out."
    )


def _period(period: Period | None) -> str:
    return period_name(period) if period else _("none")


def span(estimate: Estimate) -> str:
    low, high = estimate.interval
    return _("{low} to {high}", low=signed(low), high=signed(high))
