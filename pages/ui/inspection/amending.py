"""Amending or voiding an inspection from its case page: changes are shown before they are saved."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

from core.access import Action, Identity, can
from core.errors import PortalError
from core.inspection.na_answers import unexplained
from core.inspection.states import InspectionState
from core.scoring import ScoreSheet, parse_answers, score
from db.cases.queries.case import CaseView
from db.inspection.services import amendments
from db.store.session import Session
from pages.ui.inspection.answer_fields import answer_field, entered
from pages.ui.kit import typed_words, wiring
from pages.ui.kit.answers import answer_text, item_name
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import (
    _,
    escape_markdown,
    flash,
    language,
    number,
    plural,
    show_error,
    text_of,
    use_language,
)

_MODE = "_amending"
_ASKING = "_asking"


def buttons(who: Identity, view: CaseView) -> None:
    """Print for everyone who reads the case; amend and void for those who may."""
    printed = f"/print/inspection/{view.inspection_id}"
    st.link_button(_("Print"), printed, icon=":material/print:")
    if not can(who, Action.AMEND) or view.state != InspectionState.VALID or view.own:
        return
    if is_amending(view):
        st.button(
            _("Stop amending"),
            icon=":material/close:",
            key="amend_stop",
            on_click=_give_up,
            args=(view,),
        )
    else:
        _begin_button(_("Amend"), "edit", "amend_start", (_MODE, view.inspection_id))
        _begin_button(_("Void"), "block", "void_start", (_ASKING, ("void", view.inspection_id)))
    if st.session_state.get(_ASKING) == ("void", view.inspection_id):
        st.dialog(_("Void this inspection"), on_dismiss=_forget)(_void)(language(), view)


def _begin_button(label: str, icon: str, key: str, begun: tuple[str, object]) -> None:
    st.button(label, icon=f":material/{icon}:", key=key, on_click=_begin, args=begun)


def is_amending(view: CaseView) -> bool:
    return bool(
        st.session_state.get(_MODE) == view.inspection_id and view.state == InspectionState.VALID
    )


def form(view: CaseView) -> None:
    """The checklist with its answers to be corrected, the new score above it."""
    raw_answers = entered(_form(view), view)
    sheet = scored(view, raw_answers)
    changed = changed_items(view, raw_answers)
    with st.container(border=True, key="amend_bar"):
        st.subheader(result_line(view, sheet, changed), anchor=False)
        st.text_area(_("Reason for the amendment"), key=_reason_key(view), height=80)
        lacking = missing(view, raw_answers, sheet)
        missing_line(view, lacking)
        st.button(
            _("Check and save"),
            type="primary",
            disabled=sheet is None or not changed or bool(lacking),
            key="amend_check",
            on_click=_begin,
            args=(_ASKING, ("amend", view.inspection_id)),
        )
    if st.session_state.get(_ASKING) == ("amend", view.inspection_id):
        st.dialog(_("Amend this inspection"), on_dismiss=_forget)(_amend)(language(), view)
    fields(_form(view), view, sheet)


def fields(
    form: str, view: CaseView, sheet: ScoreSheet | None, *, besides: Collection[str] = frozenset()
) -> None:
    """Every item that is asked under the present answers, section by section.

    `form` is the name under which the browser keeps the words that are typed.
    """
    visible_keys = {item.key for item in (sheet or view.sheet).items if item.status != "hidden"}
    lost = {item.key for item in view.sheet.items if item.points_lost or item.effect}
    for section in view.checklist.sections:
        items = [
            item for item in section.items if item.key in visible_keys and item.key not in besides
        ]
        if not items:
            continue
        opened = any(item.key in lost for item in items)
        with st.expander(escape_markdown(text_of(section.title) or section.key), expanded=opened):
            for item in items:
                answer_field(form, view, item)


def scored(view: CaseView, raw_answers: dict[str, Any]) -> ScoreSheet | None:
    """The score of corrected answers; None after saying why they cannot be scored."""
    try:
        return score(view.checklist, parse_answers(view.checklist, raw_answers))
    except PortalError as error:
        show_error(error)
        return None


def changed_items(view: CaseView, raw_answers: dict[str, Any]) -> list[str]:
    """The keys of the items whose answer was changed, in the checklist's order."""
    keys = (item.key for item in view.checklist.items())
    return [key for key in keys if raw_answers.get(key) != view.raw_answers.get(key)]


