"""A lean: on My work first, on Fairness once it was shown there, and to quality managers alone."""

from __future__ import annotations

import pytest

from core.periods import month_of, shift
from db.inspectors.models import InspectorLean
from pages.ui.kit import wiring
from tests.support.house.app_pages import opened, said

TITLE = "Inspectors who are harder or easier on a group"


@pytest.fixture
def lean(world):
    """alice's, of the last six whole months."""
    world.scored()
    with world.seeded.transaction() as session:
        row = InspectorLean(
            user_id=world.alice.user_id,
            month=shift(month_of(wiring.now().date()), -1),
            facet="language",
            facet_value="en",
            own=40,
            own_others=60,
            colleagues=3,
            theirs=210,
            points=-4.2,
            low=-6.5,
            high=-1.9,
            looked_at=18,
            computed_at=wiring.now(),
        )
        session.add(row)


def test_the_inspector_reads_the_numbers_before_anybody_else(world, lean, open_app):
    app = opened(open_app("bob"), "fairness.py", period="202601-209912")
    assert "None stands out that the inspector has been shown, of the last months." in said(app)
    app = opened(open_app("alice"), "my_work.py")
    [sentence] = [one.value for one in app.text if "than colleagues did" in one.value]
    assert "you gave “English” 4.2 points less than colleagues did" in sentence
    assert "40 of your inspections of this group and 60 of others" in sentence
    assert "210 of 3 colleagues" in sentence
    app = opened(open_app("bob"), "fairness.py", period="202601-209912")
    table = app.dataframe[-1].value
    assert list(table["Inspector"]) == [world.alice.name]
    assert list(table["Points beyond colleagues"]) == ["−4.2"]
    assert list(table["Looked at together"]) == [18]


def test_an_administrator_sees_none_of_it(world, lean, open_app):
    opened(open_app("alice"), "my_work.py")
    app = opened(open_app("administrator"), "fairness.py", period="202601-209912")
    assert TITLE not in said(app)


def test_nothing_is_said_of_months_long_ago(world, lean, open_app):
    with world.seeded.transaction() as session:
        session.query(InspectorLean).one().month = 202001
    app = opened(open_app("alice"), "my_work.py")
    assert not [one.value for one in app.text if "than colleagues did" in one.value]
    assert world.all(InspectorLean.shown_at) == [(None,)]
