"""The list of files as a component; what comes back is what was opened, picked or taken."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from core.files.steps import Step
from db.files.queries.file_list import FileRow
from pages.ui.files.file_words import (
    clock_look,
    clock_share,
    clock_word,
    deed_name,
    kind_name,
    level_name,
    state_name,
    step_name,
)
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, moment
from pages.ui.kit.modules import entry

_HERE = Path(__file__).parent
_list = st.components.v2.component(
    "file_list",
    js=entry("files/file_list/list.js"),
    css=(_HERE / "list.css").read_text(encoding="utf-8"),
)


class Chosen(NamedTuple):
    """The file opened just now, those picked, and the step pressed just now: (file, step)."""

    opened: int | None
    picked: list[int]
    taken: tuple[int, Step] | None


def file_list(rows: Iterable[FileRow], *, picks: bool) -> Chosen:
    """Show the files; with `picks` several can be picked."""
    cards = [_card(row) for row in rows]
    result = _list(
        key="file_list",
        data={
            "files": cards,
            "picks": picks,
            "texts": {
                "list": _("Files"),
                "pick": _("Pick"),
                "nobody": _("nobody yet"),
                "remaining": _("Remaining time"),
                "number": _("Number and kind"),
                "station": _("Station"),
                "level": _("Level"),
                "state": _("State"),
                "owner": _("Owner"),
            },
        },
        default={"picked": []},
        on_picked_change=lambda: None,
        on_opened_change=lambda: None,
        on_taken_change=lambda: None,
    )
    ids = {card["id"] for card in cards}
    takes = {(card["id"], take["step"]) for card in cards for take in card["takes"]}
    pressed: Any = result.taken or {}
    press = (pressed.get("id"), pressed.get("step"))
    return Chosen(
        result.opened if result.opened in ids else None,
        [key for key in result.picked or [] if key in ids],
        (press[0], Step(press[1])) if press in takes else None,
    )


def _card(row: FileRow) -> dict[str, Any]:
    return {
        "id": row.file_id,
        "number": row.number,
        "kind": kind_name(row.kind),
        "station": row.station,
        "level": level_name(row.level),
        "rank": row.level.value,
        "state": state_name(row.state),
        "owner": _("not shown") if row.owner is None else row.owner,
        "words": row.words,
        "clock": _clock(row),
        "takes": [{"step": step.value, "name": deed_name(step)} for step in row.takes],
    }


def _clock(row: FileRow) -> dict[str, Any]:
    """The bar: what is due first, or what became of the file."""
    clock = row.clock
    if clock is None:
        was_late = row.late_since is not None
        word = _("was late") if was_late else _("nothing is due")
        return {"look": "late" if was_late else "unset", "share": 0, "word": word, "what": ""}
    due = clock.reading.due
    until = moment(due, reader_zone()) if due is not None else ""
    what = f"{step_name(clock.key)} · {until}" if until else step_name(clock.key)
    look = clock_look(clock)
    if look != "late" and row.late_since is not None:
        what = _("{clock}; was late before", clock=what)
    return {
        "look": look,
        "share": round(clock_share(clock), 3),
        "word": clock_word(clock),
        "what": what,
    }
