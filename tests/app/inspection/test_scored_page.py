"""My scored work: the list, and taking back."""

from __future__ import annotations

from db.inspection.models import Inspection
from db.inspection.services.drafts import Work
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from pages.ui.kit import wiring
from tests.support.house.app_pages import opened
from tests.support.inspection.inspecting import NO, answers

PAGE = "scored.py"


def scored_now(world):
    """Submitted this minute, as the pages' clock has it."""
    work = Work(answers(HELLO=NO), [{"item_key": "HELLO", "turn_position": 2}])
    with world.seeded.transaction() as session:
        return submit(
            session,
            who=world.alice,
            task=ASSIGNED.task(world.task),
            version=0,
            work=work,
            now=wiring.now(),
        ).inspection_id


def test_an_empty_page_says_how_long_one_may_take_back(wired, open_app):
    app = opened(open_app("alice"), PAGE)
    assert app.info[0].value == "Nothing scored in the last 14 days."
    assert "for 10 minutes" in app.caption[0].value


def test_it_shows_number_score_and_time_and_takes_back(world, open_app):
    number = scored_now(world)
    app = opened(open_app("alice"), PAGE)
    table, by_checklist = app.dataframe[0].value, app.dataframe[1].value
    assert list(table["Inspection no."]) == [str(number)]
    assert list(table["Score"]) == ["80.0"]
    assert list(by_checklist["Median score"]) == ["80.0"]
    app.button(f"recall_{number}").click().run()
    assert not app.exception
    assert world.one(lambda session: session.get_one(Inspection, number)).state == "void"
