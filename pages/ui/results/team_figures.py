"""A person's own scores beside the team's, by checklist, for a quarter that is over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from core.results.team_comparison import FEWEST_OTHERS, quarters_before
from db.results.queries.team_figures import TeamLine, team_figures
from db.store.days import portal_day
from pages.ui.kit import wiring
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, escape_markdown, round_half_up, text_of
from pages.ui.kit.phrases import listed, period_name
from pages.ui.kit.tables import show_table
from pages.ui.results.ranking_view import change_words

_QUARTERS = 4


def beside_team(who: Identity) -> None:
    """The table, in a box that reads nothing while it is closed."""
    if not can(who, Action.SEE_TEAM_FIGURES) or who.team_id is None:
        return
    title = _("My scores beside my team's")
    with st.expander(title, icon=":material/groups:", key="team", on_change="rerun") as box:
        if box.open:
            _quarter(who)


def _quarter(who: Identity) -> None:
    with wiring.reading() as session:
        today = portal_day(session, wiring.now())
    period = st.selectbox(
        _("Quarter"),
        quarters_before(today, _QUARTERS),
        format_func=period_name,
        key="team_quarter",
        width=200,
    )
    with wiring.reading() as session:
        lines = team_figures(session, who, period)
    if all(line.scores.team is None for line in lines):
        st.info(_hidden(), icon=":material/visibility_off:")
    if not lines:
        return
    if any(line.scores.difference for line in lines):
        st.markdown(f"**{escape_markdown(_headline(lines))}**")
    show_table(
        _frame(lines),
        column_config=_columns(),
        placeholder="—",
        key="team_figures",
        alt=_("My scores beside my team's"),
    )
    _notes(lines)
    how_computed("team_figures", "team")


def _notes(lines: Sequence[TeamLine]) -> None:
    missing = sum(line.scores.team is None for line in lines)
    if 0 < missing < len(lines):
        st.caption(
            _(
                "No team figure (—): fewer than {fewest} other people have results with this"
                " checklist, or most of them are one person's.",
                fewest=FEWEST_OTHERS,
            )
        )
    st.caption(
        _(
            "The team are the other people of your station; nobody's own figures are shown."
            " Encounters drawn at random, of quarters that are over. ± is half of a 90 % interval."
        )
    )


def _hidden() -> str:
    return _(
        "Your team's figures are not shown: in this quarter fewer than {fewest} other people have"
        " results, or most of them are one person's.",
        fewest=FEWEST_OTHERS,
    )


def _headline(lines: Sequence[TeamLine]) -> str:
    clear = [
        (text_of(line.title), line.scores.difference.value)
        for line in lines
        if line.scores.difference and line.scores.difference.is_clear
    ]
    if not clear:
        return _("Your scores and your team's cannot be told apart.")
    above = [name for name, value in clear if value > 0]
    below = [name for name, value in clear if value < 0]
    parts = [_("Clearly above your team: {names}.", names=listed(above))] if above else []
    parts += [_("Clearly below your team: {names}.", names=listed(below))] if below else []
    return " ".join(parts)


def _frame(lines: Sequence[TeamLine]) -> pd.DataFrame:
    team = [line.scores.team for line in lines]
    return pd.DataFrame(
        {
            "checklist": [text_of(line.title) for line in lines],
            "own": [_rounded(line.scores.own.mean) for line in lines],
            "team": [_rounded(group.scores.mean) if group else None for group in team],
            "half": [_rounded(group.scores.half_width()) if group else None for group in team],
            "difference": [change_words(line.scores.difference) or "—" for line in lines],
            "own_n": [line.scores.own.n for line in lines],
            "team_n": [group and group.scores.n for group in team],
            "people": [group and group.people for group in team],
        }
    )


def _rounded(value: float | None) -> float | None:
    """As displayed: more digits would let two figures be subtracted to a single result."""
    return None if value is None else float(round_half_up(value, 1))


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "checklist": config.TextColumn(_("Checklist")),
        "own": config.NumberColumn(_("My score"), format="%.1f"),
        "team": config.NumberColumn(_("Team's score"), format="%.1f"),
        "half": config.NumberColumn("±", format="%.1f"),
        "difference": config.TextColumn(_("Difference")),
        "own_n": config.NumberColumn(_("My n"), format="%d"),
        "team_n": config.NumberColumn(_("Team's n"), format="%d"),
        "people": config.NumberColumn(_("People"), format="%d"),
    }
