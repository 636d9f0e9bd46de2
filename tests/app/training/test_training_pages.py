"""Trainers' pages: enrol for findings in a click, record who came, read the effect; own exams."""

from __future__ import annotations

import pytest

from core.training import Reason
from db.results.models import StationItemMonth, StationMonth
from db.store import open_forms
from db.training.queries.courses import courses, roster, runs
from db.training.queries.effects import effects
from db.training.queries.training_plan import plan
from db.training.services.attendance import enrol
from db.training.services.courses import RunData, save_course, save_run
from db.training.services.effects import compute_effect
from pages.ui.kit import wiring
from pages.ui.training.run_results import _changed, _table
from tests import factories
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.house.app_pages import clicked, field, opened, said
from tests.support.training.trainees import RUN, course, held, make_trainees, staff_ids


@pytest.fixture
def seeded_sqlite(sqlite_databases):
    with sqlite_databases.like("trainees", make_trainees) as engine:
        yield factories.seeded_in(engine)


def planned_run(wired, **values):
    """A run of a new course, nobody in it yet."""
    with wired.transaction() as session:
        tina = identity(session, "tina")
        course_id = save_course(session, who=tina, course_id=None, data=course(**values), now=NOW)
        data = RunData(course_id=course_id, **RUN)
        return save_run(session, who=tina, run_id=None, data=data, now=NOW)


def test_a_trainers_first_page_is_the_week(open_app):
    app = open_app("tina").run()
    assert app.title[0].value == "This week"
    assert "No item is shown to rise, and no station lies surely below its target." in said(app)


def test_the_week_tells_the_last_effect(wired, open_app):
    with wired.transaction() as session:
        run_id, _ = held(session)
        compute_effect(session, who=identity(session, "tina"), run_id=run_id, now=NOW)
    app = opened(open_app("tina"), "this_week.py")
    assert any("Right answers" in text and "established" in text for text in said(app))
    assert any(text.startswith("Scores changed by +50.0") for text in said(app))


def test_a_course_is_made_and_then_held(known, open_app):
    app = opened(open_app("tina"), "training.py", "Courses")
    assert "No course yet. Make one and link it to what it teaches." in said(app)
    field(app.text_input, "Title").input("Right answers")
    field(app.multiselect, "Items taught").select("RIGHT")
    clicked(app, "Save")
    [made] = known(courses, "tina")
    assert (made.title, made.items, made.questions) == ("Right answers", ("RIGHT",), 10)
    opened(app, "training.py", "Runs")
    clicked(app, "Save run")
    assert "Choose the course first." in said(app)
    field(app.selectbox, "Course").select_index(0)
    clicked(app, "Save run")
    [run] = known(runs, "tina")
    assert (run.course, run.trainer) == ("Right answers", "Tina")
    assert run.selection.length == 3


def test_a_number_that_was_kept_is_what_its_field_begins_with(wired, open_app):
    """Not its state alone, which a browser may miss and show the least the field takes: 1."""
    with wired.transaction() as session:
        now, tina = wiring.now(), identity(session, "tina")
        values = {"shown": True, "pass_mark": 65.0}
        open_forms.keep(session, who=tina, form="course_new", number=0, values=values, now=now)
    app = opened(open_app("tina"), "training.py", "Courses")
    assert field(app.number_input, "Pass mark, %").proto.default == 65


def test_what_is_wrong_with_a_course_is_said_and_what_was_typed_stays(known, open_app):
    app = opened(open_app("tina"), "training.py", "Courses")
    field(app.text_input, "Title").input("Right answers")
    clicked(app, "Save")
    assert "An exam needs items, sections or case sets to draw questions from." in said(app)
    assert field(app.text_input, "Title").value == "Right answers"
    assert known(courses, "tina") == ()


def test_five_people_are_enrolled_in_one_click(wired, known, open_app):
    run_id = planned_run(wired)
    app = opened(open_app("tina"), "training.py", "Runs")
    assert any(text.startswith("To establish an effect of 10 points") for text in said(app))
    field(app.number_input, "Without a selection, the first").set_value(5).run()
    clicked(app, "Enrol 5 people")
    people = known(roster, "tina", run_id)
    assert len(people) == 5
    assert {person.reason for person in people} == {Reason.STATION}
    assert "5 people are enrolled, 0 came." in said(app)


