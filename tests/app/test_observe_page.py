"""Beginning an observation, as the inspector meets it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db.models import Assignment, Interaction
from pages.ui import wiring
from tests.factories import make_staff, make_station
from tests.support.app_pages import opened

PAGE = "observe.py"


@pytest.fixture
def counter(wired):
    with wired.transaction() as session:
        station = make_station(session, code="TPE", kind="airport", name_en="Taoyuan")
        make_staff(session, station=station, staff_no="S-1", uniform_variant="scarf")
        make_staff(session, station=station, staff_no="S-2", uniform_variant="tie")
    return wired


def observed():
    with wiring.reading() as session:
        query = select(Interaction, Assignment).join(
            Assignment, Assignment.interaction_id == Interaction.id
        )
        return session.execute(query).all()


def test_without_a_counter_it_says_so(wired, open_app):
    assert "no station with a counter" in opened(open_app("alice"), PAGE).info[0].value


def test_beginning_opens_the_pad_with_the_counter_checklist(counter, open_app):
    app = opened(open_app("alice"), PAGE)
    app.selectbox(key=app.selectbox[1].key).select_index(1)
    app.button(key="observe_begin").click().run()
    [(interaction, assignment)] = observed()
    assert interaction.attributes["uniform_variant"] == "tie"
    assert app.query_params["assignment"] in (str(assignment.id), [str(assignment.id)])
    assert not app.exception


def test_another_visit_begins_another_one(counter, open_app):
    app = opened(open_app("alice"), PAGE)
    for _ in range(2):
        app.switch_page(PAGE).run()
        app.button(key="observe_begin").click().run()
    assert len(observed()) == 2


def test_a_typed_time_is_the_stations_and_marked(counter, open_app):
    app = opened(open_app("alice"), PAGE)
    app.segmented_control(key="observe_when").set_value("typed").run()
    app.button(key="observe_begin").click().run()
    [(interaction, _)] = observed()
    assert [event["source"] for event in interaction.events] == ["manual"]
