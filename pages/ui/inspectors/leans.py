"""Groups that an inspector is harder or easier on: to the inspector, later to quality managers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from core.inspectors.leans import FEWEST, Lean
from core.results.figures import ENOUGH
from db.inspectors.queries.leans import ToldLean, own_leans, shown_leans
from db.inspectors.services.told_first import note_leans_shown
from pages.ui.kit import days, wiring
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, day, number, signed
from pages.ui.kit.phrases import period_name
from pages.ui.kit.tables import show_table
from pages.ui.results.group_figures import group_name, grouping_name


def own(who: Identity) -> None:
    """What stood out of the person's own scores lately, which counts as shown from then on."""
    with wiring.reading() as session:
        leans = own_leans(session, who, days.lately())
    if not leans:
        return
    if any(one.shown_at is None for one in leans):
        with wiring.transaction() as session:
            note_leans_shown(session, who=who, period=leans[0].period, now=wiring.now())
    with st.container(border=True, key="own_leans"):
        for one in leans:
            st.text(_sentence(one))
        st.caption(
            _(
                "There may be reasons that are not recorded: harder encounters, for one. You are"
                " told first; quality managers see these numbers from now on."
            )
        )
        how_computed("own_leans", "lean")


def shown_to_inspectors(who: Identity) -> None:
    """The same of all inspectors, for those who look after them."""
    if not can(who, Action.SEE_LEANS):
        return
    with wiring.reading() as session:
        leans = shown_leans(session, who, days.lately())
    title = _("Inspectors who are harder or easier on a group")
    st.subheader(title, anchor=False)
    if leans:
        _table(leans, title)
    else:
        st.info(_("None stands out that the inspector has been shown, of the last months."))
    st.caption(
        _(
            "Of six whole months, whatever is chosen above. Silent below {enough} inspections of an"
            " inspector or of colleagues at the same places, or {fewest} of the group or of others."
            " Each inspector was shown this first. It says nothing about why.",
            enough=ENOUGH,
            fewest=FEWEST,
        )
    )
    how_computed("leans", "lean")


def _sentence(row: ToldLean) -> str:
    lean = row.lean
    values = {
        "period": period_name(row.period),
        "facet": grouping_name(lean.by),
        "group": group_name(lean.by, lean.group),
        "points": number(abs(lean.points.value)),
        "interval": _interval(lean),
        "own": number(lean.own, 0),
        "others": number(lean.own_others, 0),
        "theirs": number(lean.theirs, 0),
        "colleagues": number(lean.colleagues, 0),
    }
    if lean.points.value < 0:
        return _(
            "{period}, {facet}: you gave “{group}” {points} points less than colleagues did, after"
            " taking out how strict each of you is (interval {interval}). {own} of your inspections"
            " of this group and {others} of others were compared with {theirs} of {colleagues}"
            " colleagues at the same stations.",
            **values,
        )
    return _(
        "{period}, {facet}: you gave “{group}” {points} points more than colleagues did, after"
        " taking out how strict each of you is (interval {interval}). {own} of your inspections of"
        " this group and {others} of others were compared with {theirs} of {colleagues} colleagues"
        " at the same stations.",
        **values,
    )


def _table(leans: Sequence[ToldLean], title: str) -> None:
    rows = pd.DataFrame([_cells(row) for row in leans])
    show_table(rows, alt=title, height="content")


def _cells(row: ToldLean) -> dict[str, str | int]:
    lean = row.lean
    return {
        _("Inspector"): row.inspector,
        _("Months"): period_name(row.period),
        _("Told apart by"): grouping_name(lean.by),
        _("Group"): group_name(lean.by, lean.group),
        _("Points beyond colleagues"): signed(lean.points.value),
        _("Interval"): _interval(lean),
        _("Inspections of the group"): lean.own,
        _("Of others"): lean.own_others,
        _("Colleagues'"): lean.theirs,
        _("Looked at together"): row.looked_at,
        _("Shown to the inspector"): day(row.shown_at, days.reader_zone()) if row.shown_at else "",
    }


def _interval(lean: Lean) -> str:
    if lean.points.low is None or lean.points.high is None:
        return "—"
    return _("{low} to {high}", low=signed(lean.points.low), high=signed(lean.points.high))
