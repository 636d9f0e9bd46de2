"""What comes next for a warning: take it, put it off, close it with a cause, propose an action."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from core.access import Action, Identity, can
from core.clock.days import day_of
from core.improvements.terms import Subject
from core.warning.rules import RuleKey
from core.warning.states import WarningState
from core.warning.terms import LONGEST_PUT_OFF, LONGEST_WORDS, SHORTEST_NOTE, ClosingCause
from db.warning.queries.one import WarningView
from db.warning.services.answering import Closing, close_warning, put_off_warning, take_warning
from pages.ui.improvements import action_lists
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _
from pages.ui.warning.warning_words import closing_name

_LONGEST = 70
_USUAL_DELAY = timedelta(days=7)


def show(who: Identity, view: WarningView) -> None:
    """The steps that are the reader's right, the likeliest first."""
    row = view.row
    with st.container(key="warning_steps"):
        if view.rights.answer:
            if not (view.rights.own and row.state is WarningState.TAKEN):
                _taking(who, view)
            _closing(who, view)
            if row.state is not WarningState.SUSPECTED:
                _putting_off(who, view)
        if can(who, Action.OWN_ACTIONS):
            item = view.row.subject_key if row.rule is RuleKey.LOST_ITEMS else ""
            action_lists.here(
                who,
                station_id=row.station_id,
                about=(Subject.WARNING, str(row.warning_id)),
                proposable={item: {}} if item else None,
            )


def _taking(who: Identity, view: WarningView) -> None:
    if st.button(_("I take it"), type="primary", icon=":material/back_hand:", key="warning_take"):
        with change(_("It is yours now.")) as session:
            take_warning(session, who=who, warning_id=view.row.warning_id, now=wiring.now())


def _putting_off(who: Identity, view: WarningView) -> None:
    form = f"warning_put_off_{view.row.warning_id}"
    today = day_of(wiring.now(), view.row.timezone)
    with st.expander(_("Put it off"), icon=":material/snooze:"), forms.opened(form, border=False):
        until = st.date_input(
            _("Until"),
            min_value=today + timedelta(days=1),
            max_value=today + LONGEST_PUT_OFF,
            width=200,
            **forms.choice(form, "until", today + _USUAL_DELAY),
        )
        words = _words(form, _("Reason"))
        pressed = st.button(_("Put it off"), key=f"{forms.key(form)}_save")
    if pressed:
        with change(_("Put off."), form) as session:
            put_off_warning(
                session,
                who=who,
                warning_id=view.row.warning_id,
                until=until,
                reason=words,
                now=wiring.now(),
            )


def _closing(who: Identity, view: WarningView) -> None:
    if not view.rights.close:
        st.caption(_("Nobody closes a warning about what their own station answers for."))
        return
    form = f"warning_close_{view.row.warning_id}"
    names = {action.improvement_id: action.doing[:_LONGEST] for action in view.actions}
    with (
        st.expander(_("Close it with its cause"), icon=":material/task_alt:"),
        forms.opened(form, border=False),
    ):
        cause = st.radio(
            _("Cause"),
            list(ClosingCause),
            index=None,
            format_func=closing_name,
            **forms.choice(form, "cause", None, list(ClosingCause)),
        )
        action_id = None
        if cause is ClosingCause.ACTED_ON:
            action_id = st.selectbox(
                _("The action by which it was acted on"),
                list(names),
                index=None,
                format_func=names.__getitem__,
                placeholder=_("Choose an action"),
                **forms.choice(form, "action", None, list(names)),
            )
        words = _words(
            form, _("What you found, in at least {fewest} characters", fewest=SHORTEST_NOTE)
        )
        pressed = st.button(_("Close it"), key=f"{forms.key(form)}_save")
    if not pressed:
        return
    if cause is None:
        st.error(_("Choose a cause first."))
        return
    with change(_("Closed."), form) as session:
        close_warning(
            session,
            who=who,
            warning_id=view.row.warning_id,
            closing=Closing(cause, words, action_id),
            now=wiring.now(),
        )


def _words(form: str, label: str) -> str:
    words = st.text_area(label, max_chars=LONGEST_WORDS, height=96, key=forms.field(form, "words"))
    return str(words)
