"""What the pages of figures are filtered by and told against, in fields and in the address."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from db.inspection.models import Inspection
from db.upkeep.rebuild import rebuild
from tests.support.house.app_pages import opened, said

STATIONS, STATION = "stations.py", "station.py"
JANUARY_ON, NOVEMBER_ON = "Jan\u2009–\u2009Feb 2025", "Nov\u2009–\u2009Dec 2025"


def change_against(name):
    """What is said of changes; in Markdown spaces are all alike."""
    return f"Change: against {' '.join(name.split())}."


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
    assert any(change_against(JANUARY_ON) in text for text in said(app))
    field.set_value("before").run()
    assert app.query_params["against"] == "before"
    assert any(change_against(NOVEMBER_ON) in text for text in said(app))
    network = opened(open_app("bob"), "network.py", **here)
    assert network.selectbox(key="address_with").value == "202501-202502"
    station = opened(open_app("bob"), STATION, station=wired.station_id, **here)
    assert any(change_against(JANUARY_ON) in text for text in said(station))


def test_without_inspections_of_last_year_changes_are_against_the_period_before(open_app):
    app = opened(open_app("bob"), STATIONS, against="year")
    assert "address_against" not in [field.key for field in app.selectbox]
    assert any(change_against(NOVEMBER_ON) in text for text in said(app))
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
    begun = "Change: none told, as no month of February 2026 is over."
    left_out = "Change: January 2026 against October 2025; the month that is not over is left out."
    for page in ("network.py", STATION):
        for period, part in (("202602-202602", begun), ("202601-202603", left_out)):
            app = opened(open_app("bob"), page, station=1, period=period)
            assert any(part in text for text in said(app)), (page, period)


def test_what_is_not_over_is_compared_by_whole_months_only(open_app, monkeypatch):
    """On a day of February 2026: January of the quarter is over, of February nothing."""
    monkeypatch.setattr("pages.ui.kit.wiring.now", lambda: datetime(2026, 2, 20, tzinfo=UTC))
    app = opened(open_app("bob"), "network.py", period="202602-202602")
    assert "Nothing is compared, as no month of February 2026 is over." in said(app)
    app = opened(open_app("bob"), "network.py", period="202602-202602", **{"with": "202601-202601"})
    assert "Nothing is compared, as no month of February 2026 is over." in said(app)
    around = {"period": "202601-202601", "with": "202601-202603"}
    app = opened(open_app("bob"), "network.py", **around)
    assert any(text.startswith("Choose another period") for text in said(app))


def test_a_period_without_inspections_is_told(open_app):
    app = opened(open_app("bob"), STATIONS, period="202512-202512")
    assert app.info[-1].value.startswith("There is no inspection in this selection.")
    assert not app.dataframe


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
