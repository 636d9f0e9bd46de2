"""The manager's list of stations: who is different by which measure, and how sure that is."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.inspection.services.amendments import void
from db.people.models import Station
from db.results.services.rankings import compute_ranking
from tests.support.clock import NOW
from tests.support.house.app_pages import charts, opened, said
from tests.support.ranking.three_stations import scored

STATIONS = "stations.py"


def clicked(app, row):
    cells = {"selection": {"rows": [], "columns": [], "cells": [[row, "station"]]}}
    app.session_state["stations_table"] = cells
    return app.run()


def test_plain_means_are_shown_until_the_ranking_is_there(open_app):
    app = opened(open_app("bob"), STATIONS)
    assert app.subheader[0].value == (
        "Plain means; stations are compared once the ranking is computed."
    )
    assert any("Plain means." in text for text in said(app))
    assert list(app.dataframe[0].value["station"]) == ["Taipei phone desk", "Kaohsiung desk"]
    assert list(app.dataframe[0].value["n"]) == [36, 36]
    assert app.dataframe[1].value.iloc[0].to_list()[:2] == ["Xiamen desk", 3]
    assert app.dataframe[1].value["why"][0] == "3 of 30"
    assert charts(app)[0]["title"]["text"] == "Mean with 90 % interval"


def test_the_stored_ranking_takes_the_place_of_plain_means(wired, open_app, part):
    compute_ranking(wired.engine, part, now=NOW)
    app = opened(open_app("bob"), STATIONS)
    table = app.dataframe[0].value
    assert list(table["rank"]) == ["1", "2"]
    assert charts(app)[0]["title"]["text"] == ("Adjusted score and the interval judged")
    assert any(text.startswith("Figures of ") for text in said(app))
    assert not any("Plain means." in text for text in said(app))
    reasons = app.dataframe[-1].value
    assert list(reasons["Station"]) == ["Taipei phone desk", "Kaohsiung desk"]
    assert all(reasons["Why"])
    assert all(chance.endswith(" %") for chance in reasons["In the bottom group"])


def test_a_ranking_that_holds_a_voided_inspection_is_not_shown_beside_live_figures(
    wired, open_app, part
):
    """Until it is computed anew there are plain means, of the inspections that count."""
    inspection_id = scored(wired.engine, wired.staff_id).inspection_id
    compute_ranking(wired.engine, part, now=NOW)
    app = opened(open_app("bob"), STATIONS)
    assert any("adjusted" in chart["title"]["text"].lower() for chart in charts(app))
    with wired.transaction() as session:
        void(session, who=wired.bob, inspection_id=inspection_id, reason="Not ours.", now=NOW)
    app.run()
    assert charts(app)[0]["title"]["text"] == "Mean with 90 % interval"
    assert list(app.dataframe[0].value["n"]) == [36, 36]
    compute_ranking(wired.engine, part, now=NOW)
    app.run()
    assert charts(app)[0]["title"]["text"] == "Adjusted score and the interval judged"


def test_a_ranking_behind_the_inspections_says_so_and_moves_on(wired, open_app, part):
    compute_ranking(wired.engine, part, now=NOW)
    scored(wired.engine, wired.staff_id)
    app = opened(open_app("bob"), STATIONS)
    assert any("newer inspections are being added" in text for text in said(app))
    assert list(app.dataframe[0].value["n"]) == [37, 36]
    compute_ranking(wired.engine, part, now=NOW)
    app.run()
    assert not any("newer inspections" in text for text in said(app))


def test_a_click_on_a_row_opens_the_station_with_the_same_filters(open_app, wired):
    app = opened(open_app("bob"), STATIONS)
    app.selectbox(key="address_sample").set_value("all").run()
    clicked(app, 0)
    assert app.title[0].value == "Taipei phone desk"
    assert app.query_params["station"] == str(wired.station_id)
    assert app.query_params["sample"] == "all"
    assert app.selectbox(key="address_sample").value == "all"


def test_a_managers_own_stations_stand_above_and_are_marked(open_app, wired, part):
    """The order of the ranking stays; who answers for all stations sees no block."""
    compute_ranking(wired.engine, part, now=NOW)
    app = opened(open_app("stan"), STATIONS)
    tables = {frame.key: frame.value for frame in app.dataframe}
    assert list(tables["own_stations"]["station"]) == ["Kaohsiung desk"]
    assert list(tables["own_stations"]["rank"]) == ["2"]
    names = list(tables["stations_table"]["station"])
    assert names == ["Taipei phone desk", "★ Kaohsiung desk"]
    cells = {"selection": {"rows": [], "columns": [], "cells": [[0, "station"]]}}
    app.session_state["own_stations"] = cells
    app.run()
    assert app.title[0].value == "Kaohsiung desk"
    everyone = opened(open_app("bob"), STATIONS)
    assert "own_stations" not in [frame.key for frame in everyone.dataframe]
    south = opened(open_app("stan"), STATIONS, stations="region:South")
    assert "own_stations" not in [frame.key for frame in south.dataframe]


@pytest.mark.parametrize(
    ("by", "title", "told"),
    [
        ("critical", "Critical failures by station", "2 of 3 stations compared; none can be told"),
        ("passed", "Passed by station", "2 of 3 stations compared"),
    ],
)
def test_stations_are_ranked_by_other_measures_too(open_app, by, title, told):
    """Of 36 calls each, four lost points at one station and 26 at the other; the third has 3."""
    app = opened(open_app("bob"), STATIONS, by=by)
    assert charts(app)[0]["title"]["text"] == title
    assert app.subheader[0].value.startswith(told)
    table = app.dataframe[0].value
    assert len(table) == 3
    assert "3 of 30" in table.iloc[:, -1].to_list()
    assert app.query_params["by"] == by
    app.session_state["measure_chart"] = {"selection": {"pick": [{"station": 1}]}}
    app.run()
    assert app.title[0].value == "Cases"
    assert app.query_params.get("critical", "") == ("1" if by == "critical" else "")


def test_ratings_stand_beside_scores_with_their_correlation(open_app, wired):
    """The better half of 75 calls is rated 5 of 5, the others 1: they go together clearly."""
    app = opened(open_app("bob"), STATIONS, by="ratings")
    assert app.subheader[0].value == "No encounter of this selection was rated by its customer."
    with wired.transaction() as session:
        ranked = select(Inspection.interaction_id).order_by(Inspection.score.desc(), Inspection.id)
        better = session.scalars(ranked.limit(37)).all()
        session.execute(update(Interaction).values(rating_low=1, rating_high=5, customer_rating=1))
        high = update(Interaction).where(Interaction.id.in_(better))
        session.execute(high.values(customer_rating=5))
    app.run()
    assert app.subheader[0].value.startswith(
        "Over 75 rated encounters the better score goes with the better customer rating: "
    )
    assert any("2 stations" in text or "(2)" in text for text in said(app))
    table = {frame.key: frame.value for frame in app.dataframe}["ratings_table"]
    assert sorted(table["Rated"]) == [3, 36, 36]
    assert "Customer rating by station" in [chart["title"]["text"] for chart in charts(app)]


def test_ratings_without_a_scale_are_said_to_be_left_out(open_app, wired):
    """Ten of 75 have a rating of which nobody knows the scale."""
    with wired.transaction() as session:
        ids = session.scalars(select(Inspection.interaction_id).order_by(Inspection.id)).all()
        session.execute(update(Interaction).values(rating_low=1, rating_high=5, customer_rating=4))
        ten = update(Interaction).where(Interaction.id.in_(ids[:10]))
        session.execute(ten.values(rating_low=None, rating_high=None))
    words = said(opened(open_app("bob"), STATIONS, by="ratings"))
    assert (
        "10 inspections have ratings of which nobody knows the scale; they are left out." in words
    )
    assert any(text.startswith("65 of 75 inspections have a rating on a scale.") for text in words)


def test_where_nothing_is_compared_nothing_was_adjusted(wired, open_app, part):
    compute_ranking(wired.engine, part, now=NOW)
    adjusted = "What was adjusted, and what would tell stations apart"
    app = opened(open_app("bob"), STATIONS)
    assert adjusted in [box.label for box in app.expander]
    with wired.transaction() as session:
        xiamen = session.scalars(select(Station).filter_by(code="XMN")).one()
        xiamen.region = "Far"
    app = opened(open_app("bob"), STATIONS, stations="region:Far")
    assert [frame.key for frame in app.dataframe if frame.key] == ["apart_table"]
    assert adjusted not in [box.label for box in app.expander]


def test_a_checklist_without_key_moments_says_so(open_app):
    app = opened(open_app("bob"), STATIONS, by="key_moments")
    assert app.subheader[0].value == "No key moment was scored in this selection."
    assert not charts(app)


def test_a_station_listed_apart_can_be_opened_too(open_app, wired):
    app = opened(open_app("bob"), STATIONS)
    cells = {"selection": {"rows": [], "columns": [], "cells": [[0, "station"]]}}
    app.session_state["apart_table"] = cells
    app.run()
    assert app.title[0].value == "Xiamen desk"


@pytest.mark.parametrize(
    ("by", "told"), [("score", "Kaohsiung desk alone: "), ("critical", "One station alone: ")]
)
def test_a_station_alone_is_not_told_as_several(open_app, by, told):
    app = opened(open_app("bob"), STATIONS, stations="region:South", by=by)
    assert any(text.startswith(told) for text in said(app)), said(app)
