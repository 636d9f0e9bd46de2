"""Amending or voiding an inspection from its case page: what changes is shown before it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.access import Action, Identity, can
from core.errors import PortalError
from core.scoring import ScoreSheet, parse_answers, score
from db.queries.case import CaseView
from db.services import amendments
from db.session import Session
from pages.ui import wiring
from pages.ui.answer_fields import answer_field, entered
from pages.ui.answers import answer_text, item_name
from pages.ui.messages import _, flash, number, plural, show_error, text_of

_MODE = "_amending"


def buttons(who: Identity, view: CaseView) -> None:
    """Print for everyone who reads the case; amend and void for those who may."""
    with st.container(horizontal=True, key="case_actions"):
        st.link_button(
            _("Print"),
            f"/print/inspection/{view.inspection_id}",
            icon=":material/print:",
        )
        if not may_amend(who, view):
            return
        if is_amending(view):
            if st.button(_("Stop amending"), icon=":material/close:", key="amend_stop"):
                _stop()
        else:
            if st.button(_("Amend"), icon=":material/edit:", key="amend_start"):
                st.session_state[_MODE] = view.inspection_id
                st.rerun()
            if st.button(_("Void"), icon=":material/block:", key="void_start"):
                st.dialog(_("Void this inspection"))(_void_dialog)(who, view)


def may_amend(who: Identity, view: CaseView) -> bool:
    return can(who, Action.AMEND) and view.state == "valid" and not view.own


def is_amending(view: CaseView) -> bool:
    return bool(st.session_state.get(_MODE) == view.inspection_id and view.state == "valid")


def form(who: Identity, view: CaseView) -> None:
    """The checklist with its answers to be corrected, the new score above it."""
    given = entered(view)
    sheet = _scored(view, given)
    with st.container(border=True, key="amend_bar"):
        changed = _changed(view, given)
        st.subheader(_result(view, sheet, changed), anchor=False)
        reason = st.text_area(
            _("Reason for the amendment"), key=f"amend_reason_{view.inspection_id}", height=80
        )
        blocked = sheet is None or not changed or bool(sheet.missing)
        if sheet is not None and sheet.missing:
            names = ", ".join(item_name(view.checklist.by_key[key]) for key in sheet.missing)
            st.caption(_("Still to be answered: {items}", items=names))
        if st.button(_("Check and save"), type="primary", disabled=blocked, key="amend_check"):
            assert sheet is not None
            st.dialog(_("Amend this inspection"))(_amend_dialog)(who, view, given, reason)
    _fields(view, sheet)


def _fields(view: CaseView, sheet: ScoreSheet | None) -> None:
    """Every item that is asked under the present answers, section by section."""
    shown = {item.key for item in (sheet or view.sheet).items if item.status != "hidden"}
    lost = {item.key for item in view.sheet.items if item.points_lost or item.effect}
    for section in view.checklist.sections:
        items = [item for item in section.items if item.key in shown]
        if not items:
            continue
        opened = any(item.key in lost for item in items)
        with st.expander(text_of(section.title) or section.key, expanded=opened):
            for item in items:
                answer_field(view, item)


def _scored(view: CaseView, given: dict[str, Any]) -> ScoreSheet | None:
    try:
        return score(view.checklist, parse_answers(view.checklist, given))
    except PortalError as error:
        show_error(error)
        return None


def _changed(view: CaseView, given: dict[str, Any]) -> list[str]:
    return [
        item.key
        for item in view.checklist.items()
        if given.get(item.key) != view.given.get(item.key)
    ]


def _result(view: CaseView, sheet: ScoreSheet | None, changed: list[str]) -> str:
    if not changed or sheet is None:
        return _("Score {score}: no answer changed yet.", score=number(view.sheet.score))
    return plural(
        "Score {old} → {new}: {count} answer changed.",
        "Score {old} → {new}: {count} answers changed.",
        len(changed),
        old=number(view.sheet.score),
        new=number(sheet.score),
    )


def _amend_dialog(who: Identity, view: CaseView, given: dict[str, Any], reason: str) -> None:
    answers = parse_answers(view.checklist, given)
    changed = _changed(view, given)
    st.text(_result(view, score(view.checklist, answers), changed))
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
                answers=given,
                reason=reason,
                now=wiring.now(),
            ),
            _("Amended."),
        )


def _void_dialog(who: Identity, view: CaseView) -> None:
    st.text(
        _(
            "{case} with score {score} will count nowhere. It stays readable with the reason.",
            case=view.case_no,
            score=number(view.sheet.score),
        )
    )
    reason = st.text_area(_("Reason"), key=f"void_reason_{view.inspection_id}", height=80)
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
        )


def _do(change: Callable[[Session], int | None], done: str) -> None:
    """One transaction; afterwards the page shows the row that counts now."""
    try:
        with wiring.transaction() as session:
            newer = change(session)
    except PortalError as error:
        show_error(error)
        return
    flash(done)
    if newer is not None:
        st.query_params["id"] = str(newer)
    _stop()


def _stop() -> None:
    st.session_state.pop(_MODE, None)
    st.rerun()
