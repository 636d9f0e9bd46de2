"""What comes next for an action: only the steps that are its turn and the reader's right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from core.access import Identity
from core.clock.days import day_of
from core.improvements.judging import MOST_LOOKS, may_reopen
from core.improvements.states import IMPROVEMENT, TO_DO, ImprovementState
from core.measures.change import Verdict
from db.improvements.queries.one import ActionView
from db.improvements.queries.owners import possible_owners
from db.improvements.services.carrying_out import begin_improvement, carry_out_improvement
from db.improvements.services.judging import (
    close_improvement,
    judge_improvement,
    look_again_improvement,
    reopen_improvement,
)
from db.improvements.services.proposing import (
    agree_improvement,
    hand_on_improvement,
    withdraw_improvement,
)
from pages.ui.improvements.proposing import words_field
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day

_WIDTH = 700


def show(who: Identity, view: ActionView) -> None:
    """The steps, the likeliest first."""
    state = view.state
    with st.container(width=_WIDTH, key="next_steps"):
        if state is ImprovementState.PROPOSED:
            _agreeing(who, view)
        elif state in TO_DO:
            _carrying_out(who, view)
        elif state is ImprovementState.CARRIED_OUT:
            _judging(who, view)
        elif state is ImprovementState.JUDGED:
            _deciding(who, view)
        elif state is ImprovementState.CLOSED:
            _reopening(who, view)
        if view.rights.plan and state not in IMPROVEMENT.ends:
            _others(who, view)


def _agreeing(who: Identity, view: ActionView) -> None:
    if not view.rights.agree:
        st.caption(
            _("Somebody else than who proposed it, who answers for the station, agrees to it.")
        )
        return
    st.caption(
        _("Agree if it is specific and can be done. By which months it is judged is fixed then.")
    )
    if st.button(_("Agree"), type="primary", icon=":material/check:", key="action_agree"):
        _take(agree_improvement, who, view, _("Agreed."))


def _carrying_out(who: Identity, view: ActionView) -> None:
    if not view.rights.own:
        return
    if view.state is ImprovementState.AGREED and st.button(
        _("I have begun"), icon=":material/play_arrow:", key="action_begin"
    ):
        _take(begin_improvement, who, view, _("Noted."))
    form, today = f"action_done_{view.improvement_id}", day_of(wiring.now(), view.timezone)
    with forms.opened(form):
        proof = words_field(form, "proof", _("What was done, and where one sees it"))
        done_on = st.date_input(
            _("Carried out on"), width=200, **forms.choice(form, "done_on", today)
        )
        pressed = st.button(_("It is carried out"), type="primary", key=f"{forms.key(form)}_save")
    if pressed:
        _take(carry_out_improvement, who, view, _("Noted."), form, proof=proof, done_on=done_on)


def _judging(who: Identity, view: ActionView) -> None:
    today = day_of(wiring.now(), view.timezone)
    if view.look_on is not None and today < view.look_on:
        st.caption(_("It can be judged from {day} on.", day=day(view.look_on)))
        return
    if view.rights.plan and st.button(
        _("Judge its effect"), type="primary", icon=":material/balance:", key="action_judge"
    ):
        _take(judge_improvement, who, view, _("Judged."))


def _deciding(who: Identity, view: ActionView) -> None:
    if not view.rights.plan:
        st.caption(_("Whoever answers for the station decides how it goes on."))
        return
    is_effective = view.verdict is Verdict.EFFECTIVE
    form = f"action_decide_{view.improvement_id}"
    with forms.opened(form):
        if not is_effective:
            st.caption(_("It was not shown to help, so that this asks for a decision."))
        words = words_field(form, "words", _("Remark, if any") if is_effective else _("Reason"))
        with st.container(horizontal=True):
            closing = st.button(
                _("Close it") if is_effective else _("Accept how it is"),
                type="primary" if is_effective else "secondary",
                key=f"{forms.key(form)}_close",
            )
            again = (
                not is_effective
                and view.looks < MOST_LOOKS
                and st.button(_("Go on, and look again"), key=f"{forms.key(form)}_again")
            )
        if not is_effective:
            st.page_link(
                "new_action.py",
                label=_("Propose another action in its place"),
                icon=":material/alt_route:",
                query_params={
                    "station": str(view.station_id),
                    "follows": str(view.improvement_id),
                },
            )
    if closing:
        _take(close_improvement, who, view, _("Closed."), form, reason=words)
    if again:
        _take(look_again_improvement, who, view, _("It is looked at again."), form, reason=words)


def _reopening(who: Identity, view: ActionView) -> None:
    today = day_of(wiring.now(), view.timezone)
    is_recent = view.ended_at is not None and may_reopen(
        day_of(view.ended_at, view.timezone), today
    )
    if not view.rights.reopen or not is_recent or view.successor_id is not None:
        return
    form = f"action_reopen_{view.improvement_id}"
    with st.expander(_("The finding is back"), icon=":material/undo:"), forms.opened(form):
        words = words_field(form, "words", _("What shows it"))
        due_on = st.date_input(
            _("Due"), width=200, **forms.choice(form, "due_on", today + timedelta(days=30))
        )
        pressed = st.button(_("Open it again"), key=f"{forms.key(form)}_save")
    if pressed:
        done = _("Opened again.")
        _take(reopen_improvement, who, view, done, form, reason=words, due_on=due_on)


def _others(who: Identity, view: ActionView) -> None:
    """Giving it to somebody else, and giving it up."""
    form = f"action_hand_on_{view.improvement_id}"
    with st.expander(
        _("Give it to another owner"), icon=":material/person:", expanded=not view.owner
    ):
        with wiring.reading() as session:
            owners = possible_owners(session, who, view.station_id)
        names = {one.user_id: one.name for one in owners if one.user_id != view.owner_id}
        with forms.opened(form, border=False):
            owner = st.selectbox(
                _("New owner"),
                list(names),
                index=None,
                format_func=names.__getitem__,
                placeholder=_("Choose a person"),
                **forms.choice(form, "owner", None, list(names)),
            )
            pressed = st.button(
                _("Hand it over"), disabled=owner is None, key=f"{forms.key(form)}_save"
            )
        if pressed and owner is not None:
            _take(hand_on_improvement, who, view, _("Handed over."), form, owner_id=owner)
    if view.state in (ImprovementState.PROPOSED, *TO_DO):
        _withdrawing(who, view)


def _withdrawing(who: Identity, view: ActionView) -> None:
    form = f"action_withdraw_{view.improvement_id}"
    with st.expander(_("Withdraw it"), icon=":material/block:"), forms.opened(form, border=False):
        words = words_field(form, "words", _("Reason"))
        pressed = st.button(_("Withdraw"), key=f"{forms.key(form)}_save")
    if pressed:
        _take(withdraw_improvement, who, view, _("Withdrawn."), form, reason=words)


def _take(
    service: Callable[..., object],
    who: Identity,
    view: ActionView,
    done: str,
    form: str = "",
    **values: object,
) -> None:
    """Take a step by its service, with what the form says; afterwards `done` is told."""
    with change(done, form) as session:
        service(session, who=who, improvement_id=view.improvement_id, now=wiring.now(), **values)
