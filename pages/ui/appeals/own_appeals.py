"""A person's own appeals: raising one beside the result, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from core.access import Identity
from core.appeals.deadlines import LONGEST_REASON, MOST_POINTS, WHOLE
from core.appeals.states import AppealState
from db.appeals.queries.own_appeals import (
    OwnAppeal,
    Right,
    appeal_about,
    own_appeals,
    right_to_appeal,
    unread_appeals,
)
from db.appeals.services.raising import note_as_read, raise_appeal, withdraw_appeal
from db.cases.queries.case import CaseView
from pages.ui.appeals.appeal_words import show_point, state_badge
from pages.ui.kit import forms, typed_words, wiring
from pages.ui.kit.answers import item_name
from pages.ui.kit.days import page_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, escape_markdown, moment, number, plural


def beside_result(who: Identity, view: CaseView) -> None:
    """The way to appeal against a result while there is one, else the appeal that was raised."""
    with wiring.reading() as session:
        appeal = appeal_about(session, who, view.inspection_id)
        right = right_to_appeal(session, who, view.inspection_id, now=wiring.now())
    if appeal is not None:
        _appeal(who, appeal)
    elif right is not None:
        _form(who, view, right)
    else:
        st.caption(_("The days to appeal against this result are over."))


def news(who: Identity) -> None:
    """The person's ended appeals that are not marked as read yet."""
    with wiring.reading() as session:
        rows = unread_appeals(session, who)
    if not rows:
        return
    sentence = plural("Your appeal has ended.", "{count} of your appeals have ended.", len(rows))
    st.markdown(f":material/gavel: **{sentence}**")
    for row in rows:
        _appeal(who, row, panel="news")
    st.page_link("my_results.py", label=_("My results"), icon=":material/person_check:")


def all_own(who: Identity) -> None:
    """Every appeal of the person, those included whose results no longer count."""
    with wiring.reading() as session:
        rows = own_appeals(session, who)
    if not rows:
        return
    waiting = sum(row.state == AppealState.OPEN for row in rows)
    title = plural("Your {count} appeal", "Your {count} appeals", len(rows))
    if waiting:
        title += " · " + plural("{count} open", "{count} open", waiting)
    with st.expander(title, icon=":material/gavel:", key="own_appeals", on_change="rerun") as box:
        if box.open:
            for row in rows:
                _appeal(who, row, panel="list")


def _appeal(
    who: Identity, row: OwnAppeal, *, panel: Literal["news", "list", "result"] = "result"
) -> None:
    with st.container(border=True, key=f"appeal_{panel}_{row.appeal_id}"):
        about = _("Your appeal") if panel == "result" else escape_markdown(row.case_no)
        st.markdown(f"**{about}** {state_badge(row.state)} {_scores(row)}")
        st.caption(_when(row, row.timezone if panel == "result" else page_zone()))
        for point in row.points:
            show_point(point)
        if row.closed_because:
            st.text(_("Reason: {reason}", reason=row.closed_because))
        if panel == "news":
            _reading(who, row)
        elif panel == "result" and row.state == AppealState.OPEN:
            _withdrawal(who, row)


def _scores(row: OwnAppeal) -> str:
    if row.state != AppealState.CHANGED:
        return ""
    return f"{number(row.score)} → {number(row.new_score)}"


def _when(row: OwnAppeal, zone: str) -> str:
    raised = moment(row.raised_at, zone)
    if row.ended_at is None:
        due = day(row.due_on)
        return _("Raised {raised}, to be decided by {day}.", raised=raised, day=due)
    values = {"raised": raised, "ended": moment(row.ended_at, zone)}
    if row.state == AppealState.WITHDRAWN:
        return _("Raised {raised}, withdrawn {ended}. The score stands.", **values)
    if row.state == AppealState.CLOSED:
        return _("Raised {raised}, closed {ended}: the result was corrected otherwise.", **values)
    return _("Raised {raised}, decided {ended}.", **values)


def _reading(who: Identity, row: OwnAppeal) -> None:
    if st.button(_("I have read this"), icon=":material/check:", key=f"read_{row.appeal_id}"):
        with change(_("Noted.")) as session:
            note_as_read(session, who=who, appeal_id=row.appeal_id, now=wiring.now())


def _withdrawal(who: Identity, row: OwnAppeal) -> None:
    with st.popover(_("Withdraw"), icon=":material/undo:", key=f"withdraw_{row.appeal_id}"):
        st.text(_("The score stands then, and this result cannot be appealed again."))
        if st.button(_("Withdraw the appeal"), key=f"withdraw_now_{row.appeal_id}"):
            with change(_("Withdrawn.")) as session:
                withdraw_appeal(session, who=who, appeal_id=row.appeal_id, now=wiring.now())


def _form(who: Identity, view: CaseView, right: Right) -> None:
    title = _("Appeal against this result")
    with st.expander(
        f"{title} · {_left(right)}", icon=":material/gavel:", key=f"appeal_{view.inspection_id}"
    ):
        st.caption(
            _(
                "Until {day}, once for each result. Somebody who had no part in the score decides"
                " and gives a reason for each point.",
                day=day(right.until),
            )
        )
        names, form = _choices(view), f"appeal_{view.inspection_id}"
        item_keys = st.multiselect(
            _("What do you appeal against?"),
            list(names),
            format_func=names.__getitem__,
            max_selections=MOST_POINTS,
            placeholder=_("Choose items, or the result as a whole"),
            **forms.choice(form, "items", [], list(names)),
        )
        reasons = {key: _reason(view, key) for key in item_keys}
        if item_keys and st.button(_("Send the appeal"), type="primary", key="appeal_send"):
            _send(who, view, reasons)


def _left(right: Right) -> str:
    if not right.left:
        return _("today is the last day")
    return plural("{count} day left", "{count} days left", right.left)


def _choices(view: CaseView) -> dict[str, str]:
    """The result as a whole, then the items that were asked, by points lost."""
    names = {WHOLE: _("The result as a whole")}
    items = [item for item in view.sheet.items if item.status != "hidden"]
    for item in sorted(items, key=lambda item: -(item.points_lost or 0)):
        name = item_name(view.checklist.by_key[item.key])
        lost = f" (−{number(item.points_lost)})" if item.points_lost else ""
        names[item.key] = name + lost
    return names


def _reason(view: CaseView, key: str) -> str:
    name = _("The result as a whole") if key == WHOLE else item_name(view.checklist.by_key[key])
    reason = st.text_area(
        _("Your reason: {item}", item=escape_markdown(name)),
        max_chars=LONGEST_REASON,
        height=96,
        key=typed_words.field_key(f"appeal_{view.inspection_id}", key),
    )
    return str(reason or "")


def _send(who: Identity, view: CaseView, reasons: Mapping[str, str]) -> None:
    with change(_("Appeal sent."), f"appeal_{view.inspection_id}") as session:
        raise_appeal(
            session,
            who=who,
            inspection_id=view.inspection_id,
            reasons=reasons,
            now=wiring.now(),
        )
