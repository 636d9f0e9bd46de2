"""What surrounds every page: language, navigation by role, the person's menu."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.access import Action, Identity
from core.i18n import LANGUAGES, guess_language
from db.sign_in.services import users
from db.store import queries
from pages.ui.kit import auth, modules, typed_words, wiring
from pages.ui.kit.builtin_texts import translate_builtin_texts
from pages.ui.kit.messages import _, escape_markdown, use_language
from pages.ui.menus import menu_of, open_pages

_ICON = Path(__file__).parent / "icon.svg"
_STYLE = """<style>
[data-testid=stColumn]:has([data-testid=stVegaLiteChart]) { min-width: min(100%, 22rem); }
@media (min-width: 600px) and (max-width: 1200px) {
  [data-testid=stMainBlockContainer] { padding-left: 1.5rem; padding-right: 1.5rem; }
}
@media (min-width: 768px) and (max-width: 1100px) {
  [data-testid=stSidebar][data-collapsed=false] { width: 13.25rem !important; min-width: 0; }
}
[kind^=primary]:not(:disabled) { color: light-dark(#fff, #06090b) !important; }
[kind^=primary]:not(:disabled) kbd { color: inherit; opacity: 1; }
[class*=st-key-list_of_]:not(:focus-within) {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
[class*=st-key-list_of_]:focus-within { margin-top: 0.6rem; }
[data-testid=stSidebarNavLink]:focus-visible, [data-testid=stPageLink-NavLink]:focus-visible,
[data-testid=stMain]:focus-visible {
  outline: 2px solid light-dark(#0b6e6e, #2fa7a3); outline-offset: -2px;
}
[data-testid=stElementToolbar]:focus-within { opacity: 1 !important; z-index: 1; }
[data-testid=stMetric] p, [data-testid=stMain] button p,
[data-testid=stPageLink] :is(span, p), [data-testid=stSidebarNavLink] :is(span, div, p),
[data-testid=stMarkdownContainer] span.stMarkdownBadge {
  white-space: normal; overflow: visible; overflow-wrap: anywhere; min-width: 0;
}
[data-testid=stMarkdownContainer], [data-testid=stHeading] { overflow-wrap: anywhere; }
</style>"""
"""On a tablet a chart and the table beside it go below each other, and tables have the width, which
the menu leaves them.

Streamlit writes white on the primary colour, which in the dark is a light one, hardly shows where
the keyboard is in the menu or at a table's tools, and cuts off figures that large text makes wider
than their place. The list beside a table whose rows open is there for the keyboard alone.
"""


def begin(who: Identity | None) -> None:
    """Choose the language of this run and prepare the page."""
    language = (who.language if who else None) or _browser_language()
    use_language(language)
    st.set_page_config(page_title=_("Service quality portal"), page_icon=str(_ICON), layout="wide")
    st.logo(str(_ICON))
    translate_builtin_texts(language)
    _load_scripts()
    typed_words.keep(who)
    st.html(_STYLE)


def _load_scripts() -> None:
    """What each page needs of the browser.

    A lost connection is one line at the page's foot, which takes the focus from nobody.
    """
    away = _("The portal cannot be reached at the moment. The page tries again by itself.")
    scripts = modules.tag("kit/connection.js", away=away) + modules.tag("kit/rows.js")
    st.html(scripts, unsafe_allow_javascript=True)


def navigation(who: Identity) -> StreamlitPage:
    """The pages this person may open; the menu's first is what "/" leads to."""
    menu = menu_of(who)
    numbers = counts(who)
    pages = {
        entry.path: st.Page(
            f"{entry.path}.py",
            title=_counted(entry.title, numbers.get(entry.path, 0)),
            icon=f":material/{entry.icon}:",
            url_path=entry.path,
            visibility="visible" if entry in menu else "hidden",
        )
        for entry in dict.fromkeys([*menu, *open_pages(who)])
    }
    home = st.Page(
        partial(st.switch_page, pages[menu[0].path]),
        title=_("Home"),
        url_path="home",
        default=True,
        visibility="hidden",
    )
    return st.navigation([*pages.values(), home], expanded=True)


def counts(who: Identity) -> dict[str, int]:
    """By page, how much waits for the person; pages without any are left out."""
    entries = open_pages(who)
    with wiring.reading() as session:
        waiting = queries.waiting(session, who, {kind for e in entries for kind in e.waits})
    numbers = {e.path: sum(waiting.get(kind, 0) for kind in e.waits) for e in entries}
    return {path: number for path, number in numbers.items() if number}


def _counted(title: str, count: int) -> str:
    return _("{title} ({count})", title=title, count=count) if count else title


def account(who: Identity) -> None:
    """Search, language and sign-out, at the foot of the menu."""
    with st.sidebar:
        st.page_link("find.py", label=_("Find"), icon=":material/search:")
        st.selectbox(
            _("Language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            index=list(LANGUAGES).index(who.language or _browser_language()),
            key="chosen_language",
            on_change=_keep_language,
        )
        st.page_link(
            "account.py", label=escape_markdown(who.name), icon=":material/account_circle:"
        )
        auth.sign_out_button()


def _browser_language() -> str:
    remembered = st.context.cookies.get(auth.cookie_name("qi_lang"))
    if remembered in LANGUAGES:
        return str(remembered)
    accepted = st.context.headers.get("accept-language") or st.context.locale or ""
    return guess_language(language.split(";")[0].strip() for language in accepted.split(","))


def _keep_language() -> None:
    who = auth.acting(Action.MANAGE_OWN_ACCOUNT)
    if who is None:
        return
    with wiring.transaction() as session:
        users.choose_language(session, who=who, language=st.session_state["chosen_language"])
