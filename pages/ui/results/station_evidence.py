"""What proves the points that a station lost, on its page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from db.cases.queries.station_evidence import ProvenLoss, proven_losses
from pages.ui.encounters.reading.contents import note_of, when
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, day, number, text_of
from pages.ui.kit.tables import clicked_row
from pages.ui.kit.terms import effect_name
from pages.ui.results.station_head import StationSubject

_LONGEST = 90


def evidence(subject: StationSubject) -> None:
    """The evidence of the lowest-scoring cases, for those who may read them; a click opens one."""
    if not subject.may_open_cases:
        return
    with wiring.reading() as session:
        losses = proven_losses(session, subject.who, subject.slice_, subject.station)
    if not losses:
        return
    title = _("Evidence from the lowest-scoring cases")
    st.markdown(f"**{title}**")
    table = pd.DataFrame([_row(subject, loss) for loss in losses])
    clicked = clicked_row(table, "evidence_table", alt=title)
    st.caption(_("A click on a row opens the case."))
    if clicked is not None:
        st.switch_page("case.py", query_params={"id": str(losses[clicked].inspection_id)})


def _row(subject: StationSubject, loss: ProvenLoss) -> dict[str, str]:
    return {
        _("Item"): text_of(subject.texts.items.get(loss.item_key, {})) or loss.item_key,
        _("Lost"): number(loss.points_lost) if loss.points_lost else effect_name(loss.effect),
        _("Date"): day(loss.occurred_at, loss.timezone),
        _("Evidence"): _pin_words(loss),
    }


def _pin_words(loss: ProvenLoss) -> str:
    """The pinned words, their time and the note; of a photo only that there is one."""
    photo = _("photo") if loss.pin.photo is not None else when(loss.pin, loss.timezone)
    words = loss.words if len(loss.words) <= _LONGEST else f"{loss.words[:_LONGEST]}…"
    return " · ".join(text for text in (words, photo, note_of(loss.pin)) if text)
