"""The scored person's own results."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from db.inspection.models import Acknowledgement
from db.inspection.services.drafts import Work
from db.people.models import Station
from tests import factories
from tests.support.house.app_pages import (
    charts,
    data_of,
    data_of_chart,
    listed,
    opened,
    said,
    select_case,
)
from tests.support.inspection.inspecting import NO, PIN, SMALL, World, answers

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


def test_each_checklist_has_its_line_over_the_days_of_the_encounters(world, open_app):
    """Half past eleven at night in Taipei is that day's, wherever the browser stands.

    The small checklist has no title.
    """
    late = datetime(2026, 6, 9, 15, 30, tzinfo=UTC)  # 23:30 at the station
    world.scored(HELLO=NO, call={"occurred_at": late})
    with world.seeded.transaction() as session:
        titled = SMALL | {"key": "other", "title": {"en": "Counter"}}
        version_id = factories.make_version(session, titled).id
    other = World(world.seeded, version_id)
    other.scored(call={"occurred_at": late + timedelta(days=1)})
    world.scored(call={"occurred_at": late + timedelta(days=2)})
    app = opened(open_app("charlie"), OWN)
    [spec] = [one for one in charts(app) if one["title"]["text"] == "Score by encounter"]
    line, points = spec["layer"][:2]
    assert line["encoding"]["strokeDash"]["scale"] == {
        "domain": ["", "Counter"],
        "range": [[1, 0], [6, 3]],
    }
    assert line["encoding"]["x"]["scale"] == {"type": "utc"}
    assert points["encoding"]["x"] == line["encoding"]["x"]
    rows = data_of_chart(app, "Score by encounter")
    assert [(row["label"], row["checklist"], row["score"]) for row in rows] == [
        ("Jun 9, 2026", "", 80),
        ("Jun 10, 2026", "Counter", 100),
        ("Jun 11, 2026", "", 100),
    ]
    assert [datetime.fromtimestamp(row["at"] / 1000, UTC).hour for row in rows] == [23] * 3
    assert any("Each of the 2 checklists has its own line." in text for text in said(app))


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
