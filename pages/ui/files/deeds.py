"""What may be done with a file next: its steps as buttons, the likeliest first; striking out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from core.access import Identity
from core.files.kinds import KINDS
from core.files.steps import FileEvent, Step
from db.files.queries.one_file import FileView, StoryLine
from db.files.services.steps import re_check, strike_out, take_step
from db.files.writing import LONGEST_NOTE, Taken
from pages.ui.files.file_words import deed_name, step_name
from pages.ui.files.moment_fields import earlier_moment
from pages.ui.files.replying import reply_field
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, moment

_WITH_MORE = frozenset({Step.SEVERITY_SET, Step.WAITING_BEGAN, Step.CANCELLED, Step.REOPENED})
"""Steps that ask for more than a note."""
_SHOWN = 4
_HEIGHT = 68
_STRUCK = "_struck_line"


def take(
    who: Identity,
    file_id: int,
    event: FileEvent,
    note: str = "",
    form: str = "",
    *,
    reply: str = "",
) -> None:
    """Take a step, say so, and draw the page again; `form` is stored by it."""
    now = wiring.now()
    with change(_("{step}: noted.", step=step_name(event.step)), form) as session:
        if event.step is Step.RECHECKED:
            re_check(session, who=who, file_id=file_id, at=event.at, note=note, now=now)
        else:
            taken = Taken(event, note=note, reply=reply)
            take_step(session, who=who, file_id=file_id, taken=taken, now=now)


def steps(who: Identity, view: FileView) -> None:
    """A note, when it was, and a button for each step that asks for nothing more."""
    closes = KINDS[view.kind].closes
    lacking = [step for step in view.missing if step is not closes]
    plain = [
        step for step in view.next if step not in _WITH_MORE and not (step is closes and lacking)
    ]
    if not plain:
        return
    form = f"file_step_{view.file_id}"
    with forms.opened(form):
        note = st.text_area(
            _("Note, stored with the step"),
            max_chars=LONGEST_NOTE,
            height=_HEIGHT,
            key=forms.field(form, "note"),
        )
        replies = reply_field(form, view, plain)
        taken_at = earlier_moment(form, _("It was at another time"), view.timezone)
        pressed = None
        with st.container(horizontal=True):
            for number, step in enumerate(plain[:_SHOWN]):
                if _pressed(form, step, is_first=number == 0):
                    pressed = step
            if plain[_SHOWN:]:
                with st.popover(_("Other steps"), key=f"{forms.key(form)}_others"):
                    for step in plain[_SHOWN:]:
                        if _pressed(form, step):
                            pressed = step
    if pressed is not None and _goes_with(replies, pressed):
        owner = who.user_id if pressed is Step.ASSIGNED else None
        event = FileEvent(pressed, taken_at or wiring.now(), owner=owner)
        take(who, view.file_id, event, note, form, reply=replies.get(pressed, ""))


def _goes_with(replies: Mapping[Step, str], pressed: Step) -> bool:
    """Whether a step loses no reply that was written for another, which is said."""
    other = next((step for step in replies if step is not pressed), None)
    if other is not None:
        st.warning(
            _(
                "The reply goes with {step}: take that step, or switch the reply off.",
                step=step_name(other),
            )
        )
    return other is None


def striking(who: Identity, view: FileView, pressed: StoryLine | None) -> None:
    """The form that strikes out the line that was pressed last."""
    if pressed is not None:
        st.session_state[_STRUCK] = pressed.event_id
    struck_id = st.session_state.get(_STRUCK)
    line = next((each for each in view.story if each.event_id == struck_id), None)
    if line is None or line.struck_at is not None:
        return
    form = f"file_strike_{line.event_id}"
    with forms.opened(form):
        when = moment(line.at, view.timezone)
        st.markdown(f"**{_('Strike out')}**")
        st.text(f"{step_name(line.step)}, {when}")
        reason = st.text_area(
            _("What was wrong with it?"),
            max_chars=LONGEST_NOTE,
            height=_HEIGHT,
            key=forms.field(form, "reason"),
        )
        with st.container(horizontal=True):
            pressed_now = st.button(_("Strike out"), type="primary", key=f"{forms.key(form)}_save")
            if st.button(_("Leave it"), key=f"{forms.key(form)}_leave"):
                del st.session_state[_STRUCK]
                st.rerun()
    if pressed_now:
        with change(_("Struck out; the clocks are computed anew."), form) as session:
            strike_out(
                session,
                who=who,
                file_id=view.file_id,
                event_id=line.event_id,
                reason=reason,
                now=wiring.now(),
            )


def _pressed(form: str, step: Step, *, is_first: bool = False) -> bool:
    kind: Literal["primary", "secondary"] = "primary" if is_first else "secondary"
    return st.button(deed_name(step), type=kind, key=f"{forms.key(form)}_{step.value}")
