"""What widgets hold is not lost on its way to the portal, nor on its way to the browser.

Once the browser asks for another run, Streamlit breaks off the one under way at its next `st.` call
and calls no callback a second time: what was typed and then left by a click elsewhere would not be
stored. Here what the browser asks meanwhile waits until the callbacks are done. It waits in this
thread, as `runner.fastReruns` is off: with it another thread would begin beside the callbacks, on
the same session state.

What a widget is given as its state goes to the browser once. Where that run is broken off the
browser may never see it, would show the widget empty and send that back as if it had been chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import user_key_from_element_id

_BEGIN = "on_script_will_rerun"
"""What Streamlit does before a run: it takes what the widgets hold and calls their callbacks."""
_LOOK = "on_scriptrunner_yield"
"""How it asks, at each `st.` call, whether the run is to be broken off."""
_shown: ContextVar[frozenset[str | None]] = ContextVar("widgets_shown", default=frozenset())
"""The keys of the widgets that the browser showed as it asked for this run."""


@cache
def keep_whole() -> None:
    """Have callbacks come to their end, for all widgets of this process."""
    begin = getattr(SessionState, _BEGIN)

    @wraps(begin)
    def begun(state: SessionState, widgets: WidgetStates | None, **more: Any) -> None:  # noqa: ANN401  handed on
        if widgets is not None:
            _shown.set(frozenset(user_key_from_element_id(one.id) for one in widgets.widgets))
        with _undisturbed():
            begin(state, widgets, **more)

    setattr(SessionState, _BEGIN, begun)


def begin_with(key: str, value: object) -> None:
    """Have the widget of this key begin with a value; called before each time it is drawn.

    It is given again until the browser shows the widget.
    """
    if key not in st.session_state:
        st.session_state[key] = value
    elif key not in _shown.get():
        st.session_state[key] = st.session_state[key]


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no request of the browser be seen, nor a closed tab, until the block ends."""
    context = get_script_run_ctx()
    requests = context.script_requests if context else None
    if requests is None:
        yield
        return
    setattr(requests, _LOOK, lambda: None)
    try:
        yield
    finally:
        delattr(requests, _LOOK)
