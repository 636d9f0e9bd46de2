"""The same answer all through, faster than can be read: to the inspector, later to who plans."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from core.inspectors.straight_lining import FEWEST, LEAST_BEYOND, Basis
from db.inspectors.queries.answer_patterns import ToldPattern, own_pattern, shown_patterns
from db.inspectors.services.told_first import note_pattern_shown
from pages.ui.kit import days, wiring
from pages.ui.kit.messages import _, day, number
from pages.ui.kit.phrases import period_name
from pages.ui.kit.tables import show_table


def own(who: Identity) -> None:
    """What stood out of the person's own answers lately, which counts as shown from then on."""
    with wiring.reading() as session:
        pattern = own_pattern(session, who, days.lately())
    if pattern is None:
        return
    if pattern.shown_at is None:
        with wiring.transaction() as session:
            note_pattern_shown(session, who=who, period=pattern.period, now=wiring.now())
    with st.container(border=True, key="own_pattern"):
        st.text(_sentence(pattern))
        st.caption(
            _(
                "There may be reasons that are not recorded: you knew the encounter already, or"
                " worked on it beside the pad. You are told first; those who plan inspections see"
                " these numbers from now on."
            )
        )


def shown_to_inspectors(who: Identity) -> None:
    """The same of all inspectors, for those who give them work; nothing where there is none."""
    if not can(who, Action.ASSIGN):
        return
    with wiring.reading() as session:
        patterns = shown_patterns(session, who, days.lately())
    if not patterns:
        return
    title = _("The same answer all through, faster than can be read")
    st.subheader(title, anchor=False)
    show_table(pd.DataFrame([_cells(each) for each in patterns]), alt=title)
    st.caption(
        _(
            "Of at least {fewest} evaluations in three months, {beyond} percent points or more"
            " above colleagues, and by chance at most once in a hundred. It says nothing about why."
            " Each inspector was shown this first.",
            fewest=FEWEST,
            beyond=number(100 * LEAST_BEYOND, 0),
        )
    )


def _sentence(pattern: ToldPattern) -> str:
    counts = {
        "period": period_name(pattern.period),
        "straight": number(pattern.straight, 0),
        "evaluations": number(pattern.evaluations, 0),
        "others_straight": number(pattern.others_straight, 0),
        "others": number(pattern.others, 0),
    }
    if pattern.basis is Basis.ENCOUNTERS:
        return _(
            "{period}: in {straight} of {evaluations} of your evaluations every item that applied"
            " got the same answer, in less time than the encounter takes to read; colleagues did so"
            " in {others_straight} of {others} of the same encounters.",
            **counts,
        )
    return _(
        "{period}: in {straight} of {evaluations} of your evaluations every item that applied got"
        " the same answer, in less time than the encounter takes to read; colleagues did so in"
        " {others_straight} of {others} of theirs with the same checklists.",
        **counts,
    )


def _cells(pattern: ToldPattern) -> dict[str, str]:
    bases = {
        Basis.ENCOUNTERS: _("the same encounters"),
        Basis.CHECKLIST: _("the same checklists"),
    }
    return {
        _("Inspector"): pattern.inspector,
        _("Months"): period_name(pattern.period),
        _("Such evaluations"): _of(pattern.straight, pattern.evaluations),
        _("Colleagues'"): _of(pattern.others_straight, pattern.others),
        _("Compared on"): bases[pattern.basis],
        _("Shown to the inspector"): day(pattern.shown_at, days.reader_zone())
        if pattern.shown_at
        else "",
    }


def _of(some: int, of_all: int) -> str:
    return _("{count} of {total}", count=number(some, 0), total=number(of_all, 0))
