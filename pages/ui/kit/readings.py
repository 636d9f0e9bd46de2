"""Reading a record whose readers stand in the audit log: once for a while, not at each rerun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import streamlit as st

from db.store.session import Session
from pages.ui.kit import wiring

_SAME_READING = timedelta(minutes=10)
Shown = TypeVar("Shown")


def read_noted(
    name: str, record: object, *, read: Callable[[Session], Shown], note: Callable[..., Shown]
) -> Shown:
    """What a record holds; within ten minutes it is the same reading, which is noted once.

    Args:
        name: the kind of record, of which the last one read is remembered.
        record: which one it is.
        read: what of it is shown, from a session.
        note: the same, given the moment as `now`, and makes the entry.
    """
    now, state_key = wiring.now(), f"_opened_{name}"
    before: tuple[object, datetime] | None = st.session_state.get(state_key)
    if before and before[0] == record and now - before[1] < _SAME_READING:
        with wiring.reading() as session:
            return read(session)
    with wiring.transaction() as session:
        shown = note(session, now=now)
    st.session_state[state_key] = (record, now)
    return shown
