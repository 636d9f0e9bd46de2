"""The network page: stations by sections, two periods or groups, key moments, N/A."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.results.figures import Moments, gap
from db.inspection.models import Inspection
from db.people.models import Station
from tests.support.house.app_pages import charts, opened, said

PAGE = "network.py"


def test_the_weakest_section_of_a_station_is_named(open_app):
    app = opened(open_app("bob"), PAGE)
    assert app.subheader[0].value.startswith(
        "1 section of a station is clearly below the other stations, of 4 looked at; "
        "furthest: Kaohsiung desk, "
    )
    assert charts(app)[0]["title"]["text"] == "Sections by station"
    assert app.get("vega_lite_chart")[0].proto.alt == app.subheader[0].value


def test_two_periods_are_compared_with_intervals(open_app):
    app = opened(open_app("bob"), PAGE, period="202602-202602")
    said = [text.value for text in app.markdown]
    assert "**Feb 2026 and Jan 2026 cannot be told apart by their scores.**" in said or any(
        "February 2026" in text for text in said
    )
    table = app.dataframe[-2].value
    assert list(table["Measure"]) == [
        *("Before critical", "Score", "Key moments", "Passed", "Critical failures", "N/A")
    ]
    assert charts(app)[1]["title"]["text"] == "Difference by section"


def test_two_groups_of_stations_are_compared(open_app):
    app = opened(
        open_app("bob"), PAGE, stations="region:South", with_stations="all", with_="202601-202602"
    )
    assert any("South scores" in text.value for text in app.markdown)
    assert any("points less than All stations" in text.value for text in app.markdown)


def test_a_click_on_a_section_of_a_group_opens_the_cases_of_its_stations(open_app, wired):
    app = opened(open_app("bob"), PAGE, period="202602-202602", stations="region:South")
    app.session_state["compare_sections"] = {"selection": {"pick": [{"key": "solution"}]}}
    app.run()
    assert app.title[0].value == "Cases"
    with wired.reading() as session:
        south = session.scalars(select(Station.code).where(Station.region == "South")).all()
    assert app.query_params["station"].split(",") == sorted(south)


def test_the_same_selection_is_not_compared_with_itself(open_app):
    app = opened(open_app("bob"), PAGE, with_="202601-202602")
    assert app.info[-1].value.startswith("Choose another period")


def test_a_period_without_a_past_says_so(open_app):
    app = opened(open_app("bob"), PAGE)
    assert app.info[-1].value.startswith("There is no inspection in Nov")


def test_a_click_on_a_station_opens_it(open_app, wired):
    app = opened(open_app("bob"), PAGE)
    assert sorted(app.dataframe[0].value["Station"]) == [
        *("Kaohsiung desk", "Taipei phone desk", "Xiamen desk")
    ]
    assert list(app.dataframe[0].value["N/A, %"]) == [0, 0, 0]


def test_an_empty_period_says_so(open_app):
    app = opened(open_app("bob"), PAGE, period="202512-202512")
    assert app.info[0].value.startswith("There is no inspection in this selection.")


def test_all_checklists_stand_side_by_side_and_lead_to_their_stations(open_app, wired):
    """75 calls by the small checklist; January and February against nothing before them."""
    app = opened(open_app("bob"), PAGE)
    table = next(each for each in app.dataframe if each.key == "all_checklists").value
    assert list(table["n"]) == [75]
    assert list(table["change"]) == [""]
    february = opened(open_app("bob"), PAGE, period="202602-202602")
    row = next(each for each in february.dataframe if each.key == "all_checklists").value.iloc[0]
    assert row["n"] < 75
    assert " ± " in row["change"]
    cells = {"selection": {"rows": [], "columns": [], "cells": [[0, "checklist"]]}}
    app = opened(open_app("bob"), PAGE, stations="region:South")
    app.session_state["all_checklists"] = cells
    app.run()
    assert app.title[0].value == "Stations"
    assert app.query_params["period"] == "202601-202602"
    assert app.query_params["stations"] == "region:South"


def test_changes_of_checklists_have_the_interval_by_which_they_are_judged(open_app, wired):
    """Of one checklist the level is 95 %: Welch's interval, or wider as far as people differ."""
    with wired.reading() as session:
        scores = {
            month: session.scalars(
                select(Inspection.score_before_critical).where(Inspection.month == month)
            ).all()
            for month in (202601, 202602)
        }
    one, other = (
        Moments(len(each), total=sum(each), squares=sum(score**2 for score in each))
        for each in (scores[202602], scores[202601])
    )
    app = opened(open_app("bob"), PAGE, period="202602-202602")
    [change] = frame(app, "all_checklists")["change"]
    assert change.startswith("· ")
    assert float(change.split("± ")[1]) >= round(gap(one, other, 0.95).half, 1)
    assert round(gap(one, other, 0.95).half, 1) > round(gap(one, other).half, 1)


@pytest.mark.parametrize(
    ("row", "by"), [(0, "score"), (2, "key_moments"), (3, "passed"), (4, "critical"), (5, "score")]
)
def test_a_row_of_the_comparison_opens_the_stations_by_its_measure(open_app, row, by):
    here = {"period": "202602-202602", "stations": "region:South"}
    app = opened(open_app("bob"), PAGE, **here)
    cells = {"selection": {"rows": [], "columns": [], "cells": [[row, "Measure"]]}}
    app.session_state["compare_table"] = cells
    app.run()
    assert app.title[0].value == "Stations"
    assert app.query_params["by"] == by
    assert {name: app.query_params[name] for name in here} == here


def test_the_intervals_in_boxes_are_told_from_those_that_are_judged(open_app):
    note = "± and ranges in the boxes of scores and critical failures are plain 90 % intervals."
    for page in (PAGE, "station.py"):
        assert any(text.startswith(note) for text in said(opened(open_app("bob"), page, station=1)))


def frame(app, key):
    return next(each for each in app.dataframe if each.key == key).value
