"""What was chosen in a form is there after a reload, and Save twice makes one record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.training import Reason
from db.store.models import OpenForm
from db.store.open_forms import keep, kept_form
from db.training.queries.courses import courses, roster, runs
from db.training.queries.training_plan import plan
from db.training.services.attendance import enrol
from db.training.services.courses import METHODS, RunData, save_course, save_run
from pages.ui.kit import days, wiring
from tests import factories
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.house.app_pages import clicked, field, opened, said
from tests.support.training.trainees import HELD, RUN, course, make_trainees, staff_ids


@pytest.fixture
def seeded_sqlite(sqlite_databases):
    with sqlite_databases.like("trainees", make_trainees) as engine:
        yield factories.seeded_in(engine)


def a_course(wired):
    with wired.transaction() as session:
        tina = identity(session, "tina")
        return save_course(session, who=tina, course_id=None, data=course(), now=NOW)


def at_the_courses(open_app):
    """A tab of its own; its fields as a reload shows them."""
    return opened(open_app("tina"), "training.py", "Courses")


def with_choices(app, title="Right answers"):
    field(app.text_input, "Title").input(title)
    field(app.multiselect, "Items taught").select("RIGHT")
    field(app.number_input, "Pass mark, %").set_value(65.0)
    return app.run()


def test_a_reload_goes_on_with_a_course_and_says_so(open_app):
    with_choices(at_the_courses(open_app))
    again = at_the_courses(open_app)
    assert field(again.multiselect, "Items taught").value == ["RIGHT"]
    assert field(again.number_input, "Pass mark, %").value == 65.0
    assert field(again.number_input, "Attempts").value == 3  # not chosen: the usual one
    assert any(text.startswith("Goes on with what you chose by ") for text in said(again))


def test_starting_afresh_gives_it_up(open_app):
    with_choices(at_the_courses(open_app))
    again = at_the_courses(open_app)
    clicked(again, "Start afresh")
    assert field(again.multiselect, "Items taught").value == []
    assert field(at_the_courses(open_app).number_input, "Pass mark, %").value == 80.0


def test_a_stored_form_leaves_nothing_behind(open_app, known):
    clicked(with_choices(at_the_courses(open_app)), "Save")
    [made] = known(courses, "tina")
    assert (made.items, made.pass_mark) == (("RIGHT",), 65.0)
    again = at_the_courses(open_app)
    field(again.toggle, "New course").set_value(True).run()
    assert field(again.multiselect, "Items taught").value == []
    assert not any(text.startswith("Goes on with") for text in said(again))


def test_two_tabs_that_store_the_same_make_one(open_app, known):
    tabs = [with_choices(at_the_courses(open_app)) for _ in range(2)]
    for tab in tabs:
        clicked(tab, "Save")
    assert [made.title for made in known(courses, "tina")] == ["Right answers"]


def test_two_tabs_that_store_different_things_make_two(open_app, known):
    tabs = [with_choices(at_the_courses(open_app), title) for title in ("First", "Second")]
    for tab in tabs:
        clicked(tab, "Save")
    assert sorted(made.title for made in known(courses, "tina")) == ["First", "Second"]


def test_a_reload_goes_on_with_a_run(wired, open_app, known):
    a_course(wired)
    first, last = (days.today() + timedelta(days=ahead) for ahead in (20, 21))
    app = opened(open_app("tina"), "training.py", "Runs")
    field(app.selectbox, "Course").select_index(0)
    field(app.selectbox, "Method").select_index(2)
    field(app.date_input, "First and last day").set_value((first, last))
    app.run()
    again = opened(open_app("tina"), "training.py", "Runs")
    clicked(again, "Save run")
    [run] = known(runs, "tina")
    assert (run.starts_on, run.ends_on) == (first, last)


def test_a_reload_goes_on_with_a_line_of_the_plan(wired, open_app, known):
    a_course(wired)
    app = opened(open_app("tina"), "training.py", "Yearly plan")
    field(app.selectbox, "Course").select_index(0)
    field(app.number_input, "People planned").set_value(33)
    app.run()
    again = opened(open_app("tina"), "training.py", "Yearly plan")
    clicked(again, "Save line")
    year = field(again.number_input, "Calendar year").value
    [line] = known(plan, "tina", int(year)).lines
    assert line.people == 33


def test_a_choice_that_is_none_any_more_is_not_made(wired, open_app):
    with_choices(at_the_courses(open_app))
    with wired.transaction() as session:
        row = session.get(OpenForm, (identity(session, "tina").user_id, "course_new"))
        row.choices = {**row.choices, "items": ["RIGHT", "GONE"], "method": "gone"}
    again = at_the_courses(open_app)
    assert field(again.multiselect, "Items taught").value == ["RIGHT"]
    assert field(again.selectbox, "Method").value == METHODS[0]


def test_typed_results_are_there_after_a_reload(wired, open_app, known):
    """A table cannot be typed into here, so what typing keeps is put where the page finds it."""
    with wired.transaction() as session:
        tina = identity(session, "tina")
        course_id = save_course(session, who=tina, course_id=None, data=course(), now=NOW)
        data = RunData(course_id=course_id, **RUN)
        run_id = save_run(session, who=tina, run_id=None, data=data, now=NOW)
        two = dict.fromkeys(staff_ids(session)[:2], Reason.CHOSEN)
        enrol(session, who=tina, run_id=run_id, staff=two, now=NOW)
    first, second = (person.enrolment_id for person in known(roster, "tina", run_id))
    # Columns: station, number, name, why, status, then 5 attendance, 6 day, at the end the note.
    cells = [
        {"enrolment": first, "column": 5, "value": True},
        {"enrolment": first, "column": 6, "value": f"{HELD}"},
        {"enrolment": second, "column": _place_of_note(course()), "note": "was ill"},
    ]
    with wired.transaction() as session:
        tina, form = identity(session, "tina"), f"roster_{run_id}"
        keep(session, who=tina, form=form, number=0, values={"cells": cells}, now=wiring.now())
    app = opened(open_app("tina"), "training.py", "Runs", run=run_id)
    clicked(app, "Save results")
    people = {person.enrolment_id: person for person in known(roster, "tina", run_id)}
    assert (people[first].attended, people[first].attended_on) == (True, HELD)
    assert (people[second].attended, people[second].note) == (None, "was ill")
    with wired.reading() as session:
        assert kept_form(session, identity(session, "tina"), form, now=wiring.now()).values == {}


def _place_of_note(data):
    """Behind an exam for each attempt and the practical test."""
    return 7 + (data.attempts if data.questions else 0) + (data.practical_mark is not None)
