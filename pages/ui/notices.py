"""What a person is told of, in one place: a button in the head of each page, with what is unread.

The button stands there with nothing to tell too, above the page and not in it: neither a notice
that comes nor one that is read moves anything below. Beside it is the way to the guide.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.access import Action, Identity, can
from core.appeals.states import APPEAL
from core.improvements.states import IMPROVEMENT
from core.inspection.states import CORRECTION
from core.warning.states import WARNING
from db.files.services.telling import KIND as FILE
from db.sign_in.queries.sign_in_events import SignInEvent
from db.sign_in.services.sign_in_news import News
from db.store import queries
from pages.ui.appeals import own_appeals
from pages.ui.files import news as file_news
from pages.ui.improvements import action_lists
from pages.ui.inspection import own_corrections
from pages.ui.kit import guide, wiring
from pages.ui.kit.days import zone_said
from pages.ui.kit.messages import _
from pages.ui.sign_in import sign_in_news
from pages.ui.warning import warning_lists

_IN_THE_HEAD = """<style>
[data-testid=stLayoutWrapper]:has(> .st-key-notices) {
  position: fixed; top: 0.4rem; right: 3.5rem; z-index: 999991; width: auto;
}
.st-key-notices { width: auto; }
</style>"""
_KINDS: dict[str, tuple[Action, Callable[[Identity], None]]] = {
    APPEAL.kind: (Action.APPEAL, own_appeals.news),
    CORRECTION.kind: (Action.SCORE, own_corrections.news),
    FILE: (Action.SEE_FILES, file_news.show),
    WARNING.kind: (Action.SEE_WARNINGS, warning_lists.news),
    IMPROVEMENT.kind: (Action.OWN_ACTIONS, action_lists.news),
}
"""Records that tell their owner what became of them: the owner's right, and what is shown."""


def show(who: Identity, page: str) -> None:
    """The guide to a page, and a button with the number of what is unread, all of it behind."""
    st.html(_IN_THE_HEAD)
    about_sign_in = sign_in_news.unread()
    records = unread_records(who)
    count = sum(records.values()) + (len(about_sign_in[1]) if about_sign_in else 0)
    with st.container(key="notices", horizontal=True, vertical_alignment="center", gap="small"):
        guide.link(page)
        with (
            st.popover(
                _("Notices ({count})", count=count) if count else _("Notices"),
                icon=":material/notifications_unread:" if count else ":material/notifications:",
                type="primary" if count else "tertiary",
                key="notices_panel",
            ),
            zone_said(),
        ):
            _panel(who, about_sign_in, records)


def unread_records(who: Identity) -> dict[str, int]:
    """By kind, of how many records the person has an unread notice."""
    kinds = [kind for kind, (action, _show) in _KINDS.items() if can(who, action)]
    with wiring.reading() as session:
        return queries.unread(session, who, kinds)


def _panel(
    who: Identity,
    about_sign_in: tuple[News, list[SignInEvent]] | None,
    records: dict[str, int],
) -> None:
    if not about_sign_in and not records:
        st.write(_("Nothing new."))
        st.page_link("account.py", label=_("My account"), icon=":material/account_circle:")
    if about_sign_in:
        sign_in_news.show(*about_sign_in)
    for kind in records:
        _KINDS[kind][1](who)
