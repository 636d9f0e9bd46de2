"""All sets a trainer may teach from, own and shared, and making a new one."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access import Identity
from db.teaching.queries.case_sets import SetRow, case_sets
from db.teaching.services.case_sets import make_set
from pages.ui.kit import forms, wiring
from pages.ui.kit.address import pill
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, escape_markdown, plural

_ARCHIVED, _NEW = "1", "set_new"


def new_set(who: Identity) -> None:
    with (
        st.popover(_("New set"), icon=":material/add:", key="new_set"),
        st.form(f"{forms.key(_NEW)}_form", border=False),
    ):
        title = st.text_input(_("Title"), max_chars=200, key=forms.field(_NEW, "title"))
        purpose = st.text_area(
            _("What the lesson is for"),
            max_chars=2000,
            height=80,
            key=forms.field(_NEW, "purpose"),
        )
        if st.form_submit_button(_("Make the set"), type="primary"):
            with change(
                _("The set is made. Collect cases into it from the cases page."), _NEW
            ) as session:
                make = partial(make_set, session, title=title, purpose=purpose, now=wiring.now())
                made = (title, purpose)
                forms.made(session, who, _NEW, partial(make, who=who), entered=made)


def sets(who: Identity) -> None:
    with wiring.reading() as session:
        used, archived = (
            case_sets(session, who, archived=is_archived) for is_archived in (False, True)
        )
    kinds = {"": _("Sets in use"), _ARCHIVED: _("Archived sets")}
    kind = pill(_("Case sets"), "archived", list(kinds), kinds.__getitem__) if archived else ""
    rows = archived if kind == _ARCHIVED else used
    if not rows:
        st.info(
            _("There is no case set yet. Make one, then collect cases into it."),
            icon=":material/collections_bookmark:",
        )
    for row in rows:
        _set(row)


def _set(row: SetRow) -> None:
    with st.container(border=True, gap="xsmall", key=f"set_{row.set_id}"):
        st.page_link(
            "case_set.py",
            label=f"**{escape_markdown(row.title)}**",
            query_params={"id": str(row.set_id)},
        )
        if row.purpose:
            st.caption(escape_markdown(row.purpose))
        st.caption(" · ".join(_facts(row)))


def _facts(row: SetRow) -> list[str]:
    facts = [plural("{count} case", "{count} cases", row.cases)]
    if row.issued is None:
        facts.append(_("not issued yet"))
    else:
        facts.append(_("version {number}", number=row.issued))
        if row.number > row.issued:
            facts.append(_("with changes not issued"))
    if row.shared:
        facts.append(_("open to other trainers"))
    if not row.own:
        facts.append(_("by {name}", name=escape_markdown(row.owner)))
    return [*facts, _("changed {day}", day=day(row.changed_at, reader_zone()))]