def test_all_are_marked_as_having_come_in_one_click(wired, known, open_app):
    run_id = planned_run(wired)
    with wired.transaction() as session:
        chosen = dict.fromkeys(staff_ids(session)[:5], Reason.CHOSEN)
        enrol(session, who=identity(session, "tina"), run_id=run_id, staff=chosen, now=NOW)
    app = opened(open_app("tina"), "training.py", "Runs", run=run_id)
    clicked(app, "The rest came")
    assert {person.attended for person in known(roster, "tina", run_id)} == {True}
    assert "5 people are enrolled, 5 came." in said(app)


def test_staff_numbers_nobody_has_are_named(wired, known, open_app):
    run_id = planned_run(wired)
    app = opened(open_app("tina"), "training.py", "Runs", run=run_id)
    label = "Staff numbers, separated by spaces or commas"
    field(app.text_input, label).input("K-01, K-77")
    clicked(app, "Enrol these")
    assert "Nobody has the staff number K\\-77." in said(app)
    field(app.text_input, label).input("K-01 K-02")
    clicked(app, "Enrol these")
    assert [person.staff_no for person in known(roster, "tina", run_id)] == ["K-01", "K-02"]


def test_reading_the_names_of_a_run_is_noted_once(wired, open_app):
    run_id = planned_run(wired)
    app = opened(open_app("tina"), "training.py", "Runs", run=run_id)
    app.run()
    with wired.reading() as session:
        rows = session.query(factories.Model.metadata.tables["audit_event"]).all()
    assert [row.action for row in rows if row.object_type == "training_run"] == ["save", "view"]


def test_the_effect_is_computed_and_read(wired, known, open_app):
    with wired.transaction() as session:
        held(session)
    app = opened(open_app("tina"), "effects.py")
    assert "Not computed yet." in said(app)
    clicked(app, "Compute now")
    [found] = known(effects, "tina")
    assert found.estimate.effect == pytest.approx(50)
    texts = said(app)
    assert "1 of 1 run looked at has an established effect." in texts
    assert any("by intervals of 95.0 %" in text for text in texts)
    assert any("+50.0; +0.0 of that was to be expected" in text for text in texts)
    assert any("Compared with 10 untrained people" in text for text in texts)
    assert len(app.get("vega_lite_chart")) == 1


def test_too_few_people_are_told_so(wired, open_app):
    with wired.transaction() as session:
        run_id, _ = held(session, people=5)
        compute_effect(session, who=identity(session, "tina"), run_id=run_id, now=NOW)
    app = opened(open_app("tina"), "effects.py")
    texts = said(app)
    assert "No effect can be told yet." in texts
    assert any("Only 5 of 5 trained people were scored since" in text for text in texts)
    assert app.get("vega_lite_chart") == []


def test_the_status_counts_what_is_urgent(wired, open_app):
    with wired.transaction() as session:
        held(session, questions=0, attended=8)
    app = opened(open_app("tina"), "training.py")
    assert "2 trainings are overdue or to be taken again, at 1 station." in said(app)
    table = app.dataframe[0].value
    assert list(table["Station"]) == ["KHH Kaohsiung desk"]


def test_a_station_manager_reads_the_status_and_changes_nothing(wired, open_app):
    with wired.transaction() as session:
        held(session, questions=0)
    app = opened(open_app("stan"), "training.py")
    assert "Nothing is overdue, and nobody has to resit." in said(app)
    opened(app, "training.py", "Runs")
    assert "10 people are enrolled, 10 came." in said(app)
    labels = [each.label for each in app.button]
    assert "Save results" not in labels
    assert "Save run" not in labels


def test_the_plan_of_the_year_is_made_line_by_line(wired, known, open_app):
    planned_run(wired)
    app = opened(open_app("tina"), "training.py", "Yearly plan")
    year = wiring.now().date().year
    assert f"Nothing is planned for {year} yet." in said(app)
    field(app.text_area, "Goals of the year").input("Fewer wrong answers")
    clicked(app, "Save goals")
    field(app.number_input, "People planned").set_value(12)
    field(app.selectbox, "Course").select_index(0)
    clicked(app, "Save line")
    found = known(plan, "tina", year)
    assert (found.goals, [line.people for line in found.lines]) == ("Fewer wrong answers", [12])
    assert "0 of 12 planned places are held, in 1 line of the plan." in said(app)