def result_line(view: CaseView, sheet: ScoreSheet | None, changed: list[str]) -> str:
    """The score before and after the corrected answers, in one sentence."""
    if not changed or sheet is None:
        return _("Score {score}: no answer changed yet.", score=number(view.sheet.score))
    return plural(
        "Score {old} → {new}: {count} answer changed.",
        "Score {old} → {new}: {count} answers changed.",
        len(changed),
        old=number(view.sheet.score),
        new=number(sheet.score),
    )


def missing(
    view: CaseView, raw_answers: dict[str, Any], sheet: ScoreSheet | None
) -> tuple[str, ...]:
    """The items that still need an answer, or a reason why a critical one does not apply."""
    if sheet is None:
        return ()
    answers = parse_answers(view.checklist, raw_answers)
    owing = unexplained(view.checklist, sheet, answers, view.answers)
    return (*sheet.missing, *(key for key in owing if key not in sheet.missing))


def missing_line(view: CaseView, lacking: Collection[str]) -> None:
    """The names of the items that still need an answer."""
    if lacking:
        names = ", ".join(item_name(view.checklist.by_key[key]) for key in lacking)
        st.text(_("Still to be answered: {items}", items=names))


def _amend(language_code: str, view: CaseView) -> None:
    """The dialog is rerun alone, so it looks up the signed-in person itself."""
    use_language(language_code)
    who = guard(Action.AMEND)
    raw_answers = entered(_form(view), view)
    reason = str(st.session_state.get(_reason_key(view), ""))
    answers = parse_answers(view.checklist, raw_answers)
    changed = changed_items(view, raw_answers)
    st.text(result_line(view, score(view.checklist, answers), changed))
    for key in changed:
        item = view.checklist.by_key[key]
        old, new = (answer_text(item, read.get(key)) for read in (view.answers, answers))
        st.text(f"{item_name(item)}: {old} → {new}")
    st.text(_("Reason: {reason}", reason=reason.strip() or "—"))
    st.caption(_("The older version stays readable; every figure moves."))
    if st.button(_("Amend"), type="primary", key="amend_confirm"):
        _do(
            lambda session: amendments.amend(
                session,
                who=who,
                inspection_id=view.inspection_id,
                answers=raw_answers,
                reason=reason,
                now=wiring.now(),
            ),
            _("Amended."),
            _form(view),
        )


def _void(language_code: str, view: CaseView) -> None:
    """The dialog is rerun alone, so it looks up the signed-in person itself."""
    use_language(language_code)
    who = guard(Action.AMEND)
    st.text(
        _(
            "{case} with score {score} will count nowhere. It stays readable with the reason.",
            case=view.case_no,
            score=number(view.sheet.score),
        )
    )
    form = f"void_{view.inspection_id}"
    reason = st.text_area(_("Reason"), key=typed_words.field_key(form, "reason"), height=80)
    if st.button(_("Void"), type="primary", key="void_confirm"):
        _do(
            lambda session: amendments.void(
                session,
                who=who,
                inspection_id=view.inspection_id,
                reason=reason,
                now=wiring.now(),
            ),
            _("Voided."),
            form,
        )


def _do(change: Callable[[Session], int | None], done: str, form: str) -> None:
    """One transaction; afterwards the page shows the row that counts now."""
    try:
        with wiring.transaction() as session:
            newer = change(session)
    except PortalError as error:
        show_error(error)
        return
    typed_words.saved(form)
    flash(done)
    if newer is not None:
        st.query_params["id"] = str(newer)
    _stop()
    st.rerun()


def _begin(what: str, value: object) -> None:
    st.session_state[what] = value


def _forget() -> None:
    st.session_state.pop(_ASKING, None)


def _stop() -> None:
    _forget()
    st.session_state.pop(_MODE, None)


def _give_up(view: CaseView) -> None:
    typed_words.saved(_form(view))
    _stop()


def _form(view: CaseView) -> str:
    return f"amend_{view.inspection_id}"


def _reason_key(view: CaseView) -> str:
    return typed_words.field_key(_form(view), "reason")
