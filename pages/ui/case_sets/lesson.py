"""What is taught from one case of a set: note, question, answer, and the turns that are shown."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from db.queries.case import CaseView
from db.queries.case_sets import Member, SetView
from db.services import lessons
from db.services.lessons import Lesson
from pages.ui import case_view, wiring
from pages.ui.actions import change
from pages.ui.messages import _, day
from pages.ui.opening import opened
from pages.ui.plain import plain
from pages.ui.reading.component import reading_panes
from pages.ui.reading.contents import contents
from pages.ui.terms import left_reason, speaker_name

_LABEL = 60


def shown(who: Identity, view: SetView, member: Member) -> None:
    """The case with its lesson, to be changed by the owner of the set."""
    if member.inspection_id is None:
        left = f" ({day(member.left_at)})" if member.left_at else ""
        st.warning(left_reason(member.left_reason) + left, icon=":material/block:")
        if view.own:
            _remove(who, member)
        return
    case = opened(who, member.inspection_id, "preview")
    if case is None:
        return
    case_view.state_notice(case)
    st.markdown(f"**{plain(case_view.headline(case))}**")
    st.caption(" · ".join(plain(fact) for fact in case_view.facts(case)))
    if view.own:
        _form(who, view, member, case)
        _order(who, view, member)
    else:
        _read(member)
    reading_panes("set_case", contents(case))


def _form(who: Identity, view: SetView, member: Member, case: CaseView) -> None:
    key = f"{member.member_id}_{view.version_id}"
    turns = {
        turn.position: f"{turn.position} {speaker_name(turn.speaker)}: {turn.text[:_LABEL]}"
        for turn in case.turns
    }
    marked = [mark["turn"] for mark in member.marked if mark["turn"] in turns]
    with st.form(f"lesson_{key}"):
        note = st.text_area(_("Teaching note"), member.note, height=80, max_chars=4000)
        left, right = st.columns(2)
        question = left.text_area(
            _("Question for the class"), member.question, height=80, max_chars=2000
        )
        answer = right.text_area(_("Answer"), member.answer, height=80, max_chars=2000)
        chosen = st.multiselect(
            _("Turns to show"),
            list(turns),
            marked,
            format_func=turns.__getitem__,
            placeholder=_("The whole encounter"),
        )
        if st.form_submit_button(_("Save the lesson"), type="primary", icon=":material/save:"):
            lesson = Lesson(note, question, answer, tuple(chosen))
            with change(_("Saved.")) as session:
                lessons.save_lesson(
                    session,
                    who=who,
                    member_id=member.member_id,
                    edit=view.edit,
                    lesson=lesson,
                    now=wiring.now(),
                )


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
