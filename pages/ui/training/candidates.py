"""Who should attend a run: proposed from findings and due dates, enrolled in one click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Identity
from core.training import Reason, windows_of
from db.training.queries.candidates import Candidate, Planning, ProposalBasis, candidates
from db.training.queries.courses import RunView
from db.training.queries.taught import items_of, people_tallies
from db.training.services.attendance import enrol, enrol_numbers
from pages.ui.kit import wiring
from pages.ui.kit.actions import change
from pages.ui.kit.cached import Reader
from pages.ui.kit.messages import _, number, plural
from pages.ui.training.fields import station_titles
from pages.ui.training.words import reason_name

_USUAL_EFFECT = 10.0
_USUAL_SIZE = 12


def candidates_part(who: Identity, run: RunView, today: date, *, enrolled: int) -> None:
    with wiring.reading() as session:
        items = items_of(session, who, run.course_id)
    by_staff = Reader()(people_tallies, who, items, run.selection)
    with wiring.reading() as session:
        basis = ProposalBasis(run.selection, today, by_staff, run.id)
        proposal = candidates(session, who, run.course_id, basis)
    needed = _planning(proposal.planning, run, enrolled)
    if proposal.people:
        _proposals(who, run, proposal.people, needed)
    else:
        st.caption(_("Nobody else stands out on what this course teaches, and nobody is due."))
    _by_number(who, run)


def _planning(planning: Planning, run: RunView, enrolled: int) -> int | None:
    """How many people an answer needs, in a sentence; None where that is unknown."""
    effect = st.number_input(
        _("Smallest effect worth finding, points of 100"),
        1.0,
        100.0,
        _USUAL_EFFECT,
        step=1.0,
        format="%.0f",
        width=280,
        key=f"planned_effect_{run.id}",
    )
    windows = windows_of(run.selection, run.starts_on, run.ends_on, run.selection.last)
    before = windows.baseline or windows.selection
    needed = planning.needed(effect, months_before=before.length)
    if needed is None:
        st.caption(
            _("Too few scores on what this course teaches to say how many people are needed.")
        )
        return None
    st.markdown(
        plural(
            "To establish an effect of {effect} points, **{count} person** has to come, with as "
            "many alike who are not trained; {enrolled} are enrolled.",
            "To establish an effect of {effect} points, **{count} people** have to come, with as "
            "many alike who are not trained; {enrolled} are enrolled.",
            needed,
            effect=number(effect, 0),
            enrolled=enrolled,
        )
    )
    if planning.scored < 2 * needed:
        st.caption(
            plural(
                "Only {count} person has scores on it; a smaller effect will not be told from "
                "chance.",
                "Only {count} people have scores on it; a smaller effect will not be told from "
                "chance.",
                planning.scored,
            )
        )
    return needed


def _proposals(
    who: Identity, run: RunView, people: Sequence[Candidate], needed: int | None
) -> None:
    event: Any = st.dataframe(
        _table(people),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"candidates_{run.id}",
        column_config={
            _("Share"): st.column_config.ProgressColumn(format="%.0f %%", max_value=100)
        },
    )
    picked = [people[row] for row in event.selection.rows if row < len(people)]
    first = min(len(people), needed or _USUAL_SIZE)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.number_input(
            _("Without a selection, the first"),
            1,
            len(people),
            first,
            width=220,
            key=f"first_{run.id}",
        )
        to_enrol = picked or list(people[: int(count)])
        label = plural("Enrol {count} person", "Enrol {count} people", len(to_enrol))
        clicked = st.button(
            label, type="primary", icon=":material/person_add:", key=f"enrol_{run.id}"
        )
    st.caption(_("Names are shown once people are enrolled."))
    if clicked:
        staff: dict[int, Reason] = {row.staff_id: row.reason for row in to_enrol}
        with change(_("Enrolled.")) as session:
            enrol(session, who=who, run_id=run.id, staff=staff, now=wiring.now())


def _table(people: Sequence[Candidate]) -> pd.DataFrame:
    places = station_titles()
    return pd.DataFrame(
        {
            _("Station"): [places[row.station_code] for row in people],
            _("Member of staff"): [row.label for row in people],
            _("Why"): [reason_name(row.reason) for row in people],
            _("Inspections"): [row.inspections for row in people],
            _("With a loss"): [row.losing for row in people],
            _("Share"): [
                100 * row.losing / row.inspections if row.inspections else None for row in people
            ],
        }
    )


def _by_number(who: Identity, run: RunView) -> None:
    with (
        st.form(f"numbers_{run.id}", clear_on_submit=True, border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        numbers_text = st.text_input(_("Staff numbers, separated by spaces or commas"))
        clicked = st.form_submit_button(_("Enrol these"))
    if clicked:
        with change(_("Enrolled.")) as session:
            numbers = numbers_text.replace(",", " ").replace("、", " ").split()
            enrol_numbers(session, who=who, run_id=run.id, numbers=numbers, now=wiring.now())
