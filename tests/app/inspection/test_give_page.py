"""Giving certain encounters to an inspector, as quality managers meet it."""

from __future__ import annotations

import pytest

from db.inspection.models import Assignment
from db.inspection.services.giving import Gift, give
from db.people.models import Staff
from pages.ui.kit import days, wiring
from tests.factories import make_interaction
from tests.support.house.app_pages import field, opened, said

PAGE = "give.py"


@pytest.fixture
def call(world):
    """One of charlie's calls that nobody was given."""
    with world.seeded.transaction() as session:
        charlie = session.get_one(Staff, world.seeded.staff_id)
        return make_interaction(session, staff=charlie, occurred_at=wiring.now()).id


def test_the_list_says_what_is_inspected_and_where_it_waits(world, call, open_app):
    world.scored()
    app = opened(open_app("bob"), PAGE)
    [table] = [one.value for one in app.dataframe]
    assert list(table["Inspected already"]) == ["", "Yes", ""]
    assert list(table["Waits with"]) == ["", "", "Alice"]
    assert "Mark the encounters that are to be scored." in said(app)
    app = opened(open_app("bob"), PAGE, inspected="yes")
    assert len(app.dataframe[0].value) == 1
    app = opened(open_app("bob"), PAGE, words="zebra")
    assert "No encounter matches." in said(app)


def test_one_that_waits_goes_to_another_or_comes_back(world, call, open_app):
    iris = world.inspector("iris")
    gift = Gift([call], world.alice.user_id, days.today(), "A complaint.")
    world.do(give, world.bob, gift=gift)
    app = open_app("bob").run()
    app.session_state["give_tab"] = "Waiting"
    app.switch_page(PAGE).run()
    [table] = [one.value for one in app.dataframe if "Sample" in one.value]
    assert sorted(table["Sample"]) == ["Chosen", "Random sample"]
    assert "Mark one to give it to another inspector or to take it back." in said(app)
    assert world.count(Assignment) == 2
    assert iris.name in field(app.selectbox, "Inspector").options
