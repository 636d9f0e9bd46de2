"""What was put aside and why, and taking up again one's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from core.errors import PortalError
from core.inspection.put_aside import usual_reason
from db.inspection.queries.coverage import CoverageSelection, PutAside, put_aside
from db.inspection.services.assignments import take_up
from pages.ui.kit import wiring
from pages.ui.kit.days import today
from pages.ui.kit.messages import _, flash, number, plural, show_error
from pages.ui.kit.tables import marked_row, show_table
from pages.ui.kit.terms import channel_name

_SEEN_DAYS = 92


def put_aside_list(who: Identity, selection: CoverageSelection) -> None:
    """The reasons and how often each was given, then the encounters; nothing where none is."""
    with wiring.reading() as session:
        rows = put_aside(
            session, who, since=today() - timedelta(days=_SEEN_DAYS), selection=selection
        )
    if not rows:
        return
    st.markdown("#### " + _("Put aside"))
    _reasons(rows)
    own = any(row.own for row in rows) and can(who, Action.SCORE)
    if own:
        st.caption(_("Select one of yours to take it up again."))
    table = pd.DataFrame([_cells(row) for row in rows])
    if not own:
        show_table(table, key="put_aside")
        return
    marked = marked_row(table, "put_aside")
    if marked is None or not rows[marked].own:
        return
    if st.button(_("Take up again"), key="take_up", icon=":material/undo:"):
        _take_up(who, rows[marked])


def _reasons(rows: Sequence[PutAside]) -> None:
    counts = Counter(usual_reason(row.reason) for row in rows)
    show_table(
        pd.DataFrame(
            {
                _("Reason"): [_(reason) if reason else _("Other reasons") for reason in counts],
                _("Put aside"): [number(count, 0) for count in counts.values()],
            }
        ),
        key="put_aside_reasons",
        alt=plural("{count} put aside", "{count} put aside", len(rows)),
    )


def _take_up(who: Identity, row: PutAside) -> None:
    try:
        with wiring.transaction() as session:
            take_up(session, who=who, assignment_id=row.assignment_id, now=wiring.now())
    except PortalError as error:
        show_error(error)
        return
    flash(_("{case} is in your queue again.", case=row.case))
    st.rerun()


def _cells(row: PutAside) -> dict[str, str]:
    reason = usual_reason(row.reason)
    return {
        _("Encounter"): row.case,
        _("Channel"): channel_name(row.channel),
        _("Station"): row.station,
        _("Inspector"): row.inspector,
        _("Reason"): _(reason) if reason else row.reason,
    }
