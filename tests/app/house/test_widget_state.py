"""What widgets hold is stored, whatever the browser asks meanwhile, and reaches the browser."""

from __future__ import annotations

import tomllib

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from db.store import open_forms
from pages.ui.kit import wiring
from tests.factories import identity
from tests.support.house.app_pages import field, opened
from tests.support.requirements import ROOT


def page():
    import streamlit as st  # noqa: PLC0415  Streamlit runs this function as a script
    from streamlit.runtime.scriptrunner import (  # noqa: PLC0415
        RerunData,
        get_script_run_ctx,
    )

    from pages.ui.kit.widget_state import keep_whole  # noqa: PLC0415

    keep_whole()

    def keep(name):
        requests = get_script_run_ctx().script_requests
        if st.session_state["meanwhile"] == "another run":
            requests.request_rerun(RerunData())
        else:
            requests.request_stop()  # as of a tab that is closed
        st.query_params[name] = "stored"
        st.toast("Stored.")
        st.session_state["stored"] = (*st.session_state["stored"], st.session_state[name])

    if "stored" not in st.session_state:
        st.session_state["stored"] = ()
    st.text_input("Words", key="words", on_change=keep, args=("words",))
    st.checkbox("Choice", key="choice", on_change=lambda: keep("choice"))


@pytest.mark.parametrize("meanwhile", ["another run", "the tab is closed"])
def test_every_callback_comes_to_its_end(meanwhile):
    app = AppTest.from_function(page)
    app.session_state["meanwhile"] = meanwhile
    app.run()
    app.text_input[0].set_value("typed")
    app.checkbox[0].check()
    app.run()  # both change with the click that leaves the field
    assert list(app.exception) == []
    assert app.session_state["stored"] == ("typed", True)


def test_no_other_run_begins_beside_callbacks():
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))
    assert settings["runner"]["fastReruns"] is False


def test_what_was_kept_is_given_until_the_browser_shows_it(world, wired, open_app):
    """A browser that has missed it shows 'Is held' as off, and sends that back."""
    with wired.transaction() as session:
        now, tina = wiring.now(), identity(session, "tina")
        values = {"shown": True, "active": True, "posts": []}
        open_forms.keep(session, who=tina, form="course_new", number=0, values=values, now=now)
    app = opened(open_app("tina"), "training.py", "Courses")

    def given():
        protos = [field(app.toggle, "New course").proto, field(app.checkbox, "Is held").proto]
        return [(proto.set_value, proto.value) for proto in protos]

    assert given() == [(True, True)] * 2
    app._run(WidgetStates())  # as asked by a browser to which nothing came of that run
    assert given() == [(True, True)] * 2
    app.run()
    assert [is_set for is_set, _ in given()] == [False, False]
    assert field(app.checkbox, "Is held").value is True
