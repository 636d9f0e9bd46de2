"""Opening a case from a page: each opening is in the audit log, a mere rerun is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import streamlit as st

from core.access import Identity
from core.errors import PortalError
from db.queries.case import CaseView, case
from db.services.cases import open_case
from pages.ui import wiring
from pages.ui.messages import show_error

_SAME_READING = timedelta(minutes=10)


def opened(
    who: Identity, inspection_id: int, how: Literal["view", "preview"] = "view"
) -> CaseView | None:
    """The case, or None after saying why it cannot be shown."""
    now = wiring.now()
    place = f"_opened_{how}"
    before: tuple[int, datetime] | None = st.session_state.get(place)
    try:
        if before and before[0] == inspection_id and now - before[1] < _SAME_READING:
            with wiring.reading() as session:
                return case(session, who, inspection_id)
        with wiring.transaction() as session:
            found = open_case(session, who=who, inspection_id=inspection_id, now=now, how=how)
    except PortalError as error:
        show_error(error)
        return None
    st.session_state[place] = (inspection_id, now)
    return found
