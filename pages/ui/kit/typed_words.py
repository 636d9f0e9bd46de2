"""Fields for people's own words, which the browser keeps until they are stored.

Streamlit loses what was typed and not sent when a page is loaded again, and what stands in a form
that was not sent when another page is opened. A script of ours keeps it in the browser's memory of
this tab and puts it back; the page says which forms have been stored. It knows a field by its key.
Nothing is kept of a field whose key does not begin as `field_key` makes it.
"""

from __future__ import annotations

import json
from html import escape

import streamlit as st

from core.access import Identity
from pages.ui.kit import modules, wiring

_SAVED, _COUNT = "_typed_saved", "_typed_count"
_SHOWN = 20


def field_key(form: str, field: str, opening: str = "") -> str:
    """The key of a field whose words the browser keeps; `opening` tells a form's openings apart."""
    return f"typed_{form}-{field}" + (f"__{opening}" if opening else "")


def saved(name: str, *, goes_on: bool = False) -> None:
    """Note that this form, or field of a form, is stored: the browser may forget its words.

    `goes_on`: one may type on in its fields; what was typed since stays with the browser.
    """
    count = st.session_state.get(_COUNT, 0) + 1
    st.session_state[_COUNT] = count
    st.session_state[_SAVED] = [*st.session_state.get(_SAVED, []), [count, name, goes_on]][-_SHOWN:]


def keep(who: Identity | None) -> None:
    """Tell the browser whose words it keeps and which it may forget; nobody's while signed out."""
    owner = wiring.keys().digest("typed words", str(who.user_id))[:16] if who else ""
    saved_forms = escape(json.dumps(st.session_state.get(_SAVED, [])), quote=True)
    st.html(
        f'<div class="qi-typed" data-owner="{owner}" data-saved="{saved_forms}"></div>'
        + modules.tag("kit/typed.js"),
        unsafe_allow_javascript=True,
    )
