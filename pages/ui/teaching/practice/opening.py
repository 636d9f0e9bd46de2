"""Opening a practice on an issued case set."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access import Identity
from core.errors import PortalError
from db.teaching.queries.practice import possible_takers
from db.teaching.services.practice import MOST_ATTEMPTS, PRACTISING, Terms, open_round
from pages.ui.kit import forms, wiring
from pages.ui.kit.messages import _, show_error

_PASS_MARK, _ATTEMPTS = 80, 2
_NEW = "practice_new"


def form(who: Identity, version_id: int) -> None:
    st.title(_("Hold a practice"))
    st.caption(
        _(
            "Each participant scores the cases blind. Their answers are compared item by item "
            "with the reference, and never enter any average."
        )
    )
    with wiring.reading() as session:
        people = possible_takers(session, who, PRACTISING)
    with st.form(f"{forms.key(_NEW)}_form"):
        title = st.text_input(_("Title"), max_chars=200, key=forms.field(_NEW, "title"))
        takers = st.multiselect(
            _("Who takes part"),
            list(people),
            format_func=people.__getitem__,
            placeholder=_("Staff or inspectors"),
        )
        reference = st.selectbox(
            _("Reference"),
            [None, *people],
            format_func=lambda key: (
                _("Answers of {name}", name=people[key]) if key else _("Inspections of record")
            ),
            help=_("A person gives the reference by scoring the same cases."),
        )
        left, middle, right = st.columns(3)
        mark = left.number_input(_("Pass mark, % of items alike"), 1, 100, _PASS_MARK)
        attempts = middle.number_input(_("Attempts"), 1, MOST_ATTEMPTS, _ATTEMPTS)
        due = right.date_input(_("Due"), None)
        if st.form_submit_button(_("Open the practice"), type="primary"):
            terms = Terms(title, float(mark), int(attempts), due, reference)
            _open(who, version_id, terms, takers)


def _open(who: Identity, version_id: int, terms: Terms, takers: list[int]) -> None:
    try:
        with wiring.transaction() as session:
            begin = partial(open_round, session, version_id=version_id, terms=terms)
            begin = partial(begin, who=who, user_ids=takers, now=wiring.now())
            made = forms.made(session, who, _NEW, begin)
    except PortalError as error:
        show_error(error)
        return
    forms.close(_NEW)
    st.switch_page("practice.py", query_params={"round": str(made)})
