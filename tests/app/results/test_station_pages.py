"""The manager's pages: who is different, what drives it, and how sure that is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from core.periods import Period
from db.checklists.models import ChecklistRecord
from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.inspection.services.amendments import void
from db.results.queries.stations import Slice
from db.results.services.rankings import compute_ranking
from db.upkeep.rebuild import rebuild
from tests import factories
from tests.support.clock import NOW
from tests.support.house.app_pages import charts, opened, said
from tests.support.inspection.inspecting import NO, PIN
from tests.support.ranking.three_stations import make_stations, scored

STATIONS, STATION = "stations.py", "station.py"
JANUARY_ON, NOVEMBER_ON = "Jan\u2009–\u2009Feb 2025", "Nov\u2009–\u2009Dec 2025"


@pytest.fixture
def seeded_sqlite(sqlite_databases):
    """Two stations with 36 calls each, one of them losing points, and one with three calls."""
    with sqlite_databases.like("three stations", make_stations) as engine:
        yield factories.seeded_in(engine)


@pytest.fixture
def part(wired):
    with wired.reading() as session:
        small = select(ChecklistRecord.id).filter_by(key="small")
        return Slice(Period(202601, 202602), session.scalars(small).one(), sample_class="random")


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
    assert app.dataframe[1].value["Why"][0] == "3 of 30"
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


def test_a_checklist_without_key_moments_says_so(open_app):
    app = opened(open_app("bob"), STATIONS, by="key_moments")
    assert app.subheader[0].value == "No key moment was scored in this selection."
    assert not charts(app)


def test_a_facet_of_one_value_is_not_offered(open_app):
    app = opened(open_app("bob"), STATIONS, language="en")
    assert "address_language" not in [field.key for field in app.selectbox]
    assert any("does not offer what its link asks" in text for text in said(app))
    assert app.query_params.get("language") is None


def test_a_facet_narrows_every_page_of_figures_and_stays_in_the_address(open_app, wired):
    """Of 75 calls 25 were in English, of 25 nobody knows; both are told."""
    with wired.transaction() as session:
        for rest, spoken in ((0, "en"), (1, "")):
            english = update(Inspection).where(Inspection.id % 3 == rest)
            session.execute(english.values(language=spoken))
        rebuild(session, lambda done, total: None)
    app = opened(open_app("bob"), STATIONS, language="en")
    assert app.selectbox(key="address_language").options == [
        *("All", "English", "繁體中文", "Not recorded"),
    ]
    words = said(app)
    assert any("Language of the encounter: English" in text for text in words)
    assert any("not recorded for 25 inspections" in text for text in words)
    plain = app.dataframe[0].value
    assert sum(plain["n" if "n" in plain else "Inspections"]) <= 25
    network = opened(open_app("bob"), "network.py", language="en")
    assert network.query_params["language"] == "en"
    values = {metric.label: metric.value for metric in network.metric}
    assert "25" in values.values()
    app.selectbox(key="address_language").set_value("unrecorded").run()
    assert app.query_params["language"] == "unrecorded"
    assert not any("not recorded for" in text for text in said(app))


def test_changes_are_against_the_same_months_of_last_year_where_there_are_any(open_app, wired):
    """Of 75 calls every other is put a year back; the period before can be chosen instead."""
    here = {"period": "202601-202602"}
    with wired.transaction() as session:
        past = update(Inspection).where(Inspection.id % 2 == 0)
        session.execute(past.values(month=Inspection.month - 100))
        rebuild(session, lambda done, total: None)
    app = opened(open_app("bob"), STATIONS, **here)
    field = app.selectbox(key="address_against")
    assert (field.value, field.options) == ("year", [JANUARY_ON, NOVEMBER_ON])
    assert any(f"Change: against {JANUARY_ON}" in text for text in said(app))
    field.set_value("before").run()
    assert app.query_params["against"] == "before"
    assert any(f"Change: against {NOVEMBER_ON}" in text for text in said(app))
    network = opened(open_app("bob"), "network.py", **here)
    assert network.selectbox(key="address_with").value == "202501-202502"
    station = opened(open_app("bob"), STATION, station=wired.station_id, **here)
    against = " ".join(JANUARY_ON.split())  # in Markdown spaces are all alike
    assert any(f"Change: against {against}" in text for text in said(station))


def test_without_inspections_of_last_year_changes_are_against_the_period_before(open_app):
    app = opened(open_app("bob"), STATIONS, against="year")
    assert "address_against" not in [field.key for field in app.selectbox]
    assert any(f"Change: against {NOVEMBER_ON}" in text for text in said(app))
    assert any("Change against “year”" in text for text in said(app))


def test_what_is_not_over_is_called_so(open_app, monkeypatch):
    """On a day of February 2026 January is the newest span; the quarter has begun, no more."""
    monkeypatch.setattr("pages.ui.kit.wiring.now", lambda: datetime(2026, 2, 20, tzinfo=UTC))
    app = opened(open_app("bob"), STATIONS)
    field = app.selectbox(key="address_period")
    assert field.value == "202601-202601"
    assert {"Q1 2026 so far", "February 2026 so far", "2026 so far"} < set(field.options)
    field.set_value("202602-202602").run()
    assert any(text.startswith("February 2026 so far · ") for text in said(app))


def test_a_period_without_inspections_is_told(open_app):
    app = opened(open_app("bob"), STATIONS, period="202512-202512")
    assert app.info[-1].value.startswith("There is no inspection in this selection.")
    assert not app.dataframe


def test_a_station_listed_apart_can_be_opened_too(open_app, wired):
    app = opened(open_app("bob"), STATIONS)
    cells = {"selection": {"rows": [], "columns": [], "cells": [[0, "Station"]]}}
    app.session_state["apart_table"] = cells
    app.run()
    assert app.title[0].value == "Xiamen desk"


def test_the_address_chooses_the_filters_and_the_filters_write_the_address(open_app):
    app = opened(open_app("bob"), STATIONS, period="202602-202602", stations="region:South")
    assert app.selectbox(key="address_period").value == "202602-202602"
    assert [frame.key for frame in app.dataframe] == ["apart_table"]
    app.selectbox(key="address_period").set_value("202601-202602").run()
    assert app.query_params["period"] == "202601-202602"
    assert list(app.dataframe[0].value["station"]) == ["Kaohsiung desk"]


def test_an_address_holds_the_defaults_too(open_app):
    """So that a link that is opened when other defaults hold shows the same slice."""
    app = opened(open_app("bob"), STATIONS)
    assert app.query_params["period"] == "202601-202602"
    assert app.query_params["sample"] == "random"
    assert app.query_params["stations"] == "all"
    assert app.query_params["checklist"]
    assert any(text.endswith("data version 75") for text in said(app))


@pytest.mark.parametrize(
    ("page", "asked", "told"),
    [
        (STATIONS, {"period": "soon"}, "Period “soon”"),
        (STATIONS, {"checklist": "999"}, "Checklist “999”"),
        (STATIONS, {"channel": "chat"}, "Channel “chat”"),
        (STATIONS, {"sample": "some", "stations": "one"}, "Sample “some”, Stations “one”"),
        ("network.py", {"with": "never"}, "Compare with “never”"),
        ("inspectors.py", {"period": "*soon*"}, "Period “\\*soon\\*”"),
        ("cases.py", {"station": "XMN,NRT"}, "Stations “NRT”"),
        ("cases.py", {"item": "NEVER"}, "Item “NEVER”"),
    ],
)
def test_what_a_link_asks_in_vain_is_said_and_leaves_the_address(open_app, page, asked, told):
    app = opened(open_app("bob"), page, **asked)
    line = f"This page does not offer what its link asks: {told}."
    assert line in [each.value for each in app.info]
    assert not set(asked.items()) & set(app.query_params.items())
    app.run()
    assert line in [each.value for each in app.info], "a page that looks again keeps it"
    app.switch_page("cases.py" if page != "cases.py" else STATIONS).run()
    assert line not in [each.value for each in app.info]


def test_a_station_shows_what_drives_its_score(open_app, wired):
    app = opened(open_app("bob"), STATION, station=wired.station_id + 1)
    assert app.title[0].value == "Kaohsiung desk"
    assert app.subheader[0].value.endswith(" on average; not compared yet.")
    assert [metric.label for metric in app.metric] == [
        *("Before critical", "Score", "Critical failures", "Inspections", "Change", "Rank")
    ]
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
