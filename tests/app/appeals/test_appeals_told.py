"""Appeals told: the person of the end, deciders of what waits, station managers of their own."""

from __future__ import annotations

import pytest

from core.access import Role
from db.appeals.services.raising import withdraw_appeal
from db.store.models import AuditEvent, Notice
from pages.ui.frame import counts
from pages.ui.kit import wiring
from pages.ui.notices import unread_records
from tests.factories import identity, make_staff, make_station, make_user
from tests.support.appeals.appeal_pages import ONE, OWN, QUEUE, decided, raised, words
from tests.support.house.app_pages import opened
from tests.support.inspection.inspecting import NO

HEARD = {"HELLO": "It is there, at 0:03."}


@pytest.fixture
def manager(world):
    """mona answers for charlie's station, and may know the names there."""
    with world.seeded.transaction() as session:
        make_user(session, "mona", Role.STATION_MANAGER, station_id=world.seeded.station_id)
        return identity(session, "mona")


def elsewhere(world):
    """An appeal of dora's, for whose station nobody here answers."""
    with world.seeded.transaction() as session:
        staff = make_staff(session, station=make_station(session, code="KHH"), name="Dora")
        make_user(session, "dora", Role.STAFF, staff_id=staff.id)
        who = identity(session, "dora")
    return raised(world, who=who, staff=staff, HELLO=NO)


def read(app, appeal_id):
    app.button(key=f"read_{appeal_id}").click().run()
    assert list(app.exception) == []


def told(app):
    """What the button in the head of the page says."""
    labels = [box.proto.popover.label for box in app.get("popover")]
    return [label for label in labels if label.startswith("Notices")]


def said_of_the_end(app):
    """The line above the appeals that ended, wherever it stands."""
    lines = [each.value for each in app.markdown if "ended.**" in each.value]
    return [line.removeprefix(":material/gavel: **").removesuffix("**") for line in lines]


# --- the scored person --------------------------------------------------------------------------


def test_how_an_appeal_ended_is_told_on_every_page_until_it_is_read(world, open_app):
    appeal_id = raised(world)
    assert unread_records(world.charlie) == {}
    decided(world, appeal_id, HEARD)
    assert unread_records(world.charlie) == {"appeal": 1}

    app = open_app("charlie").run()
    assert told(app) == ["Notices (1)"]
    assert said_of_the_end(app) == ["Your appeal has ended."]
    assert any("80.0 → 100.0" in text for text in words(app))
    assert HEARD["HELLO"] in words(app)

    read(app, appeal_id)
    assert unread_records(world.charlie) == {}
    assert told(app) == ["Notices"]
    assert said_of_the_end(app) == []
    assert world.all(AuditEvent.action, AuditEvent.object_id)[-1] == ("acknowledge", str(appeal_id))


def test_two_that_ended_are_read_one_by_one(world, open_app):
    first, second = raised(world), raised(world)
    for appeal_id, kept in ((first, {}), (second, {"HELLO": NO})):
        decided(world, appeal_id, HEARD, **kept)
    app = opened(open_app("charlie"), OWN)
    assert said_of_the_end(app) == ["2 of your appeals have ended."]
    read(app, second)
    assert said_of_the_end(app) == ["Your appeal has ended."]
    seen = dict(world.all(Notice.record_id, Notice.seen_at))
    assert (seen[first], bool(seen[second])) == (None, True)


def test_who_withdrew_needs_no_news_of_it(world, open_app):
    appeal_id, who = raised(world), world.charlie
    with world.seeded.transaction() as session:
        withdraw_appeal(session, who=who, appeal_id=appeal_id, now=wiring.now())
    assert unread_records(who) == {}
    assert said_of_the_end(opened(open_app("charlie"), OWN)) == []


# --- who decides --------------------------------------------------------------------------------


def test_deciders_have_the_number_that_waits_beside_the_menu_entry(world):
    assert counts(world.bob) == {}
    appeal_id = raised(world)
    raised(world)
    assert counts(world.bob) == {"appeals": 2}
    decided(world, appeal_id, HEARD)
    assert counts(world.bob) == {"appeals": 1}
    assert counts(world.alice) == {}


# --- who answers for a station ------------------------------------------------------------------


def test_a_station_manager_reads_what_is_contested_at_the_own_stations_only(
    world, manager, open_app
):
    raised(world)
    elsewhere(world)
    app = opened(open_app("mona"), QUEUE)
    assert app.subheader[0].value == "1 appeal is open"
    frame = app.dataframe[0].value
    assert frame["Staff"].tolist() == ["Charlie"]
    assert frame["Contested"].tolist() == ["HELLO"]
    assert [tab.label for tab in app.tabs] == ["To decide", "Ended", "By item"]
    assert counts(manager) == {}


def test_a_station_manager_reads_the_outcome_but_not_what_the_person_wrote(
    world, manager, open_app
):
    appeal_id = raised(world)
    app = opened(open_app("mona"), ONE, id=appeal_id)
    assert not {each.label for each in app.button} & {"Check and decide", "Withdraw the appeal"}
    assert not app.text_area
    assert "What the person wrote is for those who decide." in words(app)
    decided(world, appeal_id, HEARD)
    app = opened(open_app("mona"), ONE, id=appeal_id)
    assert any("Score changed" in text for text in words(app))
    assert HEARD["HELLO"] in words(app)
    assert "I greeted at 0:03." not in words(app)
    assert not any("Decided by" in text for text in words(app))


def test_a_station_manager_is_told_nothing_of_an_appeal_elsewhere(world, manager, open_app):
    app = opened(open_app("mona"), ONE, id=elsewhere(world))
    assert "This appeal does not exist." in words(app)
    assert not app.dataframe


def test_figures_by_item_end_at_the_own_stations(world, manager, open_app):
    decided(world, elsewhere(world), HEARD)
    app = open_app("mona").run()
    app.session_state["appeals_tab"] = "By item"
    assert "Nothing was decided in the last twelve months." in words(opened(app, QUEUE))
    decided(world, raised(world), HEARD)
    assert opened(app, QUEUE).dataframe[0].value["Decided"].tolist() == [1]
