"""Beginning an observation, as the inspector meets it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db.encounters.models import Interaction
from db.inspection.models import Assignment
from db.people.models import Staff, Station
from pages.ui.kit import wiring
from tests.factories import make_staff, make_station
from tests.support.house.app_pages import opened

PAGE = "observe.py"


@pytest.fixture
def counter(wired):
    with wired.transaction() as session:
        for code, people in (("AMS", {"A-1": ""}), ("TPE", {"S-1": "scarf", "S-2": "tie"})):
            station = make_station(session, code=code, kind="airport", name_en=code)
            for number, variant in people.items():
                make_staff(session, station=station, staff_no=number, uniform_variant=variant)
    return wired


def observed():
    with wiring.reading() as session:
        query = select(Interaction, Assignment).join(
            Assignment, Assignment.interaction_id == Interaction.id
        )
        return session.execute(query).all()


def station_id(code):
    with wiring.reading() as session:
        return session.scalars(select(Station.id).where(Station.code == code)).one()


def people(app):
    return next(box for box in app.selectbox if str(box.key).startswith("observe_staff"))


def chosen(app, code="TPE", number="S-2"):
    """The same page with a station and somebody there chosen."""
    app.selectbox(key="address_station").set_value(str(station_id(code))).run()
    box = people(app)
    box.select_index(box.options.index(number)).run()
    return app


def begun(app):
    return app.button(key="observe_begin").click().run()


def test_without_a_counter_it_says_so(wired, open_app):
    assert "no station with a counter" in opened(open_app("alice"), PAGE).info[0].value


def test_no_station_and_nobody_are_chosen_beforehand(counter, open_app):
    app = opened(open_app("alice"), PAGE)
    assert app.selectbox(key="address_station").value is None
    assert (people(app).value, people(app).disabled) == (None, True)
    begun(app)
    assert [error.value for error in app.error] == ["Choose the station first."]
    app.selectbox(key="address_station").set_value(str(station_id("TPE"))).run()
    assert not app.error
    assert people(app).value is None
    begun(app)
    assert [error.value for error in app.error] == ["Choose whose encounter you watch."]
    assert observed() == []
    assert not app.exception


def test_another_station_asks_anew_who_is_watched(counter, open_app):
    app = chosen(opened(open_app("alice"), PAGE))
    for code in ("AMS", "TPE"):
        app.selectbox(key="address_station").set_value(str(station_id(code))).run()
        assert people(app).value is None
    begun(app)
    assert observed() == []


def test_a_link_to_a_station_chooses_it_and_nobody_there(counter, open_app):
    app = opened(open_app("alice"), PAGE, station=station_id("TPE"))
    assert app.selectbox(key="address_station").value == str(station_id("TPE"))
    assert people(app).value is None


@pytest.mark.parametrize("asked", ["", "0", "TPE", "999999999999999999999", "-1"])
def test_an_address_of_no_station_chooses_none(counter, open_app, asked):
    app = opened(open_app("alice"), PAGE, station=asked)
    assert app.selectbox(key="address_station").value is None


def test_without_a_station_the_workbook_is_there_already(counter, open_app):
    app = opened(open_app("alice"), PAGE)
    assert any("Each download is one encounter" in caption.value for caption in app.caption)


def test_beginning_opens_the_pad_with_the_counter_checklist(counter, open_app):
    app = begun(chosen(opened(open_app("alice"), PAGE)))
    [(interaction, assignment)] = observed()
    assert interaction.attributes["uniform_variant"] == "tie"
    with wiring.reading() as session:
        assert session.get_one(Staff, interaction.staff_id).staff_no == "S-2"
    assert app.query_params["assignment"] in (str(assignment.id), [str(assignment.id)])
    assert not app.exception


def test_another_visit_begins_another_one_and_chooses_nobody(counter, open_app):
    app = opened(open_app("alice"), PAGE)
    for _ in range(2):
        app.switch_page(PAGE).run()
        assert app.selectbox(key="address_station").value is None
        begun(chosen(app))
        app.query_params.clear()
    assert len(observed()) == 2


def test_a_typed_time_is_the_stations_and_marked(counter, open_app):
    app = chosen(opened(open_app("alice"), PAGE))
    app.segmented_control(key="observe_when").set_value("typed").run()
    begun(app)
    [(interaction, _)] = observed()
    assert [event["source"] for event in interaction.events] == ["manual"]
