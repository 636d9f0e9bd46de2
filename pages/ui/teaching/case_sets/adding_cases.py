"""From a case to the lesson: adding it to a set, and marking it for or against training."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.access import Action, Identity, can
from db.teaching.queries.case_sets import case_sets, mark_of
from db.teaching.services.case_sets import make_set
from db.teaching.services.lessons import add_cases
from db.teaching.services.withdrawal import NEVER, mark
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, escape_markdown, plural
from pages.ui.kit.terms import training_marks

_NEW = 0
"""Stands for a set that is not made yet; None would be no choice at all."""


def add_to_set(
    who: Identity, inspection_ids: Sequence[int], key: str = "add_to_set", words: str = ""
) -> None:
    """Choose a set, or name a new one, and put the cases into it.

    `words`: what they were searched for by, so that the class sees those turns.
    """
    if not can(who, Action.TEACH) or not inspection_ids:
        return
    with wiring.reading() as session:
        own = {row.set_id: row.title for row in case_sets(session, who) if row.own}
    many = len(inspection_ids) > 1
    label = _("Add {count} to set", count=len(inspection_ids)) if many else _("Add to set")
    with (
        st.popover(label, icon=":material/bookmark_add:", key=key),
        forms.opened(key, border=False),
    ):
        options = [*own, _NEW]
        set_id = st.selectbox(
            _("Case set"),
            options,
            format_func=lambda key: own.get(key, _("A new set")),
            **forms.choice(key, "set", options[0], options),
        )
        title = st.text_input(
            _("Title of the new set"), max_chars=200, key=forms.field(key, "title")
        )
        if st.button(_("Add"), type="primary", key=f"{forms.key(key)}_add"):
            _add(who, key, set_id or title, inspection_ids, words)


def training_mark(who: Identity, inspection_id: int) -> None:
    """Whether this case is meant for training, to see and to change."""
    if not can(who, Action.TEACH):
        return
    with wiring.reading() as session:
        case_mark = mark_of(session, who, inspection_id)
    names = training_marks()
    kind, reason = case_mark or (None, "")
    form = f"mark_{inspection_id}"
    label = names[kind] if kind else _("Training mark")
    icon = {"use": ":material/school:", NEVER: ":material/block:"}.get(
        kind or "", ":material/label:"
    )
    with (
        st.popover(label, icon=icon, key="training_mark"),
        forms.opened(form, border=False),
    ):
        options = [None, *names]
        new_kind = st.radio(
            _("May it be used in training?"),
            options,
            format_func=lambda option: names[option] if option else _("No mark"),
            **forms.option(form, "kind", kind, options),
        )
        why = st.text_input(_("Reason"), reason, max_chars=500, key=forms.field(form, "reason"))
        if st.button(_("Save"), type="primary", key=f"{forms.key(form)}_save"):
            with change(_("Saved."), form) as session:
                mark(
                    session,
                    who=who,
                    inspection_id=inspection_id,
                    kind=new_kind,
                    reason=why,
                    now=wiring.now(),
                )
        if reason:
            st.caption(escape_markdown(reason))


def _add(
    who: Identity, form: str, target: int | str, inspection_ids: Sequence[int], words: str
) -> None:
    """Into a set by its number, or into a new one of this title."""
    count, now = len(inspection_ids), wiring.now()
    with change(
        plural("{count} case is in the set.", "{count} cases are in the set.", count), form
    ) as session:
        set_id = target
        if isinstance(set_id, str):
            make = partial(make_set, session, title=set_id, purpose="", now=now)
            set_id = forms.made(session, who, form, partial(make, who=who), entered=target)
        add_cases(
            session, who=who, set_id=set_id, inspection_ids=inspection_ids, now=now, words=words
        )
