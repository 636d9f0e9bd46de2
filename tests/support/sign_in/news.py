"""Sessions of alice at their times, and what the portal tells them."""

from __future__ import annotations

from datetime import timedelta

from db.sign_in.queries.sign_in_events import unread_events
from db.sign_in.services import login_sessions
from db.sign_in.services.sign_in_news import acknowledge
from tests.support.clock import NOW
from tests.support.sign_in import sessions

MINUTE = timedelta(minutes=1)


def at(minutes):
    return NOW + minutes * MINUTE


def sign_in(session, now, mark="desk"):
    login = sessions.sign_in(session, "alice", now=now, mark=mark)
    assert login is not None
    return login.token


def live(session, token, now=NOW):
    return login_sessions.live_session(session, sessions.SETTINGS, token, now=now)


def told(session, token, now=NOW):
    """What a page of this session shows."""
    found = live(session, token, now)
    if found.news is None:
        return []
    events = unread_events(session, found.who, found.news, session_id=found.session_id, limit=10)
    return [each.action for each in events]


def read(session, token, now=NOW):
    found = live(session, token, now)
    acknowledge(session, who=found.who, until=found.news.until, session_id=found.session_id)
