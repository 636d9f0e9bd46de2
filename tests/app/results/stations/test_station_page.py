"""A station's page: what drives its score, what proves it, and for whom."""

from __future__ import annotations

import pytest

from db.people.models import Station
from db.results.services.rankings import compute_ranking
from tests.factories import make_staff, make_version
from tests.support.clock import NOW
from tests.support.house.app_pages import charts, opened, said
from tests.support.improvements.acting import stored_action
from tests.support.inspection.inspecting import NO, PIN, SMALL
from tests.support.ranking.three_stations import scored

STATION = "station.py"
WIDEST = len("100.0 % passed")
"""What a box has room for; it cuts what is longer."""


def test_a_station_shows_what_drives_its_score(open_app, wired):
    app = opened(open_app("bob"), STATION, station=wired.station_id + 1)
    assert app.title[0].value == "Kaohsiung desk"
    assert app.subheader[0].value.endswith(" on average; not compared yet.")
    assert [metric.label for metric in app.metric] == [
        *("Before critical", "Score", "Critical failures", "Inspections", "Change", "Rank")
    ]
    assert [metric.delta for metric in app.metric if len(metric.delta) > WIDEST] == []
    assert [chart["title"]["text"] for chart in charts(app)] == [
        "Before critical by month",
        "Sections against the network",
        "Sections by month",
        "Items by points lost",
    ]
    assert app.get("vega_lite_chart")[3].proto.alt == (
        "The costliest item takes 100 % of all points lost here."
    )
    assert len(app.dataframe[0].value) == 1


def test_a_station_opens_with_the_checklist_by_which_it_is_inspected_most(open_app, wired):
    """Three calls by "small" there and four by "other"; elsewhere "small" has all 72."""
    tiny = wired.station_id + 2
    with wired.transaction() as session:
        make_version(session, SMALL | {"key": "other"})
        person = make_staff(session, station=session.get_one(Station, tiny)).id
    for number in range(4):
        scored(wired.engine, person, number, checklist="other")
    app = opened(open_app("bob"), STATION, station=tiny)
    other = app.query_params["checklist"]
    assert not app.info
    elsewhere = opened(open_app("bob"), STATION, station=tiny - 1)
    assert elsewhere.query_params["checklist"] != other
    app = opened(open_app("bob"), STATION, station=tiny - 1, checklist=other)
    assert app.info[-1].value.endswith("Choose another period or checklist.")


def test_a_ranked_station_says_its_rank_and_what_was_adjusted(open_app, wired, part):
    compute_ranking(wired.engine, part, now=NOW)
    app = opened(open_app("bob"), STATION, station=wired.station_id + 1)
    assert "is below the network" in app.subheader[0].value
    rank = next(metric for metric in app.metric if metric.label == "Rank")
    assert (rank.value, rank.delta) == ("2", "of 2 ranked")
    assert any(text.startswith("Plain mean ") for text in said(app))


def test_a_station_shows_what_proves_its_losses_and_leads_to_the_case(open_app, wired):
    pin = PIN | {"item_key": "RIGHT", "note": "the wrong fare"}
    case = scored(wired.engine, wired.staff_id, evidence=[pin], RIGHT=NO).inspection_id
    app = opened(open_app("bob"), STATION, station=wired.station_id)
    table = app.dataframe[-1].value
    assert table.columns.to_list() == ["Item", "Lost", "Date", "Evidence"]
    assert table["Lost"].to_list() == ["30.0"]
    assert table["Evidence"][0].endswith(" · the wrong fare")
    cells = {"selection": {"rows": [], "columns": [], "cells": [[0, "Item"]]}}
    app.session_state["evidence_table"] = cells
    app.run()
    assert app.query_params["id"] == str(case)


def test_a_station_leads_to_a_new_action_about_itself_or_what_it_lost_most(open_app, wired):
    """Two clicks: to the form, which knows station and item, and to propose it."""
    app = opened(open_app("bob"), STATION, station=wired.station_id)
    assert "Nothing was agreed about this yet." in said(app)
    links = {link.proto.label: link.proto.query_string for link in app.get("page_link")}
    assert links["Propose an action"] == f"station={wired.station_id}"
    [about] = [label for label in links if label.startswith("… about ")]
    assert links[about] == f"station={wired.station_id}&item=RIGHT"
    with wired.transaction() as session:
        stored_action(session, station_id=wired.station_id, owner_id=wired.bob.user_id)
    app = opened(open_app("bob"), STATION, station=wired.station_id)
    assert "done" in [link.proto.label for link in app.get("page_link")]
    assert r":orange-badge[Proposed] due Mar 31\, 2026" in said(app)
    app = opened(open_app("theresa"), STATION, station=wired.station_id)
    assert "Propose an action" in [link.proto.label for link in app.get("page_link")]


