"""What is done with a file that asks for more than a note, each behind a button that opens it."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from core.clock import Level
from core.files.course import ENDED
from core.files.kinds import KINDS
from core.files.severity import Assessment
from core.files.steps import FileEvent, Step
from db.files.queries.handlers import handlers
from db.files.queries.one_file import FileView
from db.files.services.joining import Answerable, merge_into, note_answerable
from db.files.writing import LONGEST_NOTE
from pages.ui.files.deeds import take
from pages.ui.files.file_words import level_name, step_name
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _
from pages.ui.kit.phrases import listed

_HEIGHT = 68


def other_deeds(who: Identity, view: FileView) -> None:
    """What asks for more than a note, each behind a button that opens its form."""
    deeds = (
        (Step.WAITING_BEGAN in view.next, _("Wait for the customer"), "hourglass_top", _waiting),
        (Step.SEVERITY_SET in view.next, _("Level"), "priority_high", _level),
        (view.may_work and view.state not in ENDED, _("Hand over"), "forward", _handing),
        (Step.REOPENED in view.next, _("Reopen"), "restart_alt", _reopening),
        (view.may_note, _("Who answers for it"), "assignment_ind", _answerable),
        (Step.CANCELLED in view.next, _("End otherwise"), "block", _ending),
    )
    with st.container(horizontal=True):
        for is_open, label, icon, draw in deeds:
            if is_open:
                key = f"file_{icon}_{view.file_id}"
                with st.popover(label, icon=f":material/{icon}:", key=key):
                    draw(who, view)


def _reason(form: str, label: str) -> str:
    return st.text_area(
        label, max_chars=LONGEST_NOTE, height=_HEIGHT, key=forms.field(form, "reason")
    )


def _is_saved(form: str, label: str) -> bool:
    return st.button(label, type="primary", key=f"{forms.key(form)}_save")


def _waiting(who: Identity, view: FileView) -> None:
    form = f"file_wait_{view.file_id}"
    with forms.opened(form, border=False):
        st.caption(_("Clocks stop while the customer has to act; the first answer never waits."))
        question = _reason(form, _("What was asked of the customer?"))
        if _is_saved(form, _("Begin to wait")):
            if not question.strip():
                st.error(_("Say what the customer was asked."))
                return
            event = FileEvent(Step.WAITING_BEGAN, wiring.now())
            take(who, view.file_id, event, question, form)


def _level(who: Identity, view: FileView) -> None:
    form = f"file_level_{view.file_id}"
    with forms.opened(form, border=False):
        parts = []
        for name, label, words in _parts():
            parts.append(
                st.selectbox(
                    label,
                    list(words),
                    format_func=words.__getitem__,
                    **forms.choice(form, name, 1, list(words)),
                )
            )
        care = st.checkbox(
            _("Safety, or a passenger in special care"), **forms.choice(form, "care", value=False)
        )
        scope, effect, urgency = parts
        by_answers = Assessment(
            scope=scope, effect=effect, urgency=urgency, special_care=care
        ).level
        by_hand: Level | None = st.selectbox(
            _("Level"),
            list(Level),
            format_func=level_name,
            placeholder=_("By these answers: {level}", level=level_name(by_answers)),
            **forms.choice(form, "level", None, list(Level)),
        )
        reason = _reason(form, _("Reason, where the level changes"))
        if _is_saved(form, _("Set the level")):
            event = FileEvent(Step.SEVERITY_SET, wiring.now(), level=by_hand or by_answers)
            take(who, view.file_id, event, reason, form)


def _parts() -> tuple[tuple[str, str, dict[int, str]], ...]:
    return (
        (
            "scope",
            _("Whom it touches"),
            {1: _("One customer"), 2: _("A flight or a desk"), 3: _("Several")},
        ),
        (
            "effect",
            _("What it does"),
            {
                1: _("Annoys"),
                2: _("Costs the trip or money"),
                3: _("No travel, health, safety or personal data"),
            },
        ),
        (
            "urgency",
            _("How soon something has to be done"),
            {1: _("No need within 48 hours"), 2: _("Within 48 hours"), 3: _("Within 4 hours")},
        ),
    )


def _handing(who: Identity, view: FileView) -> None:
    form = f"file_hand_{view.file_id}"
    with wiring.reading() as session:
        people = handlers(session, who, {view.station_id})
    with forms.opened(form, border=False):
        owner: int | None = st.selectbox(
            _("Hand over to"),
            list(people),
            format_func=people.__getitem__,
            placeholder=_("Choose a person"),
            **forms.choice(form, "owner", None, list(people)),
        )
        note = _reason(form, _("Note"))
        if _is_saved(form, _("Hand over")):
            if owner is None:
                st.error(_("Choose a person"))
                return
            event = FileEvent(Step.ASSIGNED, wiring.now(), owner=owner)
            take(who, view.file_id, event, note, form)


def _reopening(who: Identity, view: FileView) -> None:
    form = f"file_reopen_{view.file_id}"
    with forms.opened(form, border=False):
        st.caption(_("A new round begins with clocks of its own; the first stays as it was."))
        reason = _reason(form, _("Why is it reopened?"))
        if _is_saved(form, _("Reopen")):
            take(who, view.file_id, FileEvent(Step.REOPENED, wiring.now()), reason, form)


def _answerable(who: Identity, view: FileView) -> None:
    form = f"file_answerable_{view.file_id}"
    with forms.opened(form, border=False):
        st.caption(_("Read by the person, the line and the quality manager."))
        number = st.text_input(_("Staff number"), max_chars=64, key=forms.field(form, "staff_no"))
        department = st.text_input(
            _("or department"), max_chars=200, key=forms.field(form, "department")
        )
        finding = _reason(form, _("What was found"))
        note = Answerable(staff_no=number, department=department, finding=finding)
        if _is_saved(form, _("Note it")):
            with change(_("Noted."), form) as session:
                note_answerable(session, who=who, file_id=view.file_id, note=note, now=wiring.now())


def _ending(who: Identity, view: FileView) -> None:
    """As a duplicate, without what is still required, or cancelled."""
    closes = KINDS[view.kind].closes
    lacking = [step for step in view.missing if step is not closes]
    ways = {
        "cancel": _("Withdrawn, or not ours"),
        "duplicate": _("Duplicate of another file"),
    }
    if closes in view.next and lacking:
        ways["incomplete"] = _("Close without the missing steps")
        if view.is_supervisors:
            ways["not_agreed"] = _("Close as not agreed")
    form = f"file_end_{view.file_id}"
    with forms.opened(form, border=False):
        way = st.selectbox(
            _("How it ends"),
            list(ways),
            format_func=ways.__getitem__,
            **forms.choice(form, "way", "cancel", list(ways)),
        )
        if way == "duplicate":
            number = st.text_input(
                _("Number of the other file"), max_chars=128, key=forms.field(form, "number")
            )
            if _is_saved(form, _("Merge into it")):
                with change(_("Merged; the other file shows both histories."), form) as session:
                    merge_into(
                        session, who=who, file_id=view.file_id, number=number, now=wiring.now()
                    )
            return
        if way != "cancel":
            st.caption(_("Missing: {steps}", steps=listed([step_name(step) for step in lacking])))
        reason = _reason(form, _("Reason"))
        if _is_saved(form, _("End the file")):
            now = wiring.now()
            event = FileEvent(Step.CANCELLED, now)
            if way != "cancel":
                event = FileEvent(
                    closes, now, absent=frozenset(lacking), not_agreed=way == "not_agreed"
                )
            take(who, view.file_id, event, reason, form)
