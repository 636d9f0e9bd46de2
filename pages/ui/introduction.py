"""One line at a person's first visits of a page: what one does there, as the guide begins.

It stands above the page until the person dismisses it, there or on all pages.
"""

from __future__ import annotations

import streamlit as st

from core.access import PEOPLE, Action, Identity
from db.people.services import introductions
from pages.ui.kit import auth, guide, wiring
from pages.ui.kit.messages import _, errors_shown, language
from pages.ui.menus import open_pages

_DISMISSED = "_introductions_dismissed"


def show(who: Identity, page: str) -> None:
    """The line of a page that lists or does something; pages of one record have none."""
    text = line(who, page)
    if not text or _is_dismissed(who, page):
        return
    with st.container(
        key="introduction", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.markdown(f":material/lightbulb: {text}", width="content")
        st.button(
            _("Got it"),
            key="introduction_read",
            on_click=_dismiss,
            args=(page,),
            help=_("This line does not come again."),
        )
        st.button(
            _("Hide on all pages"), type="tertiary", key="introductions_read", on_click=_dismiss
        )


def line(who: Identity, page: str) -> str:
    """What the guide of the first of the person's roles that tells of a page begins with.

    Empty for pages of one record, and where no guide tells of the page.
    """
    if any(entry.path == page and entry.of for entry in open_pages(who)):
        return ""
    files = (guide.guide_file(role, language()) for role in PEOPLE if role in who.roles)
    sections = (one.section(page) for one in files)
    return next((guide.first_sentence(section) for section in sections if section), "")


def _is_dismissed(who: Identity, page: str) -> bool:
    """What was dismissed once stays so, and is not asked for again."""
    known: tuple[int, frozenset[str] | None] = st.session_state.get(
        _DISMISSED, (who.user_id, frozenset())
    )
    if known[0] == who.user_id and (known[1] is None or page in known[1]):
        return True
    with wiring.reading() as session:
        pages = introductions.dismissed_introductions(session, who)
    st.session_state[_DISMISSED] = (who.user_id, pages)
    return pages is None or page in pages


def _dismiss(page: str = "") -> None:
    """The line of one page, or of all."""
    who = auth.acting(Action.MANAGE_OWN_ACCOUNT)
    if who is None:
        return
    with errors_shown(), wiring.transaction() as session:
        if page:
            introductions.dismiss_introduction(session, who=who, page=page)
        else:
            introductions.dismiss_introductions(session, who=who)
