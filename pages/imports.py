"""Imports: bring in stations, staff, encounters and inspections from other systems."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.importing.recordings.recordings_import import RECORDINGS
from pages.ui.importing import history, progress, recordings, steps
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.IMPORT)
st.title(_("Imports"))
state = progress.own_state(who)
if state and state.runs:
    progress.running(who)
elif state:
    progress.ended(who, state)
else:
    kind = steps.choose_kind()
    if kind == RECORDINGS:
        recordings.steps_in(who)
    else:
        steps.template(kind)
        rows, turns = steps.files(who, kind)
        if rows:
            steps.start(who, kind, rows, turns)
recordings.lacking(who)
history.history(who)
