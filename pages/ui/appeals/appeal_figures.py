"""What appeals came to by item, and how long each step may take."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from core.access import Identity
from core.appeals.deadlines import DAYS, ENOUGH, Outcomes, Step
from db.appeals.queries.appeals import ItemOutcomes, outcomes, terms
from db.appeals.services.decisions import LONGEST_DAYS, save_terms
from pages.ui.appeals.appeal_words import point_name
from pages.ui.kit import wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, number, plural
from pages.ui.kit.tables import show_table

_YEAR = timedelta(days=365)


def by_item(who: Identity) -> None:
    """How many decided points of each item changed the score, in the last twelve months."""
    with wiring.reading() as session:
        rows = outcomes(session, who, since=wiring.now() - _YEAR)
    if not rows:
        st.info(_("Nothing was decided in the last twelve months."), icon=":material/fact_check:")
        return
    st.subheader(_headline(rows), anchor=False)
    show_table(
        _frame(rows),
        key="appeal_outcomes",
        column_config={
            name: st.column_config.TextColumn(alignment="right")
            for name in (_("Share changed, %"), _("Interval"))
        },
        alt=_("Decided points of appeals by item"),
    )
    st.caption(
        _(
            "A point is one item of one appeal, decided in the last twelve months. An item that is"
            " changed often is read in more than one way: its wording or guide needs work. Below"
            " {least} points there is a count and no share; intervals are Wilson's, 90 %.",
            least=ENOUGH,
        )
    )


def time_limits(who: Identity) -> None:
    """The form of the days by step; an open appeal keeps its due day."""
    with wiring.reading() as session:
        days = terms(session)
    st.caption(
        _("In calendar days at the station. Open appeals keep their day. The proposals are ours.")
    )
    with st.form("appeal_terms", border=False, width=560):
        new_days = {
            step: st.number_input(
                _step_names()[step],
                1,
                LONGEST_DAYS,
                days[step],
                help=_("Proposed: {days} days.", days=DAYS[step]),
                key=f"days_{step}",
            )
            for step in Step
        }
        if st.form_submit_button(_("Save"), type="primary"):
            with change(_("Saved.")) as session:
                save_terms(session, who=who, days=new_days, now=wiring.now())


def _step_names() -> dict[Step, str]:
    return {
        Step.RAISE: _("Days to appeal, from the result or its last amendment"),
        Step.DECIDE: _("Days to decide, from the appeal"),
    }


def _headline(rows: list[ItemOutcomes]) -> str:
    total = Outcomes(
        "",
        kept=sum(row.outcomes.kept for row in rows),
        changed=sum(row.outcomes.changed for row in rows),
    )
    sentence = plural(
        "{changed} of {count} decided point changed the score",
        "{changed} of {count} decided points changed the score",
        total.decided,
        changed=total.changed,
    )
    if total.share_changed is None:
        return sentence
    share = _("{share} % ({interval})", share=_share(total), interval=_interval(total))
    return f"{sentence} · {share}"


def _frame(rows: list[ItemOutcomes]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Item"): [point_name(row.name) for row in rows],
            _("Key"): [row.outcomes.item_key for row in rows],
            _("Decided"): [row.outcomes.decided for row in rows],
            _("Score changed"): [row.outcomes.changed for row in rows],
            _("Share changed, %"): [_share(row.outcomes) for row in rows],
            _("Interval"): [_interval(row.outcomes) for row in rows],
        }
    )


def _share(counts: Outcomes) -> str:
    return "—" if counts.share_changed is None else _percent(counts.share_changed)


def _interval(counts: Outcomes) -> str:
    ends = counts.interval
    return "—" if ends is None else f"{_percent(ends.lower)}–{_percent(ends.upper)}"


def _percent(share: float) -> str:
    return number(100 * share, 0)
