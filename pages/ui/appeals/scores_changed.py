"""What appeals changed of the inspector's own scores, and a note for who opens a case."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from core.access import Action, Identity, can
from core.inspection.states import InspectionState
from db.appeals.queries.appeals import open_appeal
from db.appeals.queries.own_appeals import OwnAppeal, changed_on_appeal
from db.cases.queries.case import CaseView
from pages.ui.appeals.appeal_words import point_name
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, day, escape_markdown, number, plural, text_of

_SINCE = timedelta(days=90)


def changed_scores(who: Identity) -> None:
    """The inspector's scores that were changed on appeal in the last three months, and why."""
    with wiring.reading() as session:
        rows = changed_on_appeal(session, who, since=wiring.now() - _SINCE)
    if not rows:
        return
    title = plural(
        "{count} of your scores was changed on appeal in the last three months",
        "{count} of your scores were changed on appeal in the last three months",
        len(rows),
    )
    with st.expander(title, icon=":material/gavel:", key="changed_on_appeal"):
        for row in rows:
            _score(row)


def case_notice(who: Identity, view: CaseView) -> None:
    """A note for those who decide, with a link to the open appeal against a case."""
    if view.state != InspectionState.VALID or not can(who, Action.DECIDE_APPEALS):
        return
    with wiring.reading() as session:
        appeal_id = open_appeal(session, who, view.inspection_id)
    if appeal_id is None:
        return
    st.info(
        _("An appeal against this result is open. Amending or voiding here closes it undecided."),
        icon=":material/gavel:",
    )
    st.page_link(
        "appeal.py",
        label=_("Open the appeal"),
        icon=":material/arrow_forward:",
        query_params={"id": str(appeal_id)},
    )


def _score(row: OwnAppeal) -> None:
    with st.container(border=True):
        scores = f"{number(row.score)} → {number(row.new_score)}"
        st.markdown(f"**{escape_markdown(row.case_no)}** · {scores}")
        when = day(row.occurred_at, row.timezone)
        st.caption(f"{escape_markdown(text_of(row.title))} · {when}")
        for point in row.points:
            if point.outcome == "changed":
                st.text(f"{point_name(point.name)}: {point.decision}")