def test_rising_losses_and_stations_below_target_are_told_first(wired, open_app):
    with wired.transaction() as session:
        station = session.query(factories.Station).filter_by(code="KHH").one().id
        grain = {
            "checklist_version_id": factories.version_of(session, "small"),
            "channel": "phone",
            "sample_class": "must_inspect",
            "station_id": station,
        }
        for month, lost in zip(
            (202508, 202509, 202510, 202511, 202512, 202601), "101010", strict=True
        ):
            counts = {"item_key": "FAST", "section_key": "solution", "answered": 100}
            session.add(StationItemMonth(**grain, month=month, lost=10 + int(lost), **counts))
        session.add(StationItemMonth(**grain, month=202602, lost=40, **counts))
        # fifty scores of 60 and 64: mean 62, far below 85
        sums = {"n": 50, "total": 25 * 124, "squares": 25 * (60**2 + 64**2)}
        session.add(StationMonth(**grain, month=202602, **sums))
    app = opened(open_app("tina"), "this_week.py")
    texts = said(app)
    assert (
        "1 item is shown to be lost more often than before; 1 station lies surely below its target."
    ) in texts
    assert any("FAST" in text and "% lost (n 140)" in text for text in texts)
    assert len(app.get("vega_lite_chart")) == 1


def test_only_rows_that_were_changed_are_recorded(wired, known):
    with wired.transaction() as session:
        run_id, _ = held(session, practical_mark=60.0)
    [made], people = known(courses, "tina"), known(roster, "tina", run_id)
    [run] = known(runs, "tina")
    table = _table(run, made, people, NOW.date())
    assert set(table["Status"]) == {"… result missing"}
    assert _changed(made, people, table) == []
    table.loc[0, "Exam 1, %"] = 90.0
    table.loc[1, "Attendance"] = "did not come"
    table.loc[2, "Practical, %"] = 70.0
    table.loc[3, "Note"] = "Left early"
    table.loc[4, "Day"] = RUN["starts_on"]
    first, second, third, fourth, fifth = _changed(made, people, table)
    assert (first.enrolment_id, first.exams) == (people[0].enrolment_id, {1: 90.0})
    assert second.attended is False
    assert third.practical == 70.0
    assert fourth.note == "Left early"
    assert fifth.attended_on == RUN["starts_on"]


def test_a_file_that_would_clear_much_is_asked_about_before_it_is_read(wired, known, open_app):
    """Notes of twelve people; a file of the same people without them."""
    run_id = planned_run(wired)
    with wired.transaction() as session:
        chosen = dict.fromkeys(staff_ids(session)[:12], Reason.CHOSEN)
        enrol(session, who=identity(session, "tina"), run_id=run_id, staff=chosen, now=NOW)
    numbers = [person.staff_no for person in known(roster, "tina", run_id)]
    app = opened(open_app("tina"), "training.py", "Runs", run=run_id)
    noted = "staff_no,note\n" + "".join(f"{number},came late\n" for number in numbers)
    read(app, noted, "Read the file")
    assert {person.note for person in known(roster, "tina", run_id)} == {"came late"}
    field(app.selectbox, "An empty cell").select("clears").run()
    read(app, noted.replace("came late", ""), "Read the file")
    asked = (
        "Nothing has been imported yet. The import would empty or shorten much of what is stored"
    )
    assert f"{asked}: note (12)." in said(app)
    clicked(app, "Do not import")
    assert {person.note for person in known(roster, "tina", run_id)} == {"came late"}
    read(app, noted.replace("came late", ""), "Look what it would change")
    clicked(app, "Import all the same")
    assert {person.note for person in known(roster, "tina", run_id)} == {""}


def read(app, content, button):
    app.file_uploader[0].upload("results.csv", content.encode(), "text/csv")
    clicked(app, button)