@pytest.mark.parametrize("measure", ["passed", "critical"])
def test_shares_are_charted_by_month_too(open_app, wired, measure):
    app = opened(open_app("bob"), STATION, station=wired.station_id)
    app.button_group(key="address_measure").set_value(measure).run()
    assert not app.exception
    assert app.query_params["measure"] == measure
    assert charts(app)[0]["title"]["subtitle"][0].startswith("Share ")


@pytest.mark.parametrize(
    ("username", "names", "cases"),
    [
        ("bob", True, True),
        ("theresa", False, True),
        ("stan", False, False),
    ],
)
def test_names_and_cases_are_for_those_who_may_see_them(open_app, wired, username, names, cases):
    app = opened(open_app(username), STATION, station=wired.station_id)
    assert bool(app.dataframe) is names
    assert ("Charlie" in str([frame.value for frame in app.dataframe])) is names
    labels = [link.proto.label for link in app.get("page_link")]
    assert ("All cases of this selection" in labels) is cases


def test_a_row_of_the_staff_opens_the_persons_cases(open_app, wired):
    app = opened(open_app("bob"), STATION, station=wired.station_id)
    cells = {"selection": {"rows": [], "columns": [], "cells": [[0, "name"]]}}
    app.session_state["staff_table"] = cells
    app.run()
    assert app.title[0].value == "Cases"
    assert app.query_params["person"] == str(wired.staff_id)
    assert app.subheader[0].value.startswith("36 cases match")


def test_the_address_chooses_the_figure_that_is_charted(open_app, wired):
    app = opened(open_app("bob"), STATION, station=wired.station_id, measure="smoothed")
    assert charts(app)[0]["title"]["text"] == "Before critical, smoothed by month"
    app = opened(open_app("bob"), STATION, station=wired.station_id, measure="?")
    assert charts(app)[0]["title"]["text"] == "Before critical by month"


def test_critical_findings_lead_to_their_cases(open_app, wired):
    scored(wired.engine, wired.staff_id, HONEST=NO)
    app = opened(open_app("bob"), STATION, station=wired.station_id)
    table = next(frame for frame in app.dataframe if frame.key == "critical_table")
    assert table.value.iloc[0].to_list()[0] == "HONEST"
    assert list(table.value["Findings"]) == [1]
    cells = {"selection": {"rows": [], "columns": [], "cells": [[0, "Item"]]}}
    app.session_state["critical_table"] = cells
    app.run()
    assert app.title[0].value == "Cases"
    assert (app.query_params["item"], app.query_params["critical"]) == ("HONEST", "1")


@pytest.mark.parametrize(
    ("sample", "cases"), [("random", "18 cases"), ("must_inspect", "1 case"), ("all", "19 cases")]
)
def test_a_month_leads_to_the_cases_of_the_chosen_sample(open_app, wired, sample, cases):
    """Every other one of 36 random calls was in January, and the one that had to be inspected."""
    scored(wired.engine, wired.staff_id, sample_class="must_inspect")
    app = opened(open_app("bob"), STATION, station=wired.station_id, sample=sample)
    app.session_state["trend_score"] = {"selection": {"pick": [{"month": 202601}]}}
    app.run()
    assert app.title[0].value == "Cases"
    assert app.query_params.get("sample", "all") == sample
    assert app.subheader[0].value.startswith(f"{cases} match")


def test_a_station_nobody_knows_leads_back_to_the_list(open_app):
    for station in ("", "4711", "x"):
        app = opened(open_app("bob"), STATION, station=station)
        assert app.info[0].value == "Choose a station from the list of stations."


def test_a_station_without_inspections_in_the_period_says_so(open_app, wired):
    app = opened(open_app("bob"), STATION, station=wired.station_id, period="202512-202512")
    assert app.info[0].value.startswith("This station has no inspection in this selection.")
