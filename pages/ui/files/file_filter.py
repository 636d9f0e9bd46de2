"""What of the files is listed: fields that live in the address, and the sentence above the list."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import streamlit as st

from core.access import Action, Identity, can
from core.clock import Level
from core.files.kinds import Kind
from core.files.steps import Step
from core.files.timing import HOURS_A_WEEK, TIMED
from db.files.queries.file_filter import FileFilter, Timeliness, Which
from db.files.queries.file_list import Counts
from db.files.queries.sight import seen_stations
from db.files.services.entering import LONGEST_CODE
from db.files.services.kinds_in_use import kinds_in_use
from pages.ui.files.file_words import kind_name, level_name, step_name
from pages.ui.kit import wiring
from pages.ui.kit.address import choice, pill, words
from pages.ui.kit.file_terms import sub_topic_name, topic_name
from pages.ui.kit.messages import _, day, escape_markdown, plural, text_of
from pages.ui.kit.terms import weekday_name

_MOST_NUMBER = 128
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


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
        **narrowed(),
    )


def narrowed() -> dict[str, Any]:
    """What the address of a figure's mark asks besides the fields, which a line says above them."""
    codes = {
        name: value
        for name in ("since", "topic", "sub_topic", "hour", "timed")
        if (value := st.query_params.get(name)) is not None
    }
    fields = {name: read for name, value in codes.items() if (read := _read(name, value))}
    if codes:
        words = [_narrowing_words(name, value) for name, value in codes.items() if name in fields]
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(escape_markdown(_(", ").join(filter(None, words))))
            if st.button(_("Widen"), icon=":material/close:", type="tertiary", key="files_widen"):
                for name in codes:
                    del st.query_params[name]
                st.rerun()
    return {field: value for read in fields.values() for field, value in read.items()}


def _read(name: str, value: str) -> dict[str, Any]:
    """The field of a filter that a code of the address means; none where it means nothing."""
    if name == "since":
        with suppress(ValueError):
            since = date.fromisoformat(value)
            return {"since": since} if _FIRST_YEAR <= since.year <= _LAST_YEAR else {}
    if name == "hour" and value.isascii() and value.isdecimal() and len(value) <= 3:
        return {"weekday_hour": int(value)} if int(value) < HOURS_A_WEEK else {}
    if name in {"topic", "sub_topic"} and len(value) <= LONGEST_CODE and value.isprintable():
        return {name: value}
    step, _dash, timeliness = value.partition("-")
    if name == "timed" and step in set(TIMED) and timeliness in set(Timeliness):
        return {"timed": (Step(step), Timeliness(timeliness))}
    return {}


def _narrowing_words(name: str, value: str) -> str:
    if name == "since":
        return _("received since {day}", day=day(date.fromisoformat(value)))
    if name == "hour":
        weekday, hour = divmod(int(value), 24)
        return _(
            "{weekday} {hour}:00 to {end}:00",
            weekday=weekday_name(weekday),
            hour=hour,
            end=hour + 1,
        )
    if name == "topic":
        return topic_name(value) or _("Not classified")
    if name == "sub_topic":
        return sub_topic_name(value)
    step, _dash, timeliness = value.partition("-")
    return f"{step_name(Step(step))}: {timeliness_name(Timeliness(timeliness))}"


def timeliness_name(timeliness: Timeliness) -> str:
    return {
        Timeliness.MET: _("In time"),
        Timeliness.LATE: _("Too late"),
        Timeliness.OVERDUE: _("Overdue, still open"),
    }[timeliness]


def headline(figures: Counts) -> None:
    """How the running files that match stand, in one sentence."""
    st.subheader(standing(figures), anchor=False)


def standing(figures: Counts) -> str:
    if not figures.running:
        return _("No file is running.")
    parts = []
    if figures.late:
        parts.append(plural("{count} late", "{count} late", figures.late))
    if figures.due_soon:
        parts.append(
            plural("{count} due within two hours", "{count} due within two hours", figures.due_soon)
        )
    parts.append(plural("{count} running", "{count} running", figures.running))
    return _(", ").join(parts)


def _which_name(which: Which) -> str:
    return {
        Which.RUNNING: _("Still running"),
        Which.LATE: _("Late"),
        Which.ENDED: _("Ended"),
        Which.ALL: _("All"),
    }[which]
