"""What of the files is listed: fields that live in the address, and the sentence above the list."""

from __future__ import annotations

import streamlit as st

from core.access import Action, Identity, can
from core.clock import Level
from core.files.kinds import Kind
from db.files.queries.file_list import Counts, FileFilter, Which
from db.files.queries.sight import seen_stations
from db.files.services.kinds_in_use import kinds_in_use
from pages.ui.files.file_words import kind_name, level_name
from pages.ui.kit import wiring
from pages.ui.kit.address import choice, pill, words
from pages.ui.kit.messages import _, plural, text_of

_MOST_NUMBER = 128


def chosen(who: Identity) -> FileFilter:
    """The fields, and what they ask for."""
    with wiring.reading() as session:
        kinds = {kind.value: kind_name(kind) for kind in kinds_in_use(session)}
        places = {
            str(row.id): f"{row.code} {text_of(row.names)}" for row in seen_stations(session, who)
        }
    which = pill(_("Which files"), "which", list(Which), _which_name)
    owners = {"mine": _("Mine"), "nobody": _("Nobody's yet")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = choice(_("Kind of file"), "kind", kinds, _("All kinds"))
        station = choice(_("Station"), "station", places, _("All stations"))
        levels = {level.value: level_name(level) for level in Level}
        level = choice(_("Level"), "level", levels, _("All levels"))
        works = can(who, Action.WORK_FILES)
        owner = choice(_("Owner"), "owner", owners, _("Everybody's")) if works else None
        number = words(_("File number"), "number", most=_MOST_NUMBER)
    return FileFilter(
        which=which,
        kind=Kind(kind) if kind else None,
        station_id=int(station) if station else None,
        level=Level(level) if level else None,
        mine=owner == "mine",
        nobodys=owner == "nobody",
        number=number,
    )


def headline(figures: Counts) -> None:
    """How the running files that match stand, in one sentence."""
    if not figures.running:
        st.subheader(_("No file is running."), anchor=False)
        return
    parts = []
    if figures.late:
        parts.append(plural("{count} late", "{count} late", figures.late))
    if figures.due_soon:
        parts.append(
            plural("{count} due within two hours", "{count} due within two hours", figures.due_soon)
        )
    parts.append(plural("{count} running", "{count} running", figures.running))
    st.subheader(_(", ").join(parts), anchor=False)


def _which_name(which: Which) -> str:
    return {
        Which.RUNNING: _("Still running"),
        Which.LATE: _("Late"),
        Which.ENDED: _("Ended"),
    }[which]
