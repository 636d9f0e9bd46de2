"""Observations without a network: a workbook to take along, and handing it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import uuid4

import streamlit as st

from core.access import Action, Identity
from core.errors import PortalError
from core.i18n import translations
from db.inspection.observation_workbook import Blank, Translate, write
from db.inspection.observation_workbook_reading import Fault, FaultyWorkbook
from db.inspection.queries import observations
from db.inspection.queries.observations import CounterStation, Usable
from db.inspection.services.observation_workbooks import HandedIn, hand_in
from pages.ui.kit import wiring
from pages.ui.kit.auth import asking_again
from pages.ui.kit.messages import (
    _,
    escape_markdown,
    language,
    number,
    sentence,
    show_error,
    show_notes,
    text_of,
)
from pages.ui.kit.tables import show_table

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 30


def take_along(stations: Sequence[CounterStation], usable: Usable) -> None:
    """A button for a workbook that becomes one observation."""
    st.download_button(
        _("Download workbook"),
        partial(_workbook, asking_again(Action.SCORE), stations, usable, language()),
        f"{usable.checklist.key}.xlsx",
        _XLSX,
        icon=":material/download:",
        on_click="ignore",
        key="offline_download",
    )


def give_back(who: Identity) -> None:
    """The field that takes a filled-in workbook, and its case and score or its faults."""
    file = st.file_uploader(
        _("Filled-in workbook"),
        type=["xlsx", "ods"],
        max_upload_size=10,
        key="offline_file",
        width=480,
    )
    if file is None or not st.button(_("Hand in workbook"), type="primary", key="offline_hand_in"):
        return
    try:
        with wiring.transaction() as session:
            done = hand_in(session, who=who, data=file.getvalue(), speak=_speak, now=wiring.now())
    except FaultyWorkbook as error:
        show_error(error)
        _show(error.faults)
    except PortalError as error:
        show_error(error)
    else:
        _show_handed_in(done)


def _workbook(
    identify: Callable[[], Identity],
    stations: Sequence[CounterStation],
    usable: Usable,
    language_code: str,
) -> bytes:
    """A workbook to fill in; each download is another observation."""
    who = identify()
    with wiring.reading() as session:
        people = {
            station.code: [
                person.staff_no for person in observations.people(session, who, station.id)
            ]
            for station in stations
        }
    blank = Blank(uuid4().hex, usable.version_id, usable.checklist, language_code, people)
    return write(blank, _speak(language_code))


def _speak(language_code: str) -> Translate:
    return translations(language_code).gettext


def _show_handed_in(done: HandedIn) -> None:
    show_notes(done.sheet_notes)
    if done.repeated:
        st.info(
            _(
                "This workbook had already been handed in as {case}.",
                case=escape_markdown(done.case),
            ),
            icon=":material/info:",
        )
        return
    st.success(
        _(
            "Handed in as {case}, score {score}.",
            case=escape_markdown(done.case),
            score=number(done.score),
        ),
        icon=":material/check_circle:",
    )


def _show(faults: Sequence[Fault]) -> None:
    show_table(
        [
            {
                _("Sheet"): fault.sheet,
                _("Row"): str(fault.row or "—"),
                _("Column"): fault.column,
                _("Item"): str(fault.values.get("item", "")),
                _("What is wrong"): sentence(PortalError(fault.sentence, **fault.values)),
            }
            for fault in faults[:_SHOWN]
        ],
        height="content",
    )


def explain(usable: Usable) -> None:
    st.caption(
        _(
            "Where there is no network: take {checklist} along as a workbook, fill it in, hand it "
            "in here. Each download is one encounter.",
            checklist=escape_markdown(text_of(usable.checklist.title)),
        )
    )
