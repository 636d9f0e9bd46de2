"""What a tab that was left open can still do once its session is over: nothing."""

from __future__ import annotations

import pytest
import streamlit as st
from sqlalchemy import select

from core.errors import PortalError
from db.people.models import User
from db.sign_in.services import login_sessions
from pages.ui.kit import wiring
from tests.factories import identity
from tests.support.house.app_pages import opened


def end_sessions(world, username):
    """As a change of role or password does, or signing out in another tab."""
    with world.seeded.transaction() as session:
        user_id = identity(session, username).user_id
        login_sessions.revoke_sessions(session, user_id, now=wiring.now())


@pytest.fixture
def downloads(monkeypatch):
    """What the buttons of a page would make when they are pressed, by the file's name."""
    made = {}
    draw = st.download_button

    def drawn(label, data, file_name, *rest, **more):
        made[file_name] = data
        return draw(label, data, file_name, *rest, **more)

    monkeypatch.setattr(st, "download_button", drawn)
    return made


def test_an_open_tab_takes_the_log_out_as_long_as_its_session_lasts(world, open_app, downloads):
    """The button makes its file without a rerun, long after the page asked who is there."""
    opened(open_app("otto"), "audit.py")
    assert b"sign_in" in downloads["audit.csv"]()
    end_sessions(world, "otto")
    with pytest.raises(PortalError, match="signed out"):
        downloads["audit.csv"]()


def test_an_open_tab_keeps_no_language_for_who_is_signed_out(world, open_app):
    app = open_app("alice").run()
    end_sessions(world, "alice")
    app.sidebar.selectbox(key="chosen_language").set_value("zh_TW").run()
    assert not app.exception
    with wiring.reading() as session:
        assert session.scalar(select(User.language).where(User.username == "alice")) == "en"


def test_an_open_tab_keeps_the_language_of_who_is_signed_in(world, open_app):
    app = open_app("alice").run()
    app.sidebar.selectbox(key="chosen_language").set_value("zh_TW").run()
    with wiring.reading() as session:
        assert session.scalar(select(User.language).where(User.username == "alice")) == "zh_TW"
