"""The network page: stations by sections, two periods or groups, key moments, N/A."""

from __future__ import annotations

from tests.support.house.app_pages import charts, opened

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
    app.session_state["all_checklists"] = cells
    app.run()
    assert app.title[0].value == "Stations"
    assert app.query_params["period"] == "202601-202602"
