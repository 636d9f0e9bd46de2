"""The same answer all through: on My work first, on Inspectors once it was shown there."""

from __future__ import annotations

import pytest

from core.periods import month_of, shift
from db.inspectors.models import AnswerPattern
from pages.ui.kit import wiring
from tests.support.house.app_pages import opened, said

TITLE = "The same answer all through, faster than can be read"


@pytest.fixture
def pattern(world):
    """alice's, of the last three whole months."""
    world.scored()
    with world.seeded.transaction() as session:
        row = AnswerPattern(
            user_id=world.alice.user_id,
            month=shift(month_of(wiring.now().date()), -1),
            basis="checklist",
            evaluations=40,
            straight=20,
            others=60,
            others_straight=3,
            computed_at=wiring.now(),
        )
        session.add(row)


def test_the_inspector_reads_the_numbers_before_anybody_else(world, pattern, open_app):
    app = opened(open_app("bob"), "inspectors.py", period="202601-209912")
    assert TITLE not in said(app)
    app = opened(open_app("alice"), "my_work.py")
    [sentence] = [each.value for each in app.text if "same answer" in each.value]
    assert "in 20 of 40 of your evaluations" in sentence
    assert "3 of 60 of theirs with the same checklists" in sentence
    app = opened(open_app("bob"), "inspectors.py", period="202601-209912")
    assert TITLE in said(app)
    table = app.dataframe[-1].value
    assert list(table["Such evaluations"]) == ["20 of 40"]
    assert list(table["Compared on"]) == ["the same checklists"]


def test_nothing_is_said_without_one_and_of_months_long_ago(world, pattern, open_app):
    with world.seeded.transaction() as session:
        session.query(AnswerPattern).one().month = 202001
    app = opened(open_app("alice"), "my_work.py")
    assert not [each.value for each in app.text if "same answer" in each.value]
    assert world.all(AnswerPattern.shown_at) == [(None,)]
