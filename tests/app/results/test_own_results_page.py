"""The scored person's own results."""

from __future__ import annotations

from db.inspection.models import Acknowledgement
from db.inspection.services.drafts import Work
from db.people.models import Station
from tests import factories
from tests.support.house.app_pages import charts, data_of, listed, opened, said, select_case
from tests.support.inspection.inspecting import NO, PIN, answers

OWN = "my_results.py"


def test_staff_see_their_results_over_time_and_nobody_elses(world, open_app):
    """80 and 100 average 90; the pass mark is 85. The other's 50 is not among them."""
    low, high = world.scored(HELLO=NO), world.scored()
    with world.seeded.transaction() as session:
        other = factories.make_staff(
            session, station=session.get_one(Station, world.seeded.station_id)
        )
        call = factories.make_interaction(session, staff=other)
        task = factories.make_assignment(
            session, interaction=call, checklist_version_id=world.version_id
        ).id
    world.draft(Work(answers(NAME=NO, RIGHT=NO)), task=task)
    world.submit(task=task)
    app = opened(open_app("charlie"), OWN)
    assert app.subheader[0].value == ("Your newest 2 results average 90.0. 1 of 2 passed.")
    assert sorted(listed(app)) == [low, high]
    assert charts(app)[0]["title"]["text"] == "Score by encounter"


def test_a_result_is_opened_with_evidence_and_acknowledged(world, open_app):
    made = world.scored(evidence=[PIN], HELLO=NO)
    app = select_case(opened(open_app("charlie"), OWN), made)
    assert data_of(app, "case_reading")["sections"][0]["items"][0]["pins"][0]["quote"] == "您好，"
    assert not any("Alice" in text for text in said(app))
    app.text_area(key=f"typed_acknowledge_{made}-comment").input("I was interrupted.")
    [button] = [each for each in app.button if each.label == "I have seen this result"]
    button.click().run()
    assert not app.exception
    assert world.all(Acknowledgement.comment) == [("I was interrupted.",)]
    assert any(text.startswith("Acknowledged ") for text in said(app))
    assert world.noted().count(("view", str(made))) == 1


def test_staff_without_results_are_told_what_will_come(world, open_app):
    app = opened(open_app("charlie"), OWN)
    assert any(text.startswith("No result yet.") for text in said(app))
