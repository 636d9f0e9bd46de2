"""The standing plan in a sentence, the form that changes it, and months that wait to close."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict

import streamlit as st

from core.access import Identity
from core.checklist import CHANNELS
from core.errors import PortalError
from core.periods import first_day, shift
from core.plan import StandingPlan
from core.plan.standing import MOST_DAYS, MOST_QUOTA
from db.inspection.queries.standing_plan import (
    CurrentPlan,
    months_to_close,
    waiting_for_inspectors,
)
from db.inspection.services.standing_draws import draw_lack
from db.inspection.services.standing_plan import save_standing_plan
from db.store.days import portal_day
from pages.ui.kit import forms, wiring
from pages.ui.kit.days import reader_zone, running_month
from pages.ui.kit.forms import change
from pages.ui.kit.messages import (
    _,
    day,
    escape_markdown,
    flash,
    moment,
    number,
    plural,
    show_error,
)
from pages.ui.kit.phrases import month_name
from pages.ui.kit.terms import channel_name

_PLAN = "standing_plan"
_USUAL_QUOTA = 4
_USUAL_CHANNELS = ("counter", "phone", "chat", "email", "record")
_IN_A_ROW = 4


def headline(who: Identity, current: CurrentPlan) -> None:
    """Whether it draws, how many of whom, and who sentence so; what nobody can be given."""
    plan = current.plan
    if not plan.active:
        st.subheader(_("The standing plan is switched off."))
        st.caption(
            _(
                "Switched on, it puts what must be inspected into queues within a quarter of an"
                " hour, draws each night from what came since, and what a month lacks at its end."
            )
        )
        return
    st.subheader(
        _("Encounters from {month} on are drawn as they come.", month=month_name(plan.first_month))
    )
    quotas = [
        f"{channel_name(channel)} {number(plan.quota(channel), 0)}"
        for channel in CHANNELS
        if plan.quota(channel)
    ]
    sentence = _(
        "A month of each person at each station: {quotas}. Saved by {name}, {time}.",
        quotas=_(", ").join(quotas) or _("none at random"),
        name=current.saved_by,
        time=moment(current.saved_at, reader_zone()) if current.saved_at else "",
    )
    st.caption(escape_markdown(sentence))
    with wiring.reading() as session:
        waiting = waiting_for_inspectors(session, who)
    if waiting:
        st.warning(
            plural(
                "{shown} drawn encounter waits: no inspector who is there may score it.",
                "{shown} drawn encounters wait: no inspector who is there may score them.",
                waiting,
                shown=number(waiting, 0),
            )
        )


def form(who: Identity, current: CurrentPlan) -> None:
    """Everything that can be set, and the button that saves it."""
    plan, name = current.plan, f"{_PLAN}_{current.number}"
    running = running_month()
    months = sorted({shift(running, by) for by in (-1, 0, 1)} | {plan.first_month} - {0})
    with forms.opened(name):
        active = st.toggle(_("Draw by itself"), **forms.choice(name, "active", value=plan.active))
        left, right = st.columns(2)
        first = left.selectbox(
            _("From the encounters of"),
            months,
            format_func=month_name,
            help=_("What was before is left to draws by hand."),
            **forms.choice(name, "first", plan.first_month or running, months),
        )
        close_day = right.number_input(
            _("Day of the next month on which what lacks is drawn"),
            1,
            28,
            **forms.amount(name, "close_day", plan.close_day),
        )
        st.markdown(_("Encounters a month of each person at each station, drawn at random"))
        quotas = _quota_fields(name, current)
        rules = _rule_fields(name, plan)
        if not st.button(_("Save the plan"), type="primary", key=f"{forms.key(name)}_save"):
            return
    plan = StandingPlan(
        active=active,
        first_month=first,
        quotas=quotas,
        close_day=close_day,
        **rules,
    )
    with change(_("The plan is saved."), name) as session:
        save_standing_plan(session, who=who, plan=plan, number=current.number, now=wiring.now())


class _Rules(TypedDict):
    """Who scores, what must be inspected and until when, by the names of the plan's fields."""

    cross_share: float
    double_share: float
    lowest_rating: float
    new_staff_days: int
    due_days: int


def _rule_fields(name: str, plan: StandingPlan) -> _Rules:
    left, right = st.columns(2)
    cross = left.slider(
        _("Scored from another region (%)"),
        0,
        50,
        **forms.choice(name, "cross", round(100 * plan.cross_share)),
    )
    double = right.slider(
        _("Scored twice, blind (%)"),
        0,
        50,
        **forms.choice(name, "double", round(100 * plan.double_share)),
    )
    lowest = left.slider(
        _("Must be inspected: lowest ratings (% of their scale)"),
        0,
        50,
        **forms.choice(name, "lowest", round(100 * plan.lowest_rating)),
    )
    new_days = right.number_input(
        _("Must be inspected: people employed for fewer days than"),
        0,
        365,
        **forms.amount(name, "new_days", plan.new_staff_days),
    )
    due_days = left.number_input(
        _("Due after so many working days"),
        1,
        MOST_DAYS,
        help=_("Free days of the inspector's station and noted absences do not count."),
        **forms.amount(name, "due_days", plan.due_days),
    )
    return _Rules(
        cross_share=cross / 100,
        double_share=double / 100,
        lowest_rating=lowest / 100,
        new_staff_days=new_days,
        due_days=due_days,
    )


def _quota_fields(name: str, current: CurrentPlan) -> dict[str, int]:
    quotas = {}
    for begin in range(0, len(CHANNELS), _IN_A_ROW):
        row = CHANNELS[begin : begin + _IN_A_ROW]
        for column, channel in zip(st.columns(_IN_A_ROW), row, strict=False):
            usual = _USUAL_QUOTA if channel in _USUAL_CHANNELS else 0
            quota = current.plan.quota(channel) if current.number else usual
            quotas[str(channel)] = column.number_input(
                channel_name(channel), 0, MOST_QUOTA, **forms.amount(name, channel, quota)
            )
    return quotas


def months(who: Identity, current: CurrentPlan) -> None:
    """Months that are over and wait to be closed, with a button that does it now."""
    if not current.plan.active:
        return
    with wiring.reading() as session:
        waiting = months_to_close(session, who, on=portal_day(session, wiring.now()))
    for month in waiting:
        closing = first_day(shift(month, 1)) + timedelta(days=current.plan.close_day - 1)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                _(
                    "{month} is over. What it lacks is drawn on {day}.",
                    month=month_name(month),
                    day=day(closing),
                )
            )
            if st.button(_("Draw what it lacks now"), key=f"draw_lack_{month}"):
                _draw_lack(who, month)


def _draw_lack(who: Identity, month: int) -> None:
    try:
        with wiring.transaction() as session:
            drawn = draw_lack(session, who=who, month=month, now=wiring.now())
    except PortalError as error:
        show_error(error)
        return
    flash(
        _(
            "Put into queues: {must} that must be inspected, {random} at random.",
            must=number(drawn.must_inspect, 0),
            random=number(drawn.random, 0),
        )
    )
    st.rerun()
