"""Marks along a station's trend: read in a list, written and deleted below the chart."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.access import Role
from db.people.models import Station
from db.results.models import TrendNote
from db.results.services.trend_notes import write_note
from tests import factories
from tests.support.clock import NOW
from tests.support.house.app_pages import charts, clicked, field, opened, said

STATION = "station.py"
MARK = "A mark says when something happened, not that it changed the figure."


@pytest.fixture
def taipei(wired):
    with wired.reading() as session:
        names = {row.name_en: row.id for row in session.query(Station)}
    return names["Taipei phone desk"]


@pytest.fixture
def noted(wired, taipei):
    day = datetime(2026, 2, 10, tzinfo=UTC).date()
    with wired.transaction() as session:
        return write_note(
            session, who=wired.bob, station_id=taipei, day=day, words="*Fair* in town", now=NOW
        )


def table(app):
    return next(frame for frame in app.dataframe if frame.key == "trend_note_table")


def test_a_mark_is_drawn_listed_and_deleted(wired, open_app, taipei, noted):
    app = opened(open_app("bob"), STATION, station=taipei)
    trend = next(spec for spec in charts(app) if spec["title"]["text"].endswith("by month"))
    assert any(layer["encoding"].get("text") == {"field": "mark"} for layer in trend["layer"])
    assert [box.label for box in app.expander if "axis" in box.label] == ["1 note on the time axis"]
    assert table(app).value.iloc[0].to_list() == ["1", "Feb 10, 2026", "*Fair* in town"]
    assert MARK in said(app)
    app.session_state["trend_note_table"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    clicked(app.run(), "Delete this note")
    with wired.reading() as session:
        assert session.get(TrendNote, noted) is None


def test_a_note_is_written_once_for_this_station_or_for_all(wired, open_app, taipei):
    app = opened(open_app("bob"), STATION, station=taipei)
    assert MARK not in said(app)
    field(app.text_input, "What happened").input("New desks")
    field(app.checkbox, "At every station").check()
    app.run()
    clicked(app, "Add the note")
    with wired.reading() as session:
        [note] = session.query(TrendNote)
    assert (note.words, note.station_id, note.written_by) == ("New desks", None, wired.bob.user_id)
    assert field(app.text_input, "What happened").value == ""


def test_a_note_without_words_is_refused_and_nothing_typed_is_lost(open_app, taipei):
    app = opened(open_app("bob"), STATION, station=taipei)
    clicked(app, "Add the note")
    assert [error.value for error in app.error] == ["Write what happened."]


def test_who_may_not_note_reads_what_is_there(wired, open_app, taipei, noted):
    with wired.transaction() as session:
        factories.make_user(session, "tina", Role.TRAINER)
    app = opened(open_app("tina"), STATION, station=taipei)
    assert len(table(app).value) == 1
    assert not any(each.label == "Add the note" for each in app.button)
