"""What is taught from one case of a set: note, question, answer, and the turns that are shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import streamlit as st

from core.access import Action, Identity
from core.errors import PortalError
from db.cases.queries.case import CaseView
from db.teaching.queries.case_sets import Member, SetView
from db.teaching.services import lessons
from db.teaching.services.lessons import Lesson, lesson_of
from pages.ui.encounters import case_view
from pages.ui.encounters.case_view import opened
from pages.ui.encounters.reading.panes import contents, reading_panes
from pages.ui.kit import typed_words, wiring
from pages.ui.kit.auth import acting
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, escape_markdown, moment, show_error
from pages.ui.kit.terms import left_reason, speaker_name

_LABEL = 60
_FIELDS = ("note", "question", "answer", "marked")


def show_case(who: Identity, view: SetView, member: Member) -> None:
    """The case with its lesson, to be changed by the owner of the set."""
    if member.inspection_id is None:
        left = f" ({day(member.left_at, reader_zone())})" if member.left_at else ""
        st.warning(left_reason(member.left_reason) + left, icon=":material/block:")
        if view.own:
            _remove(who, member)
        return
    case = opened(who, member.inspection_id, "preview", set_id=view.set_id)
    if case is None:
        return
    case_view.state_notice(case)
    st.markdown(f"**{escape_markdown(case_view.headline(case))}**")
    st.caption(" · ".join(escape_markdown(fact) for fact in case_view.facts(case)))
    if view.own and view.number == view.numbers[0]:
        _form(view, member, case)
        _order(who, view, member)
    else:
        _read(member)
    reading_panes("set_case", contents(case))


def _form(view: SetView, member: Member, case: CaseView) -> None:
    """Fields that are stored as they are left; what is written for one case stays with it."""
    name = f"lesson_{view.set_id}_{member.inspection_id}"
    turns = {
        turn.position: f"{turn.position} {speaker_name(turn.speaker)}: {turn.text[:_LABEL]}"
        for turn in case.turns
    }
    _show(name, lesson_of(member), turns)
    keep: dict[str, Any] = {"on_change": _keep, "args": (name, member.member_id, tuple(turns))}
    note = _("Teaching note")
    st.text_area(
        note, key=_key(name, "note"), height=80, max_chars=_room(member.note, 4000), **keep
    )
    left, right = st.columns(2)
    left.text_area(
        _("Question for the class"),
        key=_key(name, "question"),
        height=80,
        max_chars=_room(member.question, 2000),
        **keep,
    )
    right.text_area(
        _("Answer"),
        key=_key(name, "answer"),
        height=80,
        max_chars=_room(member.answer, 2000),
        **keep,
    )
    st.multiselect(
        _("Turns to show"),
        list(turns),
        format_func=turns.__getitem__,
        placeholder=_("The whole encounter"),
        key=f"{name}_marked",
        **keep,
    )
    _state(name, case.timezone)


def _key(name: str, field: str) -> str:
    return typed_words.field_key(name, field)


def _room(text: str, usual: int) -> int:
    """How much the field holds; two texts that were joined may be longer than what one types."""
    return max(usual, len(text))


def _show(name: str, lesson: Lesson, turns: Collection[int]) -> None:
    """Fill the fields with the stored lesson, but never over what was changed here."""
    state = st.session_state
    lesson = _without_missing_turns(lesson, turns)
    opened = state.get(_opened(name))
    fresh = opened is None or _key(name, "note") not in state
    for field in _FIELDS:
        key = _field(name, field)
        if fresh or state.get(key) == _value(opened, field):
            state[key] = _value(lesson, field)
            opened = replace(opened or lesson, **{field: getattr(lesson, field)})
    state[_opened(name)] = lesson if fresh else opened
    if fresh:
        state.pop(_outcome(name), None)


def _keep(name: str, member_id: int, turns: Collection[int]) -> None:
    """Store the lesson as its fields stand now; a callback, before the page shows another case."""
    state, who = st.session_state, acting(Action.TEACH)
    if who is None:
        return
    opened: Lesson = state[_opened(name)]
    fields = {field: state.get(_field(name, field)) for field in _FIELDS}
    lesson = Lesson(**{field: value for field, value in fields.items() if value is not None})
    lesson = replace(lesson, marked=tuple(sorted(lesson.marked)))
    try:
        with wiring.transaction() as session:
            saved = lessons.save_lesson(
                session,
                who=who,
                member_id=member_id,
                opened=opened,
                lesson=lesson,
                now=wiring.now(),
            )
    except PortalError as error:
        state[_outcome(name)] = error
        return
    st.query_params.pop("version", None)  # what was changed stands in the newest
    state[_outcome(name)] = saved.is_joined or wiring.now()
    state[_opened(name)] = _without_missing_turns(saved.lesson, turns)
    for field in _FIELDS:
        value = _value(state[_opened(name)], field)
        if state.get(_field(name, field)) != value:  # masked, or joined with other words
            state[_field(name, field)] = value
    typed_words.saved(name, goes_on=True)


def _state(name: str, zone: str) -> None:
    """Whether what is written is stored, in one quiet line; what needs a look is no quiet one."""
    outcome = st.session_state.get(_outcome(name))
    if isinstance(outcome, PortalError):
        show_error(outcome)
    elif outcome is True:
        st.warning(
            _(
                "This lesson was changed in another tab meanwhile. Both texts are kept, below each "
                "other: make one of them."
            ),
            icon=":material/call_merge:",
        )
    elif outcome:
        saved_time = moment(outcome, zone)
        st.caption(_("Saved {time}.", time=saved_time))
    else:
        st.caption(_("What you write is saved as you leave a field."))


def _without_missing_turns(lesson: Lesson, turns: Collection[int]) -> Lesson:
    """The lesson without marks of turns that are no longer there."""
    return replace(lesson, marked=tuple(turn for turn in lesson.marked if turn in turns))


def _field(name: str, field: str) -> str:
    return f"{name}_marked" if field == "marked" else _key(name, field)


def _value(lesson: Lesson | None, field: str) -> object:
    """A field of a lesson as its widget holds it."""
    value = getattr(lesson, field, None)
    return list(value) if isinstance(value, tuple) else value


def _opened(name: str) -> str:
    return f"_{name}_opened"


def _outcome(name: str) -> str:
    return f"_{name}_outcome"


def _order(who: Identity, view: SetView, member: Member) -> None:
    with st.container(horizontal=True, key="lesson_order"):
        for by, label, icon in (
            (-1, _("Move up"), "arrow_upward"),
            (1, _("Move down"), "arrow_downward"),
        ):
            at_end = member == (view.members[0] if by < 0 else view.members[-1])
            if st.button(label, icon=f":material/{icon}:", key=f"move_{by}", disabled=at_end):
                st.query_params["case"] = str(member.position + by)
                with change(_("Moved.")) as session:
                    lessons.move(
                        session, who=who, member_id=member.member_id, by=by, now=wiring.now()
                    )
        _remove(who, member)
        st.page_link(
            "case.py",
            label=_("Open case"),
            icon=":material/open_in_full:",
            query_params={"id": str(member.inspection_id)},
        )


def _remove(who: Identity, member: Member) -> None:
    if st.button(_("Take out of the set"), icon=":material/remove:", key="take_out"):
        with change(_("Taken out.")) as session:
            lessons.remove(session, who=who, member_id=member.member_id, now=wiring.now())


def _read(member: Member) -> None:
    parts = (
        (_("Teaching note"), member.note),
        (_("Question for the class"), member.question),
        (_("Answer"), member.answer),
    )
    for label, text in parts:
        if text:
            st.caption(label)
            st.text(text)
