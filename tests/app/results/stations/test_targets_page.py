"""Targets on the pages of stations: who sets them, what is shown, what is judged."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from db.checklists.models import ChecklistRecord
from db.people.models import Station
from db.results.models import StationTarget
from db.results.services.targets import TargetSetting, set_targets
from tests.support.clock import NOW
from tests.support.house.app_pages import charts, clicked, field, opened, said

STATIONS, STATION = "stations.py", "station.py"
HERE = {"period": "202601-202602"}


@pytest.fixture
def aims(wired):
    """Taipei is to reach 50 points before critical failures, and Xiamen too, with three calls."""
    with wired.transaction() as session:
        small = session.scalars(select(ChecklistRecord.id).filter_by(key="small")).one()
        codes = {row.code: row.id for row in session.scalars(select(Station))}
        setting = TargetSetting(small, "before", 50.0, date(2026, 1, 1))
        ids = [wired.station_id, codes["XMN"]]
        set_targets(session, who=wired.bob, station_ids=ids, setting=setting, now=NOW)
    return small


def test_without_targets_only_who_sets_them_sees_the_place(open_app):
    assert any("No target is in force" in text for text in said(opened(open_app("bob"), STATIONS)))
    manager = opened(open_app("stan"), STATIONS)
    assert not any("No target is in force" in text for text in said(manager))
    assert "Set the target" not in [button.label for button in manager.button]


def test_what_is_drawn_is_what_is_judged(open_app, aims):
    """Taipei lies far above 50; three inspections have an interval or none, and no verdict."""
    app = opened(open_app("stan"), STATIONS, **HERE)
    tables = {frame.key: frame.value for frame in app.dataframe}
    rows = tables["targets_table"].set_index("Station")
    assert rows.loc["Taipei phone desk", "Compared"] == "better"
    assert rows.loc["Xiamen desk", "Compared"] == "too few"
    sentence = (
        "2 targets looked at: 0 missed and 1 surpassed by more than chance, 0 cannot be told, "
        "1 with too few inspections."
    )
    assert sentence in said(app)
    assert "Distance to the target" in [chart["title"]["text"] for chart in charts(app)]
    station = opened(open_app("stan"), STATION, station=1, **HERE)
    own = {frame.key: frame.value for frame in station.dataframe}["targets_table"]
    assert list(own["Compared"]) == ["better"]


def entering(app):
    """The fields of the form, each by its label."""
    return (
        field(app.selectbox, "Measure"),
        field(app.number_input, "Target, 0 to 100; empty: none any more"),
        field(app.date_input, "In force from"),
    )


def test_a_quality_manager_sets_one_for_a_station_and_may_reload_before(open_app, wired):
    app = opened(open_app("bob"), STATION, station=wired.station_id, **HERE)
    measure, value, begin = entering(app)
    measure.set_value("critical")
    value.set_value(5.0)
    begin.set_value(date(2026, 1, 1))
    app.run()
    again = opened(open_app("bob"), STATION, station=wired.station_id, **HERE)
    assert [each.value for each in entering(again)] == ["critical", 5.0, date(2026, 1, 1)]
    clicked(again, "Set the target")
    with wired.reading() as session:
        [row] = session.scalars(select(StationTarget))
    assert (row.station_id, row.measure, row.value) == (wired.station_id, "critical", 5.0)
    assert row.effective_from == date(2026, 1, 1)
    assert "targets_table" in [frame.key for frame in again.dataframe]
    assert [each.value for each in entering(again)][:2] == [None, None]
